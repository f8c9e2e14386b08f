/** The truth about a simulated scan as a file: named arrays that `numpy.load` reads. */

import { zipSync } from "fflate";
import { fromSystemError } from "../scan/errors.ts";
import { trueOrientation } from "./true_orientation.ts";
import { encodeNpy } from "../formats/npy_writer.ts";
import type { SimulatedScan } from "./scan.ts";

/** One array of the truth. */
export interface TruthArray {
  readonly name: string;
  readonly dtype: "i32" | "f32" | "f64";
  /** Lengths of the axes, slowest first. */
  readonly shape: readonly number[];
  readonly data: Int32Array | Float32Array | Float64Array;
}

/**
 * The truth about a scan of N crystals and n hot pixels as arrays:
 *
 * | name | dtype, shape | content |
 * |---|---|---|
 * | `labels` | int32 (rows, columns) | crystal with most of the probe, -1 = bare support |
 * | `purity` | float32 (rows, columns) | part of the probe that the label has |
 * | `orientation` | float64 (N, 3, 3) | v_lab = matrix v_crystal; x = columns, y = rows, z = along the beam |
 * | `orientation_matrices` | float64 (N, 3, 3) | the same as results have it: columns = down, right, towards the source, in crystal axes |
 * | `phase` | int32 (rows, columns) | phase of that crystal: number of `--crystal` or `--cif`, from 0; -1 = bare support |
 * | `strain` | float32 (rows, columns, 4) | e_xx, e_yy, e_xy, rotation in radians of that crystal; x = down the detector |
 * | `origin` | float32 (rows, columns, 2) | place of the direct beam in pixels, descan included |
 * | `twin_of` | int32 (N) | crystal that it is a Sigma-3 twin of, or -1 |
 * | `hot_pixels` | int32 (n, 2) | detector pixels (row, column) that count too much |
 * | `center` | float64 (2) | position of the direct beam (row, column) in pixels |
 * | `q_pixel_size` | float64 () | size of a detector pixel in Å^-1 |
 */
export function truthArrays(simulated: SimulatedScan): TruthArray[] {
  const { shape, truth } = simulated, scan = [shape.rows, shape.columns];
  const crystals = truth.twinOf.length;
  const hotPixels = Int32Array.from(truth.hotPixels.flatMap((pixel) => [
    Math.floor(pixel / shape.patternColumns),
    pixel % shape.patternColumns,
  ]));
  return [
    { name: "labels", dtype: "i32", shape: scan, data: truth.labels },
    { name: "purity", dtype: "f32", shape: scan, data: truth.purity },
    { name: "orientation", dtype: "f64", shape: [crystals, 3, 3], data: truth.orientations },
    { name: "orientation_matrices", dtype: "f64", shape: [crystals, 3, 3], data: matricesOf(simulated) },
    { name: "phase", dtype: "i32", shape: scan, data: phasesOf(simulated) },
    { name: "strain", dtype: "f32", shape: [...scan, 4], data: simulated.trueStrain() },
    { name: "origin", dtype: "f32", shape: [...scan, 2], data: simulated.trueOrigin() },
    { name: "twin_of", dtype: "i32", shape: [crystals], data: truth.twinOf },
    { name: "hot_pixels", dtype: "i32", shape: [truth.hotPixels.length, 2], data: hotPixels },
    { name: "center", dtype: "f64", shape: [2], data: Float64Array.from(truth.center) },
    { name: "q_pixel_size", dtype: "f64", shape: [], data: Float64Array.of(truth.qPixelSize) },
  ];
}

function matricesOf({ truth }: SimulatedScan): Float64Array {
  return Float64Array.from(truth.twinOf.keys().flatMap((crystal) => trueOrientation(truth, crystal)));
}

function phasesOf({ truth }: SimulatedScan): Int32Array {
  return truth.labels.map((label) => label < 0 ? -1 : truth.phases[label]);
}

/** The bytes of an `.npz` file with {@link truthArrays}; equal scans give equal bytes. */
export function encodeTruth(scan: SimulatedScan): Uint8Array<ArrayBuffer> {
  return encodeArrays(truthArrays(scan));
}

/** The bytes of an `.npz` file with these arrays; equal arrays give equal bytes. */
export function encodeArrays(arrays: readonly TruthArray[]): Uint8Array<ArrayBuffer> {
  const members: Record<string, Uint8Array> = {};
  for (const { name, dtype, shape, data } of arrays) {
    members[`${name}.npy`] = encodeNpy(dtype, shape, data);
  }
  // The earliest time that a zip file can state, in whatever time zone: no clock gets into the bytes.
  return zipSync(members, { level: 6, mtime: new Date(1980, 0, 1) });
}

/**
 * Writes the truth as an `.npz` file, replacing one that is there. The file appears whole or not at all.
 *
 * @throws {FileUnavailable} when the file cannot be written
 * @throws {OutOfResources} when the disk is full
 */
export function writeTruth(path: string, scan: SimulatedScan): void {
  writeWhole(path, encodeTruth(scan));
}

/**
 * Writes a file, replacing one that is there. It appears whole or not at all.
 *
 * @throws as {@link writeTruth}
 */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const partial = `${path}.partial`;
  try {
    Deno.writeFileSync(partial, bytes);
    Deno.renameSync(partial, path);
  } catch (cause) {
    try {
      Deno.removeSync(partial);
    } catch {
      // It was never created.
    }
    throw fromSystemError(cause, path, "write");
  }
}

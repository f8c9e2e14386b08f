/**
 * EMD 1.0 as py4DSTEM writes it: a `DataCube` with calibrated axes, and the calibration that py4DSTEM takes with it.
 *
 *     /crystallite                                     root
 *       datacube                                       data, dim0 .. dim3
 *       metadatabundle/calibration                     py4DSTEM's own names
 *       metadatabundle/scan_calibration, run, notes    all that is known, in names with units
 *       metadatabundle/detector                        bad_pixels (1 = bad) and saturation that the scan's file has named
 *
 * A series, which py4DSTEM has no class for, is an array of five axes.
 */

import { createHash } from "node:crypto";
import { bytesPerElement } from "../scan/dtype.ts";
import { conversion } from "../scan/units.ts";
import {
  createNode,
  type Group,
  uuidOf,
  writeAxes,
  writeFileAttributes,
  writeHdf5File,
  writeItem,
  writeScanMetadata,
} from "../results/emd.ts";
import type { ChunkGrid } from "./chunk_grid.ts";
import type { ChunkStore } from "./chunk_store.ts";
import type { Compression } from "./compression.ts";
import { axesOf, type ScanDescription, writtenUnit } from "./description.ts";
import { Hdf5Chunks } from "./hdf5_chunks.ts";
import { createEmptyDataset } from "./hdf5_dataset.ts";
import { version } from "../results/version.ts";

/**
 * Creates the file with everything but the patterns.
 *
 * @throws {FileUnavailable | OutOfResources} when it cannot be written
 */
export async function createEmdFile(
  path: string,
  description: ScanDescription,
  grid: ChunkGrid,
  compression: Compression,
): Promise<ChunkStore> {
  await writeHdf5File(path, (file) => writeTree(file, description, grid, compression));
  return new Hdf5Chunks(path, grid, bytesPerElement(description.dtype));
}

function writeTree(
  file: Group,
  description: ScanDescription,
  grid: ChunkGrid,
  compression: Compression,
): void {
  const { name, dtype, frames, source } = description;
  writeFileAttributes(
    file,
    version,
    uuidOf(createHash("sha256").update(`${name} ${grid.lengths} ${source.path}`).digest()),
  );
  const root = createNode(file, "crystallite", "root", "Root");
  const bundle = writeScanMetadata(root, description, version);
  writeNotes(bundle, source.notes ?? {});
  writeDetector(bundle, description, grid.lengths.slice(-2));
  if (frames === undefined) writeCalibration(bundle, description);
  const group = createNode(root, name, "array", frames === undefined ? "DataCube" : "Array");
  createEmptyDataset(group, grid, dtype, compression).create_attribute("units", "counts");
  const axes = axesOf(description).map(({ name, step, unit }) => ({
    ...{ name, step, unit: unit === undefined ? "pixels" : writtenUnit(unit) },
  }));
  writeAxes(group, grid.lengths, axes);
}

/** The names and units that py4DSTEM computes with; it knows square pixels only, and reciprocal ones in 1/Å. */
function writeCalibration(bundle: Group, { calibration }: ScanDescription): void {
  const { pixelSize, qPixelSize } = calibration;
  const node = createNode(bundle, "calibration", "metadata", "Calibration");
  const factor = qPixelSize && conversion(qPixelSize.unit, "A^-1");
  writeItem(node, "R_pixel_size", pixelSize?.column ?? 1);
  writeItem(node, "R_pixel_units", pixelSize?.unit ?? "pixels");
  writeItem(node, "Q_pixel_size", qPixelSize ? qPixelSize.column * (factor ?? 1) : 1);
  writeItem(node, "Q_pixel_units", qPixelSize ? factor === undefined ? qPixelSize.unit : "A^-1" : "pixels");
  const { scanRotation } = calibration;
  writeItem(node, "QR_rotation_degrees", scanRotation);
  writeItem(node, "QR_rotation", scanRotation === undefined ? undefined : scanRotation * Math.PI / 180);
}

/** Not an array node of its own: py4DSTEM gives the only node of a file by itself, several as a tree. */
function writeDetector(bundle: Group, { badPixels, saturation }: ScanDescription, shape: number[]): void {
  if (!badPixels && saturation === undefined) return;
  const node = createNode(bundle, "detector", "metadata", "Metadata");
  writeItem(node, "saturation", saturation);
  if (!badPixels) return;
  const mask = node.create_dataset({ name: "bad_pixels", data: Uint8Array.from(badPixels), shape });
  mask.create_attribute("type", "array");
}

/** What else the file said that the scan comes from. */
function writeNotes(bundle: Group, notes: Readonly<Record<string, string | number | boolean>>): void {
  if (Object.keys(notes).length === 0) return;
  const node = createNode(bundle, "notes", "metadata", "Metadata");
  for (const [name, value] of Object.entries(notes)) {
    writeItem(node, name.replaceAll("/", " "), typeof value === "boolean" ? String(value) : value);
  }
}

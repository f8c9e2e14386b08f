/** The truth about a simulated series as a file: named arrays that `numpy.load` reads. */

import { pixelCount, probeCount } from "../scan/shape.ts";
import type { SimulatedScan } from "./scan.ts";
import type { SimulatedSeries } from "./series.ts";
import { encodeArrays, type TruthArray } from "./truth_file.ts";

/**
 * Gathers the truth frame by frame. Of F frames and N crystals, which keep their numbers:
 *
 * | name | dtype, shape | content |
 * |---|---|---|
 * | `labels` | int32 (F, rows, columns) | crystal with most of the probe, -1 = bare support; merged ones have the host's number |
 * | `purity` | float32 (F, rows, columns) | part of the probe that the crystal has |
 * | `orientation` | float64 (F, N, 3, 3) | v_lab = matrix v_crystal; x = columns, y = rows, z = along the beam |
 * | `merged` | int32 (F, N) | the crystal that each is part of: itself, or the one that it merged into |
 * | `split_of` | int32 (N) | crystal that it is a twin of that appeared during the series, or -1 |
 * | `twin_of` | int32 (N) | crystal that it is a Sigma-3 twin of, or -1 |
 * | `drift` | float64 (F, 2) | where the specimen is, (row, column) in scan steps |
 * | `hot_pixels` | int32 (n, 2) | detector pixels (row, column) that count too much |
 * | `center` | float64 (2) | position of the direct beam (row, column) in pixels |
 */
export class SeriesTruth {
  readonly #series: SimulatedSeries;
  readonly #labels: Int32Array;
  readonly #purity: Float32Array;
  readonly #orientations: Float64Array[] = [];
  readonly #merged: Int32Array[] = [];
  #last: SimulatedScan | undefined;

  constructor(series: SimulatedSeries) {
    this.#series = series;
    const probes = series.series.frames * probeCount(series.shape);
    this.#labels = new Int32Array(probes);
    this.#purity = new Float32Array(probes);
  }

  /** Adds the next frame. */
  add({ scan, labels, partOf }: ReturnType<SimulatedSeries["frame"]>): void {
    const at = this.#merged.length * labels.length;
    this.#labels.set(labels, at);
    this.#purity.set(scan.truth.purity, at);
    this.#orientations.push(scan.truth.orientations);
    this.#merged.push(partOf);
    this.#last = scan;
  }

  /** Labels of all frames that were added, (frame, row, column). */
  get labels(): Int32Array {
    return this.#labels;
  }

  /** The arrays, once all frames were added. */
  arrays(): TruthArray[] {
    const { shape, drift, splitOf } = this.#series, { truth } = this.#last!;
    const frames = this.#merged.length, crystals = splitOf.length;
    const maps = [frames, shape.rows, shape.columns];
    const merged = new Int32Array(frames * crystals), orientations = new Float64Array(frames * crystals * 9);
    this.#merged.forEach((partOf, frame) => merged.set(partOf, frame * crystals));
    this.#orientations.forEach((matrices, frame) => orientations.set(matrices, frame * crystals * 9));
    const hotPixels = Int32Array.from(truth.hotPixels.flatMap((pixel) => [
      Math.floor(pixel % pixelCount(shape) / shape.patternColumns),
      pixel % shape.patternColumns,
    ]));
    return [
      { name: "labels", dtype: "i32", shape: maps, data: this.#labels },
      { name: "purity", dtype: "f32", shape: maps, data: this.#purity },
      { name: "orientation", dtype: "f64", shape: [frames, crystals, 3, 3], data: orientations },
      { name: "merged", dtype: "i32", shape: [frames, crystals], data: merged },
      { name: "split_of", dtype: "i32", shape: [crystals], data: splitOf },
      { name: "twin_of", dtype: "i32", shape: [crystals], data: truth.twinOf },
      { name: "drift", dtype: "f64", shape: [frames, 2], data: Float64Array.from(drift.flat()) },
      { name: "hot_pixels", dtype: "i32", shape: [hotPixels.length / 2, 2], data: hotPixels },
      { name: "center", dtype: "f64", shape: [2], data: Float64Array.from(truth.center) },
    ];
  }

  /** The bytes of an `.npz` file with them; equal series give equal bytes. */
  encode(): Uint8Array<ArrayBuffer> {
    return encodeArrays(this.arrays());
  }
}

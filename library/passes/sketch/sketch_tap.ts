/** Sketches of a whole scan, made while its patterns pass by on their way to the similarity. */

import { type Address, at, nowhere } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import type { RunOptions } from "../../engine/options.ts";
import { type FillTable, workingBytes, workingType } from "../../engine/rows.ts";
import { CorruptFile } from "../../scan/errors.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount, probeCount } from "../../scan/shape.ts";
import type { PatternTap } from "../pattern_tap.ts";
import { binnedSample } from "./binned_sample.ts";
import { commonFeatures, withoutCommon } from "./centre.ts";
import { type DetectorGrid, detectorGrid } from "./detector_grid.ts";
import type { Sketch } from "./sketch.ts";
import { blocks, type SketchBasis, sketchBasis, sketchColumns, sketchScratchBytes } from "./sketch_basis.ts";
import { stabilityWindows, type Window } from "./windows.ts";

/** Number that all thinning follows from. */
const thinningSeed = 1;

/** What is known once the scan has passed; what the patterns of all crystals have in common is taken out. */
export interface Sketches {
  readonly whole: Sketch;
  /**
   * Sketches of two halves of the electrons, for each window of the scan: each count of a binned pixel is divided at
   * random, by the toss of a coin for each electron, so that the halves are independent measurements of the same probes.
   */
  readonly windows: readonly { readonly window: Window; readonly halves: readonly [Sketch, Sketch] }[];
}

/** Makes sketches of the patterns that it is shown. */
export class SketchTap implements PatternTap {
  readonly scratchBytes: number;
  readonly #weights: Address;
  readonly #whole: Address;
  readonly #windows: readonly (Window & { readonly thinned: Address })[];

  private constructor(
    readonly engine: Engine,
    readonly scan: Scan,
    readonly grid: DetectorGrid,
    readonly basis: SketchBasis,
  ) {
    this.scratchBytes = sketchScratchBytes(scan.shape.patternColumns, grid.rows * grid.columns);
    this.#weights = engine.place(basis.weights);
    this.#whole = engine.allocate(4 * sketchColumns * probeCount(scan.shape));
    this.#windows = stabilityWindows(scan.shape).map((window) => ({
      ...window,
      thinned: engine.allocate(4 * sketchColumns * window.rows * window.columns),
    }));
  }

  /**
   * Learns from a sample of the scan what to sketch; takes its memory from the arena.
   *
   * @param beam direct beam in detector pixels
   * @returns `null` where there is nothing but the direct beam
   * @throws {BadParameter} when the detector is too small
   * @throws {OutOfResources} when the sketches do not fit the memory limit
   */
  static async prepare(
    engine: Engine,
    scan: Scan,
    fill: FillTable,
    beam: { readonly row: number; readonly column: number; readonly radius: number },
    options: RunOptions,
  ): Promise<SketchTap | null> {
    const grid = detectorGrid(scan.shape, beam, beam.radius);
    const mark = engine.mark();
    let basis: SketchBasis | null;
    try {
      const sample = await binnedSample(engine, scan, fill, grid, options);
      basis = await sketchBasis(engine, grid, sample, options);
    } finally {
      engine.release(mark);
    }
    return basis && new SketchTap(engine, scan, grid, basis);
  }

  calls(row: number, from: number, to: number, patterns: Address): KernelCall[] {
    const calls: KernelCall[] = [];
    for (let start = from; start < to;) {
      const window = this.#windows.find(({ top, left, rows, columns }) =>
        row >= top && row < top + rows && start >= left && start < left + columns
      );
      // Windows of a row come from left to right.
      const next = this.#windows.find(({ top, left, rows }) =>
        row >= top && row < top + rows && left > start
      );
      const end = Math.min(to, window ? window.left + window.columns : next?.left ?? to);
      calls.push(this.#call(row, start, end, at(patterns, (start - from) * this.patternBytes), window));
      start = end;
    }
    return calls;
  }

  #call(
    row: number,
    from: number,
    to: number,
    patterns: Address,
    window: Window & { readonly thinned: Address } | undefined,
  ): KernelCall {
    const { patternRows, patternColumns, columns } = this.scan.shape;
    const probe = row * columns + from, bytes = 4 * sketchColumns;
    const thinned = window
      ? at(window.thinned, bytes * ((row - window.top) * window.columns + from - window.left))
      : nowhere;
    return [
      `sketch${workingType(this.scan.dtype)}`,
      patterns,
      to - from,
      patternRows,
      patternColumns,
      this.grid.binning,
      this.#weights,
      blocks,
      at(this.#whole, bytes * probe),
      thinned,
      thinningSeed,
      probe,
      threadScratch,
    ];
  }

  /** Bytes of a pattern as the calls find it. */
  get patternBytes(): number {
    return pixelCount(this.scan.shape) * workingBytes(workingType(this.scan.dtype));
  }

  /**
   * The sketches, once every pattern was shown.
   *
   * @throws {CorruptFile} when patterns are too bright for float32
   */
  sketches(): Sketches {
    const { shape: { rows, columns }, source } = this.scan;
    const { length, degreesOfFreedom } = this.basis;
    const values = this.engine.view(Float32Array, this.#whole, sketchColumns * rows * columns);
    const part = (window: Window, value: (row: number, column: number, k: number) => number): Sketch => {
      const probes = window.rows * window.columns;
      const features = new Float32Array(probes * length), noise = new Float32Array(probes);
      for (let row = 0, probe = 0; row < window.rows; row++) {
        for (let column = 0; column < window.columns; column++, probe++) {
          for (let k = 0; k < length; k++) features[probe * length + k] = value(row, column, k);
          noise[probe] = value(row, column, sketchColumns - 1);
        }
      }
      return { rows: window.rows, columns: window.columns, length, features, noise, degreesOfFreedom };
    };
    const all = (row: number, column: number, k: number) =>
      values[sketchColumns * (row * columns + column) + k];
    const whole = part({ top: 0, left: 0, rows, columns }, all);
    if (!whole.features.every(Number.isFinite) || !whole.noise.every(Number.isFinite)) {
      throw new CorruptFile("patterns are too bright to be compared", {
        file: source.path,
        dataset: source.dataset,
        expected: "sums of products below 3.4e38",
        found: "an infinite sum",
        parameter: "badPixels",
        remedy: "scale the data, or name the broken pixels with `badPixels: pixels`",
      });
    }
    const common = commonFeatures(whole, this.basis.directions), half = common.map((value) => value / 2);
    const windows = this.#windows.map((window) => {
      const { top, left, thinned } = window;
      const kept = this.engine.view(Float32Array, thinned, sketchColumns * window.rows * window.columns);
      const one = (row: number, column: number, k: number) =>
        kept[sketchColumns * (row * window.columns + column) + k];
      const other = (row: number, column: number, k: number) =>
        all(top + row, left + column, k) - one(row, column, k);
      const halves = [
        withoutCommon(part(window, one), half),
        withoutCommon(part(window, other), half),
      ] as const;
      return { window, halves };
    });
    return { whole: withoutCommon(whole, common), windows };
  }
}

/** Sketches of a scan in which nothing but the direct beam is seen: all patterns are alike. */
export function blankSketches(
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Sketches {
  const blank: Sketch = {
    rows,
    columns,
    length: 1,
    features: new Float32Array(rows * columns),
    noise: new Float32Array(rows * columns),
    degreesOfFreedom: 1,
  };
  return { whole: blank, windows: [] };
}

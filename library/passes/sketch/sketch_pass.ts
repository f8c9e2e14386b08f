/** Sketches of a whole scan, made while its patterns pass by on their way to the similarity. */

import { type Address, at, nowhere } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import type { Memory } from "../../engine/memory.ts";
import type { RunOptions } from "../../engine/options.ts";
import type { Arena, Pass, PassScan } from "../../engine/pass.ts";
import { workingBytes, workingType } from "../../engine/loaded_scan.ts";
import { CorruptFile } from "../../scan/errors.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount, probeCount } from "../../scan/shape.ts";
import type { BlankPass } from "../blank_patterns.ts";
import { counts, type Gain } from "../detector/gain.ts";
import type { Preparation } from "../detector/preparation.ts";
import { BinnedSample, scaling } from "./binned_sample.ts";
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

/** A window of the scan, and where the sketches of its thinned patterns lie. */
interface ThinnedWindow extends Window {
  thinned: Address;
}

/** Projects every pattern on a few directions while it passes by. */
export class SketchPass implements Pass<Sketches> {
  readonly name = "sketch";
  #weights = nowhere;
  #whole = nowhere;
  readonly #windows: readonly ThinnedWindow[];
  #arena!: Arena;

  constructor(
    readonly scan: PassScan & Pick<Scan, "source">,
    readonly grid: DetectorGrid,
    readonly basis: SketchBasis,
    readonly gain: Gain = counts,
    readonly blank: BlankPass | null = null,
  ) {
    this.#windows = stabilityWindows(scan.shape).map((window) => ({ ...window, thinned: nowhere }));
  }

  /**
   * Learns from a sample of the scan what to sketch.
   *
   * @param beam direct beam in detector pixels
   * @param blank looks for blank patterns in the same reading: they say nothing of what crystals have in common
   * @returns `null` where there is nothing but the direct beam
   * @throws {BadParameter} when the detector is too small
   * @throws {OutOfResources} when the sample does not fit the memory limit
   */
  static async learn(
    engine: Engine,
    scan: Scan,
    { fill, gain }: Pick<Preparation, "fill" | "gain">,
    beam: { readonly row: number; readonly column: number; readonly radius: number },
    blank: BlankPass | null,
    options: RunOptions,
  ): Promise<SketchPass | null> {
    const grid = detectorGrid(scan.shape, beam, beam.radius);
    const mark = engine.mark();
    try {
      const sample = await BinnedSample.take(engine, { scan, fill, grid, gain }, options);
      try {
        const basis = await sketchBasis(engine, grid, sample, options);
        return basis && new SketchPass(scan, grid, basis, gain, blank);
      } finally {
        sample.close();
      }
    } finally {
      engine.release(mark);
    }
  }

  reserve(memory: Memory): void {
    const { weights } = this.basis, bytes = 4 * sketchColumns;
    memory.scratch(sketchScratchBytes(this.scan.shape.patternColumns, this.grid.rows * this.grid.columns));
    this.#weights = memory.table("directions", weights.byteLength, () => weights);
    this.#whole = memory.allocate("sketches", bytes * probeCount(this.scan.shape));
    for (const window of this.#windows) {
      window.thinned = memory.allocate("thinned sketches", bytes * window.rows * window.columns);
    }
  }

  begin(arena: Arena): void {
    this.#arena = arena;
  }

  follow(row: number, from: number, to: number, patterns: Address): KernelCall[] {
    const calls: KernelCall[] = [];
    const patternBytes = pixelCount(this.scan.shape) * workingBytes(workingType(this.scan.dtype));
    for (let start = from; start < to;) {
      const window = this.#windows.find(({ top, left, rows, columns }) =>
        row >= top && row < top + rows && start >= left && start < left + columns
      );
      // Windows of a row come from left to right.
      const next = this.#windows.find(({ top, left, rows }) =>
        row >= top && row < top + rows && left > start
      );
      const end = Math.min(to, window ? window.left + window.columns : next?.left ?? to);
      calls.push(this.#call(row, start, end, at(patterns, (start - from) * patternBytes), window));
      start = end;
    }
    return calls;
  }

  #call(
    row: number,
    from: number,
    to: number,
    patterns: Address,
    window: ThinnedWindow | undefined,
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
      ...scaling(this.gain),
      threadScratch,
    ];
  }

  /**
   * The sketches, once every pattern was shown.
   *
   * @throws {CorruptFile} when patterns are too bright for float32
   */
  finish(): Sketches {
    const { shape: { rows, columns }, source } = this.scan;
    const { length, degreesOfFreedom } = this.basis;
    const values = this.#arena.view(Float32Array, this.#whole, sketchColumns * rows * columns);
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
    const recorded = this.blank?.finish().map((blank) => blank ? 0 : 1);
    const common = commonFeatures(whole, this.basis.directions, recorded),
      half = common.map((value) => value / 2);
    const windows = this.#windows.map((window) => {
      const { thinned, ...place } = window, { top, left } = place;
      const kept = this.#arena.view(Float32Array, thinned, sketchColumns * window.rows * window.columns);
      const one = (row: number, column: number, k: number) =>
        kept[sketchColumns * (row * window.columns + column) + k];
      const other = (row: number, column: number, k: number) =>
        all(top + row, left + column, k) - one(row, column, k);
      const halves = [
        withoutCommon(part(window, one), half),
        withoutCommon(part(window, other), half),
      ] as const;
      return { window: place, halves };
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

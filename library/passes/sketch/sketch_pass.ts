/** Sketches of a whole scan, made while its patterns pass by on their way to the similarity. */

import { type Address, at, nowhere } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import type { Memory } from "../../engine/memory.ts";
import type { RunOptions } from "../../engine/options.ts";
import type { Arena, Pass, PassScan } from "../../engine/pass.ts";
import { workingBytes, workingType } from "../../engine/loaded_scan.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount, probeCount, type ScanShape } from "../../scan/shape.ts";
import type { BlankPass } from "../blank_patterns.ts";
import { counts, type Gain } from "../detector/gain.ts";
import type { Preparation } from "../detector/preparation.ts";
import { BinnedSample, scaling } from "./binned_sample.ts";
import { type DetectorGrid, detectorGrid } from "./detector_grid.ts";
import { fixedWeightBytes, fixedWeights } from "./fixed_weights.ts";
import { type SketchBasis, sketchBasis } from "./sketch_basis.ts";
import { type Sketches, sketchesOf, type SketchRows } from "./sketches.ts";
import { blockColumns, sketchColumns, sketchScratchBytes } from "./weight_blocks.ts";
import { stabilityWindows, type Window } from "./windows.ts";

/** Number that all thinning follows from. */
const thinningSeed = 1;

/** A window of the scan, and where the sketches of its thinned patterns lie. */
interface ThinnedWindow extends Window {
  thinned: Address;
}

/** Which rows of a larger scan a scan is, where it is a part of one. */
export interface SketchPlace {
  /** Sizes of the whole in probe positions. */
  readonly whole: Pick<ScanShape, "rows" | "columns">;
  /** The row of the whole that comes first. */
  readonly top: number;
  /** Rows of the whole whose thinned patterns are wanted: the first, and the one after the last. */
  readonly rows: readonly [number, number];
}

/** Projects every pattern on a few directions while it passes by. */
export class SketchPass implements Pass<Sketches> {
  readonly name = "sketch";
  #weights = nowhere;
  #fixedWeights = nowhere;
  #whole = nowhere;
  readonly #windows: readonly ThinnedWindow[];
  readonly #top: number;
  /** Numbers that a pattern is projected to. */
  readonly #columns: number;
  #arena!: Arena;

  /** @param place of the scan in a larger one, of which the windows are */
  constructor(
    readonly scan: PassScan & Pick<Scan, "source">,
    readonly grid: DetectorGrid,
    readonly basis: SketchBasis,
    readonly gain: Gain = counts,
    readonly blank: BlankPass | null = null,
    place?: SketchPlace,
  ) {
    const { whole, top, rows } = place ?? { whole: scan.shape, top: 0, rows: [0, scan.shape.rows] };
    this.#top = top;
    this.#columns = sketchColumns(basis.length);
    this.#windows = windowsWithin(whole, rows).map((window) => ({
      ...window,
      top: window.top - top,
      thinned: nowhere,
    }));
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
    const { weights } = this.basis, bytes = 4 * this.#columns;
    memory.scratch(sketchScratchBytes(this.scan.shape.patternColumns, this.grid.rows * this.grid.columns));
    this.#weights = memory.table("directions", weights.byteLength, () => weights);
    this.#fixedWeights = memory.table(
      "directions in fixed point",
      fixedWeightBytes(this.#columns, weights.length / this.#columns),
      () => fixedWeights(weights, this.#columns),
    );
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
    const probe = row * columns + from, bytes = 4 * this.#columns;
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
      this.#fixedWeights,
      this.#columns / blockColumns,
      at(this.#whole, bytes * probe),
      thinned,
      thinningSeed,
      probe + this.#top * columns,
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
    return sketchesOf(this.#rows(), this.scan, this.basis, this.blank?.finish());
  }

  /** The same pass for a part of a scan, whose numbers mean something together with those of the others. */
  asRows(): Pass<SketchRows> {
    return {
      name: this.name,
      reserve: (memory) => this.reserve(memory),
      begin: (arena) => this.begin(arena),
      follow: (row, from, to, patterns) => this.follow(row, from, to, patterns),
      finish: () => {
        const { whole, thinned } = this.#rows();
        return { whole: whole.slice(), thinned: thinned.map((values) => values.slice()) };
      },
    };
  }

  /** Where the numbers lie in the arena. */
  #rows(): SketchRows {
    const view = (address: Address, probes: number) =>
      this.#arena.view(Float32Array, address, this.#columns * probes);
    return {
      whole: view(this.#whole, probeCount(this.scan.shape)),
      thinned: this.#windows.map(({ thinned, rows, columns }) => view(thinned, rows * columns)),
    };
  }
}

/** The windows of a scan as far as they lie in some of its rows, in their order. */
export function windowsWithin(
  whole: Pick<ScanShape, "rows" | "columns">,
  [first, end]: readonly [number, number],
): Window[] {
  return stabilityWindows(whole).flatMap((window) => {
    const top = Math.max(first, window.top), bottom = Math.min(end, window.top + window.rows);
    return top < bottom ? [{ ...window, top, rows: bottom - top }] : [];
  });
}

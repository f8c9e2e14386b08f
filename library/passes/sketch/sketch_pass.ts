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
import { pixelCount, probeCount, type ScanShape } from "../../scan/shape.ts";
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

/** Numbers of sketches as they were projected; nothing common is taken out yet. */
export interface SketchRows {
  /** float32 (row, column, {@link sketchColumns}): features first, their noise last. */
  readonly whole: Float32Array;
  /** The same of thinned patterns, float32 (row, column, {@link sketchColumns}) of each window. */
  readonly thinned: readonly Float32Array[];
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
  #whole = nowhere;
  readonly #windows: readonly ThinnedWindow[];
  readonly #top: number;
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
      this.#arena.view(Float32Array, address, sketchColumns * probes);
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

/**
 * The sketches of a whole scan from its numbers.
 *
 * @param blank uint8 (row, column): 1 where a pattern says nothing of what crystals have in common
 * @throws {CorruptFile} when patterns are too bright for float32
 */
export function sketchesOf(
  { whole: values, thinned }: SketchRows,
  { shape: { rows, columns }, source }: Pick<Scan, "shape" | "source">,
  { length, degreesOfFreedom, directions }: Omit<SketchBasis, "weights">,
  blank?: Uint8Array,
): Sketches {
  const whole = unpack(values, { rows, columns }, length, degreesOfFreedom);
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
  const recorded = blank?.map((empty) => empty ? 0 : 1);
  const common = commonFeatures(whole, directions, recorded), half = common.map((value) => value / 2);
  const windows = stabilityWindows({ rows, columns }).map((window, index) => {
    const { top, left } = window, kept = thinned[index];
    const rest = new Float32Array(kept.length), rowLength = sketchColumns * window.columns;
    for (let row = 0; row < window.rows; row++) {
      const from = row * rowLength, before = sketchColumns * ((top + row) * columns + left) - from;
      for (let i = from; i < from + rowLength; i++) rest[i] = values[before + i] - kept[i];
    }
    const halves = [
      withoutCommon(unpack(kept, window, length, degreesOfFreedom), half),
      withoutCommon(unpack(rest, window, length, degreesOfFreedom), half),
    ] as const;
    return { window, halves };
  });
  return { whole: withoutCommon(whole, common), windows };
}

/** A sketch from what the kernels leave of each pattern: features, and in the last column the noise. */
function unpack(
  values: Float32Array,
  { rows, columns }: Pick<Window, "rows" | "columns">,
  length: number,
  degreesOfFreedom: number,
): Sketch {
  const features = new Float32Array(rows * columns * length), noise = new Float32Array(rows * columns);
  for (let probe = 0; probe < noise.length; probe++) {
    const from = probe * sketchColumns, to = probe * length;
    for (let k = 0; k < length; k++) features[to + k] = values[from + k];
    noise[probe] = values[from + sketchColumns - 1];
  }
  return { rows, columns, length, features, noise, degreesOfFreedom };
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

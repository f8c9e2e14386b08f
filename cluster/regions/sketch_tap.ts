/** Sketches of a whole scan, made while its patterns pass by on their way to the similarity. */

import type { Engine } from "../../engine/engine.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import type { RunOptions } from "../../engine/options.ts";
import { type FillTable, workingBytes, workingType } from "../../engine/rows.ts";
import { CorruptFile } from "../../scan/errors.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount, probeCount } from "../../scan/shape.ts";
import type { PatternTap } from "../pattern_tap.ts";
import { binnedSample } from "./binned_sample.ts";
import { type DetectorGrid, detectorGrid } from "./detector_grid.ts";
import type { Sketch } from "./sketch.ts";
import { blocks, type SketchBasis, sketchBasis, sketchColumns, sketchScratchBytes } from "./sketch_basis.ts";

/** Number that all thinning follows from. */
const thinningSeed = 1;

/** What is known once the scan has passed. */
export interface Sketches {
  readonly whole: Sketch;
  /**
   * Sketches of two halves of the electrons: each count of a binned pixel is divided at random, by the toss of a coin for
   * each electron, so that the halves are independent measurements of the same scan.
   */
  readonly halves: readonly [Sketch, Sketch];
}

/** Makes sketches of the patterns that it is shown. */
export class SketchTap implements PatternTap {
  readonly scratchBytes: number;
  readonly #weights: number;
  readonly #whole: number;
  readonly #thinned: number;

  private constructor(
    readonly engine: Engine,
    readonly scan: Scan,
    readonly grid: DetectorGrid,
    readonly basis: SketchBasis,
  ) {
    this.scratchBytes = sketchScratchBytes(scan.shape.patternColumns, grid.rows * grid.columns);
    this.#weights = engine.place(basis.weights);
    const bytes = 4 * sketchColumns * probeCount(scan.shape);
    this.#whole = engine.allocate(bytes);
    this.#thinned = engine.allocate(bytes);
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

  call(row: number, from: number, to: number, patterns: number): KernelCall {
    const { patternRows, patternColumns, columns } = this.scan.shape;
    const probe = row * columns + from, offset = 4 * sketchColumns * probe;
    return [
      `sketch${workingType(this.scan.dtype)}`,
      ...[patterns, to - from, patternRows, patternColumns, this.grid.binning, this.#weights, blocks],
      ...[this.#whole + offset, this.#thinned + offset, thinningSeed, probe, threadScratch],
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
    const probes = rows * columns;
    const all = this.engine.view(Float32Array, this.#whole, sketchColumns * probes);
    const kept = this.engine.view(Float32Array, this.#thinned, sketchColumns * probes);
    const part = (value: (place: number) => number): Sketch => {
      const features = new Float32Array(probes * length), noise = new Float32Array(probes);
      for (let probe = 0; probe < probes; probe++) {
        const start = probe * sketchColumns;
        for (let k = 0; k < length; k++) features[probe * length + k] = value(start + k);
        noise[probe] = value(start + sketchColumns - 1);
      }
      return { rows, columns, length, features, noise, degreesOfFreedom };
    };
    const whole = part((place) => all[place]);
    if (!whole.features.every(Number.isFinite) || !whole.noise.every(Number.isFinite)) {
      throw new CorruptFile("patterns are too bright to be compared", {
        file: source.path,
        dataset: source.dataset,
        expected: "sums of products below 3.4e38",
        found: "an infinite sum",
        remedy: "scale the data, or name the broken pixels with --bad-pixels FILE",
      });
    }
    return { whole, halves: [part((place) => kept[place]), part((place) => all[place] - kept[place])] };
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
  return { whole: blank, halves: [blank, blank] };
}

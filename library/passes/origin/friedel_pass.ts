/** The direct beam as the centre of inversion of every pattern, which a beam stop does not hide. */

import { type Address, nowhere } from "../../engine/address.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import type { Memory } from "../../engine/memory.ts";
import type { PassScan } from "../../engine/pass.ts";
import {
  type CorrelogramSizes,
  correlogramSizes,
  imageSpectrum,
  planTable,
  templateRoom,
} from "../bragg_peaks/fourier_plan.ts";
import { blurScratchBytes } from "../features/features.ts";
import { gaussianTaps, reflected } from "../features/gaussian.ts";
import { OriginPass } from "./origin_pass.ts";
import { inversionOverlap } from "./overlap.ts";

/** Where the centre is looked for; without a guess wherever enough of the pattern is seen twice. */
export interface InversionSearch {
  /** Where it should be, in detector pixels. */
  readonly guess?: { readonly row: number; readonly column: number };
  /** Distance in pixels, along rows and columns, that it may lie from there. */
  readonly reach?: number;
  /** Standard deviation in pixels of the Gaussian that patterns are blurred with first, against their noise; default 1. */
  readonly blur?: number;
}

/** Centres for which less of the pattern is seen together with its inversion, as a part of the most, are left out. */
const leastOverlap = 0.3;

/** Centres of inversion by masked normalised cross-correlation (D. Padfield, IEEE Trans. Image Process. 21, 2706, 2012). */
export class FriedelPass extends OriginPass {
  readonly name = "centres of inversion";
  readonly #sizes: CorrelogramSizes;
  readonly #taps: ReturnType<typeof gaussianTaps>;
  #weights = nowhere;
  #share = nowhere;
  #seen = nowhere;
  #overlap = nowhere;
  #tallPlan = nowhere;
  #widePlan = nowhere;

  /**
   * @param masked indices of detector pixels that count nothing
   * @param every one of so many probes along rows and columns is measured
   */
  constructor(
    scan: PassScan,
    readonly search: InversionSearch,
    readonly masked: readonly number[],
    every: number,
  ) {
    super(scan, every);
    const { patternRows, patternColumns } = scan.shape;
    this.#sizes = correlogramSizes(2 * patternRows, 2 * patternColumns);
    this.#taps = gaussianTaps(search.blur ?? 1);
  }

  override reserve(memory: Memory, band: number): void {
    super.reserve(memory, band);
    const { tall, wide, half } = this.#sizes,
      { patternRows: rows, patternColumns: columns } = this.scan.shape;
    const { weights, radius } = this.#taps;
    this.#weights = memory.table("weights of the blur", weights.byteLength, () => weights);
    this.#share = memory.table("seen parts of the blur", 4 * rows * columns, () => this.#shares());
    this.#seen = memory.table("spectrum of the seen pixels", 8 * wide * half, () => {
      const image = { pixels: this.#seenPixels(), rows, columns, originRow: 0, originColumn: 0 };
      return imageSpectrum(image, this.#sizes, false);
    });
    this.#overlap = memory.table("pixels seen twice", 4 * tall * wide, () => this.#candidates());
    this.#tallPlan = planTable(memory, tall);
    this.#widePlan = planTable(memory, wide);
    const rest = Math.max(templateRoom(this.#sizes), blurScratchBytes(this.scan.shape, radius));
    memory.scratch(12 * tall * wide + 8 * rows * columns + 128 + rest);
  }

  #seenPixels(): Float64Array {
    const { patternRows, patternColumns } = this.scan.shape;
    const seen = new Float64Array(patternRows * patternColumns).fill(1);
    for (const pixel of this.masked) seen[pixel] = 0;
    return seen;
  }

  /** One over the part of the blur that is seen, 0 where a pixel is masked; float32 (rows, columns). */
  #shares(): Float32Array {
    const { patternRows: rows, patternColumns: columns } = this.scan.shape, seen = this.#seenPixels();
    const { radius, weights } = this.#taps, half = new Float64Array(seen.length);
    const blurredAt = (values: Float64Array, place: (step: number) => number) => {
      let sum = 0;
      for (let step = -radius; step <= radius; step++) sum += weights[Math.abs(step)] * values[place(step)];
      return sum;
    };
    for (let pixel = 0; pixel < seen.length; pixel++) {
      const column = pixel % columns, start = pixel - column;
      half[pixel] = blurredAt(seen, (step) => start + reflected(column + step, columns));
    }
    return Float32Array.from(seen, (value, pixel) => {
      const row = Math.floor(pixel / columns), column = pixel % columns;
      return value && value / blurredAt(half, (step) => reflected(row + step, rows) * columns + column);
    });
  }

  /** Overlaps of the centres that are looked at, 0 elsewhere; float32 (tall, wide). */
  #candidates(): Float32Array {
    const { patternRows: rows, patternColumns: columns } = this.scan.shape, { tall, wide } = this.#sizes;
    const overlap = inversionOverlap(this.#seenPixels(), rows, columns), width = 2 * columns - 1;
    const least = leastOverlap * overlap.reduce((most, value) => Math.max(most, value), 0);
    const { guess, reach = Infinity } = this.search;
    const far = (twice: number, middle: number | undefined) =>
      middle !== undefined && Math.abs(twice / 2 - middle) > reach;
    const candidates = new Float32Array(tall * wide);
    for (let row = 0; row < 2 * rows - 1; row++) {
      if (far(row, guess?.row)) continue;
      for (let column = 0; column < width; column++) {
        const value = overlap[row * width + column];
        if (value > 0 && value >= least && !far(column, guess?.column)) {
          candidates[row * wide + column] = value;
        }
      }
    }
    return candidates;
  }

  protected override calls(patterns: Address, count: number, out: Address): KernelCall[] {
    const { shape: { patternRows, patternColumns }, dtype } = this.scan, { tall, wide, half } = this.#sizes;
    return [[
      `friedel${workingType(dtype)}`,
      ...[patterns, count, patternRows, patternColumns] as const,
      ...[this.#weights, this.#taps.radius, this.#share, tall, wide, half] as const,
      ...[this.#seen, this.#overlap, this.#tallPlan, this.#widePlan, out, threadScratch] as const,
    ]];
  }
}

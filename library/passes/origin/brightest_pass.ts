/** The direct beam as the brightest disk of every pattern. */

import { type Address, nowhere } from "../../engine/address.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import type { Memory } from "../../engine/memory.ts";
import type { PassScan } from "../../engine/pass.ts";
import { pixelCount } from "../../scan/shape.ts";
import { gaussianTaps } from "../features/gaussian.ts";
import { OriginPass } from "./origin_pass.ts";

/** Where the beam is looked for. */
export interface BeamSearch {
  /** Where it should be, in detector pixels. */
  readonly guess: { readonly row: number; readonly column: number };
  /** Distance in pixels, along rows and columns, that it may lie from there. */
  readonly reach: number;
  /** Radius of the disk in pixels. */
  readonly radius: number;
}

/** Radii up to which pixels count for the centre of mass or its background, as in assembly/beam.ts. */
const ringRadii = 1.6;

/** The next multiple of sixteen: four vectors of float32. */
const sixteens = (length: number) => 16 * Math.ceil(length / 16);

/** Centres of mass of disks, less what surrounds them. */
export class BrightestPass extends OriginPass {
  readonly name = "direct beam";
  readonly #window: readonly [top: number, bottom: number, left: number, right: number];
  readonly #taps: ReturnType<typeof gaussianTaps>;
  #weights = nowhere;
  #seen = nowhere;

  /** @param masked indices of detector pixels that count nothing */
  constructor(scan: PassScan, readonly search: BeamSearch, readonly masked: readonly number[]) {
    super(scan, 1);
    const { guess, reach, radius } = search, { patternRows, patternColumns } = scan.shape;
    const span = (middle: number, length: number) => {
      const first = Math.min(length - 1, Math.max(0, Math.round(middle - reach)));
      return [first, Math.min(length, Math.max(first + 1, Math.round(middle + reach) + 1))] as const;
    };
    this.#window = [...span(guess.row, patternRows), ...span(guess.column, patternColumns)];
    this.#taps = gaussianTaps(radius);
  }

  override reserve(memory: Memory, band: number): void {
    super.reserve(memory, band);
    const { weights, radius: taps } = this.#taps, [top, bottom, left, right] = this.#window;
    const pixels = pixelCount(this.scan.shape);
    this.#weights = memory.table("weights of the blur", weights.byteLength, () => weights);
    this.#seen = memory.table("seen pixels", 4 * pixels, () => {
      const seen = new Float32Array(pixels).fill(1);
      for (const pixel of this.masked) seen[pixel] = 0;
      return seen;
    });
    const wide = sixteens(right - left), window = (bottom - top + 2 * taps + 2) * sixteens(wide + 2 * taps);
    const side = 2 * Math.ceil(Math.max(ringRadii * this.search.radius, 1.2 * this.search.radius + 1)) + 2;
    memory.scratch(4 * ((bottom - top) * wide + Math.max(window, side * side)));
  }

  protected override calls(patterns: Address, count: number, out: Address): KernelCall[] {
    const { shape: { patternRows, patternColumns }, dtype } = this.scan;
    return [[
      `beams${workingType(dtype)}`,
      ...[patterns, count, patternRows, patternColumns] as const,
      ...this.#window,
      ...[this.search.radius, this.#weights, this.#taps.radius, this.#seen, out, threadScratch] as const,
    ]];
  }
}

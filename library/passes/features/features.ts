/** From rows of patterns to rows of features: what is compared (spec stages 1 and 3). */

import { type Address, nowhere } from "../../engine/address.ts";
import { type KernelCall, threadScratch, type Working } from "../../engine/kernels.ts";
import type { Memory } from "../../engine/memory.ts";
import type { RowBlock } from "../../engine/pass.ts";
import { rowCalls } from "../../engine/row_calls.ts";
import { workingBytes } from "../../engine/loaded_scan.ts";
import { pixelCount, type ScanShape } from "../../scan/shape.ts";
import type { GaussianTaps } from "./gaussian.ts";

/** How two patterns are compared (paper, Methods 1; docs/inside/deviations.md). */
export type Metric = "cosine" | "centered" | "pearson";

const metricCodes: Readonly<Record<Metric, number>> = { cosine: 0, centered: 1, pearson: 2 };

/** What happens to a pattern before it is compared. */
export interface FeatureSettings {
  readonly metric: Metric;
  readonly taps: GaussianTaps;
  /** 1 = takes part; `null` = all pixels. */
  readonly mask: Uint8Array | null;
}

/** Bytes of scratch that the `blur` kernel wants; assembly/blur.ts says what for. */
export function blurScratchBytes(
  { patternRows, patternColumns }: Pick<ScanShape, "patternRows" | "patternColumns">,
  radius: number,
): number {
  if (radius === 0) return 0;
  const lines = patternColumns + 2 * radius + 4 * Math.ceil(patternColumns / 4);
  const rows = 16 * Math.ceil(patternRows / 16) + 2 * radius;
  return 64 * (lines + rows * (Math.ceil(patternColumns / 16) | 1));
}

/** How the features of a scan are made, decided once: as they are, masked in their own type, or as float32. */
export class FeatureStage {
  /** Type of the features. */
  readonly working: Working;
  /** Bytes of a row of features; 0 when the patterns are compared as they are. */
  readonly rowBytes: number;
  readonly scratchBytes: number;
  /** Whether counts are compared as they are and their means are subtracted from the products, which are exact. */
  readonly subtracts: boolean;
  readonly #kind: "as recorded" | "masked" | "float";
  /** Number of pixels that take part. */
  readonly #kept: number;
  #mask = nowhere;
  #taps = nowhere;

  constructor(readonly shape: ScanShape, readonly input: Working, readonly settings: FeatureSettings) {
    this.#kept = settings.mask?.reduce((sum, keep) => sum + keep, 0) ?? pixelCount(shape);
    const sharp = settings.taps.radius === 0, plain = settings.metric === "cosine" && sharp;
    this.subtracts = sharp && !plain && !settings.mask && input !== "F32";
    this.#kind = !plain && !this.subtracts ? "float" : settings.mask ? "masked" : "as recorded";
    this.working = this.#kind === "float" ? "F32" : input;
    this.rowBytes = this.#kind === "as recorded"
      ? 0
      : shape.columns * pixelCount(shape) * workingBytes(this.working);
    this.scratchBytes = this.#kind === "float" ? blurScratchBytes(shape, settings.taps.radius) : 0;
  }

  /** Whether a vanishing norm must be judged against a reference (after centring). */
  get centers(): boolean {
    return this.settings.metric !== "cosine";
  }

  /** Reserves mask, taps and scratch memory. */
  reserve(memory: Memory): void {
    const { mask, taps } = this.settings;
    memory.scratch(this.scratchBytes);
    if (this.#kind === "float" && taps.radius > 0) {
      this.#taps = memory.table("taps of the blur", taps.weights.byteLength, () => taps.weights);
    }
    if (!mask) return;
    const bytes = workingBytes(this.working);
    this.#mask = memory.table("detector mask", mask.length * bytes, () => {
      const words = new Uint8Array(mask.length * bytes);
      mask.forEach((keep, pixel) => words.fill(keep ? 255 : 0, pixel * bytes, (pixel + 1) * bytes));
      return words;
    });
  }

  /**
   * Calls that make the features of the rows of a block.
   *
   * @param source address of a row of patterns; may be the same as its features' when the input is float32
   * @param destination address of a row's features
   * @param references address of a row's float64 references, one a pattern
   */
  calls(
    block: Pick<RowBlock, "first" | "end">,
    threads: number,
    source: (row: number) => Address,
    destination: (row: number) => Address,
    references: (row: number) => Address,
  ): KernelCall[] {
    const { patternRows, patternColumns, columns } = this.shape;
    const { metric, taps } = this.settings;
    const pixels = patternRows * patternColumns;
    return rowCalls(block.first, block.end - block.first, columns, threads, (row, from, to) => {
      if (this.#kind === "masked") {
        const bytes = pixels * workingBytes(this.working);
        return ["maskPatterns", source(row), destination(row), from, to, bytes, this.#mask];
      }
      return [
        `features${this.input}`,
        source(row),
        destination(row),
        references(row),
        from,
        to,
        patternRows,
        patternColumns,
        metricCodes[metric],
        this.#taps,
        taps.radius,
        this.#mask,
        this.#kept,
        threadScratch,
      ];
    });
  }
}

/** From inner products to similarities: how products are summed and which norms count as zero (spec stage 3). */

import type { PairsCall, SimilarityCall } from "../../engine/kernel_calls.ts";
import type { Working } from "../../engine/kernels.ts";
import { CorruptFile } from "../../scan/errors.ts";
import type { Scan } from "../../scan/scan.ts";

/** A squared norm below this part of the sum of squares before centring counts as zero. */
const vanishing = 1e-10;
/** Counts that fit signed 16 bits take the fast integer products. */
const largestSigned = 32767;

/**
 * Samples summed in float32 before float64 takes over. A bright direct beam leaves sums to which small products are
 * added with a rounding error that does not average out: 256 samples were 2e-6 off on the golden scans, 32 are 2e-7.
 */
const floatChunk = 32;

/**
 * The kernel for exact inner products, and how many samples its narrow sums can take. The sums of integers are exact,
 * so that it does not matter which of their kernels and chunks is used.
 *
 * @param largest largest count among the patterns; only 16-bit counts need it
 */
export function exactProducts(
  working: Working,
  largest: number,
): { kernel: SimilarityCall[0]; chunk: number } {
  switch (working) {
    case "F32":
      return { kernel: "similarityF32", chunk: floatChunk };
    case "U8":
      return { kernel: "similarityU8", chunk: 2048 };
    case "U16": {
      if (largest > largestSigned) return { kernel: "similarityWideU16", chunk: 2048 };
      const steps = Math.floor((2 ** 31 - 1) / (2 * Math.max(1, largest) ** 2));
      return { kernel: "similarityU16", chunk: 8 * Math.max(1, Math.min(256, steps)) };
    }
  }
}

/** As {@link exactProducts} for the kernel that takes pairs of a list of patterns: the same sums. */
export function exactPairs(working: Working, largest: number): { kernel: PairsCall[0]; chunk: number } {
  const { kernel, chunk } = exactProducts(working, largest);
  return { kernel: pairsLike[kernel], chunk };
}

const pairsLike: Readonly<Record<SimilarityCall[0], PairsCall[0]>> = {
  similarityU8: "pairsU8",
  similarityU16: "pairsU16",
  similarityWideU16: "pairsWideU16",
  similarityF32: "pairsF32",
};

/**
 * Norms of consecutive patterns: square roots, 0 where the square counts as zero.
 *
 * @param squares squared norms, one a pattern
 * @param references sums of squares before centring; `null` where nothing was centred
 * @param probeOf flat index of the probe of the i-th pattern, for the error
 * @throws {CorruptFile} when a pattern is too bright to be squared
 */
export function patternNorms(
  scan: Pick<Scan, "shape" | "source">,
  squares: Float64Array,
  references: Float64Array | null,
  probeOf: (index: number) => number,
): Float64Array {
  return squares.map((square, index) => {
    if (!Number.isFinite(square)) throw tooBright(scan, probeOf(index));
    return references && square < vanishing * references[index] ? 0 : Math.sqrt(square);
  });
}

/** Cosine of two patterns, -1..1: their inner product by the product of their norms, 0 where that is zero. */
export function cosine(product: number, norms: number): number {
  return norms > 0 ? Math.max(-1, Math.min(1, product / norms)) : 0;
}

function tooBright({ shape, source }: Pick<Scan, "shape" | "source">, probe: number): CorruptFile {
  const row = Math.floor(probe / shape.columns), column = probe % shape.columns;
  return new CorruptFile(`the pattern at row ${row}, column ${column} is too bright to be compared`, {
    file: source.path,
    expected: "values below 1e18",
    found: "a sum of squares beyond float32",
    parameter: "badPixels",
    remedy: "scale the data, or name the broken pixels with `badPixels: pixels`",
  });
}

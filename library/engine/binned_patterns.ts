/** Squares of pixels that are summed as patterns are read: memory for the patterns as they were recorded, and the sums. */

import type { DType } from "../scan/dtype.ts";
import { pixelCount } from "../scan/shape.ts";
import type { BinnedPatterns } from "../scan/stored.ts";
import { type Address, at, wholeLines } from "./address.ts";
import type { KernelName, Kernels } from "./kernels.ts";
import { wideBytes } from "./record_loader.ts";

/** Bytes of recorded patterns that are read at once, unless one is larger, so that they stay in the cache. */
const piecesBytes = 2 ** 18;

/**
 * The kernel that sums numbers of a type, and the bytes of each: whole numbers of 32 bits and all of 64 are summed in
 * float64, because float32 does not hold them.
 */
function summing(
  dtype: DType,
): { readonly kernel: KernelName & `binPatterns${string}`; readonly bytes: number } {
  if (dtype === "u8") return { kernel: "binPatternsU8", bytes: 1 };
  if (dtype === "u16") return { kernel: "binPatternsU16", bytes: 2 };
  return dtype === "f32" || dtype === "i16"
    ? { kernel: "binPatternsF32", bytes: 4 }
    : { kernel: "binPatternsF64", bytes: wideBytes };
}

/** Bytes of a recorded pattern as it is summed. */
export function recordedBytes({ recorded }: BinnedPatterns): number {
  return pixelCount(recorded) * summing(recorded.dtype).bytes;
}

/** Recorded patterns that are read at once, in whole chunks of `unit`. */
export function recordedAtOnce(part: BinnedPatterns, unit: number): number {
  return unit * Math.max(1, Math.floor(piecesBytes / recordedBytes(part) / unit));
}

/** Bytes of `count` recorded patterns and of what {@link sumPixels} wants behind them, in whole cache lines. */
export function summingBytes(part: BinnedPatterns, count: number): number {
  return lineOffset(part, count) + wholeLines(4 * part.recorded.patternColumns);
}

function lineOffset(part: BinnedPatterns, count: number): number {
  return wholeLines(count * recordedBytes(part));
}

/**
 * Sums the pixels of `count` recorded patterns.
 *
 * @param source address of at least {@link summingBytes}, at which the patterns lie
 * @param patternBytes bytes of a pattern as it is computed
 */
export function sumPixels(
  kernels: Kernels,
  part: BinnedPatterns,
  count: number,
  source: Address,
  target: Address,
  patternBytes: number,
): void {
  const { factor, recorded: { patternRows, patternColumns, dtype } } = part;
  const outBytes = patternBytes * factor * factor / (patternRows * patternColumns);
  const line = at(source, lineOffset(part, count));
  kernels[summing(dtype).kernel](
    source,
    count,
    patternRows,
    patternColumns,
    factor,
    target,
    outBytes,
    line,
  );
}

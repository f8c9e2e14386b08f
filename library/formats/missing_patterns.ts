/** Patterns that were not recorded, at the end of a scan that was stopped: zeros behind those that a reader has. */

import { frameSpan, plainFrame } from "../scan/frames.ts";
import type { PatternReader } from "../scan/pattern_reader.ts";
import type { ScanShape } from "../scan/shape.ts";
import type { StoredPatterns } from "../scan/stored.ts";
import { computedAsStored, type StoredNumber } from "../scan/stored_number.ts";

/** A reader whose patterns are zero from position `found` on. */
export function fillWithZeros(reader: PatternReader, found: number, shape: ScanShape): PatternReader {
  const pixels = shape.patternRows * shape.patternColumns;
  return {
    readPatterns(first, count, into) {
      const there = Math.min(count, Math.max(0, found - first));
      into.fill(0, there * pixels);
      if (there > 0) return reader.readPatterns(first, there, into.subarray(0, there * pixels));
    },
    close: () => reader.close(),
  };
}

/**
 * The same for threads: `count` patterns that lie nowhere, behind those that are stored.
 *
 * @returns `undefined` for numbers that threads convert in records and in nothing else, which do not go together
 */
export function storedWithZeros(
  stored: StoredPatterns,
  path: string,
  count: number,
  shape: ScanShape,
  numbers: StoredNumber,
): StoredPatterns | undefined {
  if (!computedAsStored(numbers)) return undefined;
  const frame = plainFrame(shape.patternRows, shape.patternColumns, numbers, false);
  const order = new Int32Array(count).fill(-1);
  return [
    ...stored,
    { kind: "frames", path, offset: 0, recordBytes: frameSpan(frame), frame, patterns: count, order },
  ];
}

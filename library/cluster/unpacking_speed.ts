/** How long unpacking takes, for estimates. */

import { tilesOf } from "../engine/loaded_scan.ts";
import type { PassScan, ReadingPlan } from "../engine/pass.ts";
import { bytesPerElement } from "../scan/dtype.ts";
import { pixelCount } from "../scan/shape.ts";
import { type BinnedPatterns, type RecordedPart, recordedParts } from "../scan/stored.ts";
import { stepsOfChunk, type UnpackStep } from "../scan/tiles.ts";

/** Unpacked bytes a second of one thread, rounded down. */
const speeds: Readonly<Record<UnpackStep["kind"], number>> = {
  zstd: 0.7e9,
  zlib: 0.4e9,
  gzip: 0.4e9,
  blosc: 0.8e9,
  lz4: 1e9,
  "lz4-blocks": 1e9,
  "bitshuffle-lz4": 3e9,
  shuffle: 4e9,
  crc32c: 0.3e9,
  deflate: 0.4e9,
};

function secondsOfByte(part: RecordedPart): number {
  if (part.kind === "tiled") return stepsOfChunk(part).reduce((sum, { kind }) => sum + 1 / speeds[kind], 0);
  return part.kind === "chunked" && part.packing !== "none" ? 1 / speeds[part.packing] : 0;
}

/** Bytes of all patterns as they were recorded. */
function recordedSize({ recorded, patterns }: BinnedPatterns): number {
  return patterns * pixelCount(recorded) * bytesPerElement(recorded.dtype);
}

/**
 * Seconds of one thread for unpacking a scan in one reading: chunks whose patterns do not all fit the memory at a time are
 * unpacked several times.
 *
 * @param bytes of the whole scan
 */
export function unpackingSeconds(scan: PassScan, plan: Pick<ReadingPlan, "band">, bytes: number): number {
  const stored = scan.stored ?? [], [part] = recordedParts(stored), [all] = stored;
  if (!part) return 0;
  const unpacked = all.kind === "binned" ? recordedSize(all) : bytes;
  const { rows } = tilesOf(scan) ?? { rows: 1 };
  return secondsOfByte(part) * unpacked * Math.ceil(rows / Math.min(rows, plan.band));
}

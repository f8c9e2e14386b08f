/**
 * Narrow strips of a scan: a thread takes some columns of some rows, loads them row by row into memory of its own that
 * stays in its cache, and has each row together with the one before. Neighbours beside and below a strip are loaded twice:
 * a tenth more reading, but next to no traffic to main memory, which is what limits the comparison of whole rows.
 */

import { pixelCount } from "../scan/shape.ts";
import { recordedParts } from "../scan/stored.ts";
import { type LoadedScan, readsInParallel, workingBytes, workingType } from "./loaded_scan.ts";

/** Bytes of two rows of a strip: about twice the second-level cache, of which they use half at a time. */
const aimedBytes = 4 * 2 ** 20;
/** Narrower strips would be mostly neighbours. */
const narrowestStrip = 8;

/** Rows of a strip. */
export const stripRows = 24;

/** Columns of a strip, even; 0 where strips do not pay: wide patterns, chunks of several, chunks that must be unpacked. */
export function stripWidth(scan: LoadedScan): number {
  const plain = recordedParts(scan.stored ?? []).every((part) =>
    part.kind !== "tiled" && (part.kind !== "chunked" || part.packing === "none")
  );
  if (!readsInParallel(scan) || !plain) return 0;
  const width = 2 * Math.floor((aimedBytes / 2 / patternBytes(scan) - 2) / 2);
  return width >= narrowestStrip ? Math.min(width, 2 * Math.ceil(scan.shape.columns / 2)) : 0;
}

/** Whether a scan can be read in strips with profit. */
export function fitsStrips(scan: LoadedScan): boolean {
  return stripWidth(scan) > 0;
}

/** Bytes of a thread's two rows and of the largest counts of their patterns. */
export function stripBytes(scan: LoadedScan): number {
  return 2 * (stripWidth(scan) + 2) * (patternBytes(scan) + 4);
}

function patternBytes({ shape, dtype }: LoadedScan): number {
  return pixelCount(shape) * workingBytes(workingType(dtype));
}

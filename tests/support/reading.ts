/** Reading whole scans in tests, in bands and on plain or shared memory. */

import assert from "node:assert/strict";
import { bytesPerElement, createPixelArray, type PixelArray, viewPixels } from "../../library/scan/dtype.ts";
import { CrystalliteError } from "../../library/scan/errors.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { pixelCount } from "../../library/scan/shape.ts";

/** All pixels of a scan, read in bands of at most `bandHeight` rows, in order. */
export async function readAll(
  scan: Scan,
  bandHeight: number = scan.shape.rows,
  shared = false,
): Promise<PixelArray> {
  const rowPixels = scan.shape.columns * pixelCount(scan.shape);
  const whole = createPixelArray(scan.dtype, scan.shape.rows * rowPixels);
  for (let first = 0; first < scan.shape.rows; first += bandHeight) {
    const count = Math.min(bandHeight, scan.shape.rows - first);
    const band = shared
      ? sharedPixels(scan, count * rowPixels)
      : whole.subarray(first * rowPixels, (first + count) * rowPixels);
    await scan.readRows(first, count, band);
    if (shared) whole.set(band, first * rowPixels);
  }
  return whole;
}

/** A view on shared memory that does not begin at its start. */
function sharedPixels(scan: Scan, length: number): PixelArray {
  const bytes = bytesPerElement(scan.dtype) * length;
  return viewPixels(scan.dtype, new SharedArrayBuffer(bytes + 64), 64, length);
}

/** Sum of all pixels. */
export function sumOf(pixels: Iterable<number>): number {
  let sum = 0;
  for (const value of pixels) sum += value;
  return sum;
}

/** Whether some work is refused by an error of ours; any other error fails the test. */
export async function isRefused(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (cause) {
    assert.ok(cause instanceof CrystalliteError, cause instanceof Error ? cause.stack : String(cause));
    return true;
  }
}

/** Opens a scan, reads it and closes it. */
export async function readThrough(opening: Promise<Scan>): Promise<void> {
  const scan = await opening;
  try {
    await readAll(scan);
  } finally {
    scan.close();
  }
}

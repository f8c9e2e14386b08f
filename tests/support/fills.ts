/** Scans of 3 x 4 patterns of 6 x 8 pixels whose second row was never written: every type of number, and what stands there. */

import assert from "node:assert/strict";
import { workingType } from "../../library/engine/loaded_scan.ts";
import { createPixelArray } from "../../library/scan/dtype.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { readAll } from "./reading.ts";
import { readStored } from "./stored.ts";

/** Lengths (row, column, qy, qx). */
export const fillLengths = [3, 4, 6, 8];
const row = 4 * 6 * 8;

/** Types as numpy names them without byte order, and the fill value. */
export const fills: readonly (readonly [type: string, fill: number])[] = [
  ["i1", -3],
  ["u1", 9],
  ["i2", -3],
  ["u2", 513],
  ["i4", -70000],
  ["u4", 60000],
  ["i8", -5],
  ["u8", 258],
  ["f2", 1.5],
  ["f4", -2.25],
  ["f8", 1e-3],
];

/** The number at a place of the rows that were written. */
export function writtenNumber(place: number): number {
  return place % 100;
}

/** Demands every number, read in bands of one row and of all, and as the threads read. */
export async function demandFills(scan: Scan, fill: number, label: string): Promise<void> {
  const plain = createPixelArray(scan.dtype, 3 * row);
  const expected = plain.map((_, place) => place >= row && place < 2 * row ? fill : writtenNumber(place));
  for (const rows of [1, 3]) assert.deepEqual(await readAll(scan, rows), expected, label);
  assert.ok(scan.stored, `${label}: threads cannot read it`);
  const working = workingType(scan.dtype) === "F32" ? Float32Array.from(expected) : expected;
  assert.deepEqual(readStored(scan), new Uint8Array(working.buffer), `${label}, threads`);
  assert.match(scan.warnings.join(), /1 of 3 chunks of \S+ were never written/, label);
}

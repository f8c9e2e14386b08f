/** Rows of patterns for tests of kernels, and comparisons with their plain twins. */

import assert from "node:assert/strict";
import type { Address } from "../../library/engine/address.ts";
import type { Engine } from "../../library/engine/engine.ts";
import type { Working } from "../../library/engine/kernels.ts";
import { randomCounts, seededRandom } from "./random.ts";

/** Patterns of a number type that kernels take. */
export type Pixels = Uint8Array | Uint16Array | Float32Array;

/** Odd sizes, so that every tail of every loop is met. */
export const height = 9, width = 13, pixels = height * width, columns = 7;
/** The same as a shape. */
export const shape = { patternRows: height, patternColumns: width };

/** A row of random patterns, counts up to `largest`. */
export function patternsOf(working: Working, seed: number, largest: number): Pixels {
  const random = seededRandom(seed);
  const counts = randomCounts(random, columns * pixels, largest);
  if (working === "U8") return Uint8Array.from(counts);
  if (working === "U16") return Uint16Array.from(counts);
  return Float32Array.from(counts, (count) => count + random() - 0.5);
}

/** One pattern of a row. */
export const pattern = (row: Pixels, column: number) => row.subarray(column * pixels, (column + 1) * pixels);

/** Copies an array into the arena. */
export function place(engine: Engine, array: Pixels | Int32Array | Float64Array): Address {
  return engine.place(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

/** Whether values are as expected, within a part of the largest. */
export function assertClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "",
): void {
  const scale = Array.from(expected).reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-300);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i] - expected[i]) / scale;
    assert.ok(
      error <= tolerance,
      `${what} value ${i}: ${found[i]}, expected ${expected[i]} (error ${error})`,
    );
  }
}

/** An engine of one thread. */
export const alone = { workers: 1, memory: 400 * 2 ** 20 };

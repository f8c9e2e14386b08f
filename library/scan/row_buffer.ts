/** Memory for one scan row, lent to one call after the other. */

import { createPixelArray, type DType, type PixelArray } from "./dtype.ts";

/** One buffer while calls follow each other, and one more for each call that overlaps, as asynchronous reading allows. */
export class RowBuffer {
  readonly #dtype: DType;
  readonly #length: number;
  readonly #free: PixelArray[] = [];

  /** @param length pixels of a row */
  constructor(dtype: DType, length: number) {
    this.#dtype = dtype;
    this.#length = length;
  }

  /** Does something with a buffer that nobody else has until then; what it holds at first is undefined. */
  async lend<Result>(use: (row: PixelArray) => Promise<Result>): Promise<Result> {
    const row = this.#free.pop() ?? createPixelArray(this.#dtype, this.#length);
    try {
      return await use(row);
    } finally {
      this.#free.push(row);
    }
  }
}

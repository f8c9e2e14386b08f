/** A step of the pipeline, defined once for all that measure it: kernels, plain TypeScript, and C. */

import type { Address } from "../library/engine/address.ts";
import type { Engine } from "../library/engine/engine.ts";
import type { Work } from "../library/engine/kernels.ts";
import type { Pixels } from "./plain.ts";

/** A function of bench/peers/kernels/ and its arguments; addresses are those of the arena. */
export type NativeCall = readonly [name: string, ...numbers: number[]];

/**
 * What of the machine may limit a step; bench/roofline_bench.ts measures how much there is of each: bytes read from
 * memory, multiplications and additions of float32 or of 16-bit integers, bytes read from files.
 */
export type Roof = "read" | "f32" | "i16" | "file";

/** What a step takes of the roof that limits it. */
export interface Load {
  readonly roof: Roof;
  /** Bytes or operations that one run takes at least. */
  readonly amount: number;
}

/** A step of the pipeline on some patterns, as the kernels do it, in plain TypeScript and in C. */
export interface Step {
  readonly name: string;
  /**
   * Bytes of the patterns that one run handles, as they were recorded: a step on float32 features of 16-bit counts
   * counts 2 bytes a pixel, so that the steps of a pipeline can be compared.
   */
  readonly rawBytes: number;
  /** Largest difference of two results, relative to the largest value. */
  readonly tolerance: number;
  /** What limits the step, where that is clear. */
  readonly load?: Load;
  /** Runs the plain twin and gives its result. */
  plain(): ArrayLike<number>;
  /** Places the data in the arena; the scratch memory of the threads is there already. */
  place(engine: Engine): PlacedStep;
}

/** A step whose data lie in the arena. */
export interface PlacedStep {
  /** Calls of the kernels; each batch waits for the one before. */
  readonly batches: readonly (readonly Work[])[];
  /** The same in C, on one thread. */
  readonly native?: readonly NativeCall[];
  /** Where the result will be. */
  readonly result: Float32Array | Float64Array | Int32Array | Uint16Array;
  /** Makes a second run do what the first did; without it the result is cleared. */
  reset?(): void;
}

/** Scratch memory of a thread: more than any step needs for patterns of bench/patterns.ts. */
export const scratchBytes = 2 ** 20;

/** Places an array of any type. */
export function placeArray(engine: Engine, array: Pixels | Int32Array | Uint32Array | Float64Array): Address {
  return engine.place(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

/**
 * Compares two results of a step.
 *
 * @throws {Error} when they differ by more than the step's tolerance
 */
export function demandEqual(
  step: Step,
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
): void {
  let largest = 0, difference = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    // Not a number at either side must count.
    if (!(Math.abs(found[i] - expected[i]) <= difference)) difference = Math.abs(found[i] - expected[i]);
  }
  if (found.length !== expected.length || !(difference <= step.tolerance * largest)) {
    throw new Error(`${step.name}: ${what} differ by ${difference / largest} of the largest value`);
  }
}

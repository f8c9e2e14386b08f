/**
 * Measuring a step beside its plain TypeScript twin. A bench is named `step | variant | size MB`, size being the raw
 * data that one run handles, so that bench/table.ts can turn times into GB/s.
 */

import { Engine } from "../engine/engine.ts";
import type { KernelCall } from "../engine/kernels.ts";
import type { Pixels } from "./plain.ts";

/** Numbers of threads that everything is measured with. */
export const threadCounts = [1, 2] as const;
/** Seconds that one variant is measured for, about. */
const budget = 0.8;

/** A step of the pipeline, as the kernels do it and in plain TypeScript. */
export interface Step {
  readonly name: string;
  /**
   * Bytes of the patterns that one run handles, as they were recorded: a step on float32 features of 16-bit counts
   * counts 2 bytes a pixel, so that the steps of a pipeline can be compared.
   */
  readonly rawBytes: number;
  /** Runs the plain twin and gives its result. */
  plain(): ArrayLike<number>;
  /** Places the data, scratch memory being there already; gives the batches of calls, and the place where their result will be. */
  kernels(engine: Engine): { readonly batches: readonly KernelCall[][]; readonly result: ArrayLike<number> };
  /** Largest difference of the two results, relative to the largest value. */
  readonly tolerance: number;
}

/** Scratch memory of a thread: more than any step needs for patterns of bench/patterns.ts. */
const scratchBytes = 2 ** 20;

/** Engines with one and two threads, shared by the steps of a file. */
const engines = await Promise.all(threadCounts.map(async (workers) => {
  const engine = await Engine.create({ workers, memory: 2 ** 31 });
  engine.allocateScratch(scratchBytes);
  return engine;
}));

/** Name of a variant on that many threads. */
export function threadsName(threads: number): string {
  return threads === 1 ? "1 thread" : `${threads} threads`;
}

/** Name of the comparison. */
export const plainName = "plain TypeScript";

/**
 * Registers the benches of a step, after checking that all of them compute the same.
 *
 * @throws {Error} when the results differ by more than the tolerance
 */
export async function benchStep(step: Step): Promise<void> {
  let started = performance.now();
  const expected = Float64Array.from(step.plain());
  register(step, plainName, performance.now() - started, () => void step.plain(), true);
  for (const engine of engines) {
    const { batches, result } = step.kernels(engine);
    const run = async () => {
      for (const batch of batches) await engine.run(batch);
    };
    await run();
    compare(step, Float64Array.from(result), expected);
    started = performance.now();
    await run();
    register(step, threadsName(engine.threads), performance.now() - started, run);
  }
}

function register(
  { name, rawBytes }: Pick<Step, "name" | "rawBytes">,
  variant: string,
  milliseconds: number,
  fn: () => void | Promise<void>,
  baseline = false,
): void {
  Deno.bench({
    name: benchName(name, variant, rawBytes),
    group: name,
    baseline,
    n: Math.max(3, Math.min(50, Math.round(1000 * budget / milliseconds))),
    warmup: 2,
    fn,
  });
}

/** Name of a bench, read by bench/table.ts. */
export function benchName(step: string, variant: string, rawBytes: number): string {
  return `${step} | ${variant} | ${(rawBytes / 1e6).toFixed(1)} MB`;
}

function compare({ name, tolerance }: Step, found: Float64Array, expected: Float64Array): void {
  let largest = 0, difference = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    difference = Math.max(difference, Math.abs(found[i] - expected[i]));
  }
  if (found.length !== expected.length || !(difference <= tolerance * largest)) {
    throw new Error(`${name}: kernel and plain TypeScript differ by ${difference / largest}`);
  }
}

/** Places patterns of any type. */
export function place(engine: Engine, array: Pixels | Int32Array | Float64Array): number {
  return engine.place(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

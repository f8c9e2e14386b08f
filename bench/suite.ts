/**
 * Measuring a step beside its plain TypeScript twin. A bench is named `step | variant | size MB | roof amount`, size
 * being the raw data that one run handles and amount what it takes of a roof, so that bench/table.ts can turn times into
 * GB/s and shares.
 */

import { Engine } from "../library/engine/engine.ts";
import { demandEqual, type Load, scratchBytes, type Step } from "./step.ts";

/** Numbers of threads that everything is measured with. */
export const threadCounts = [1, 2] as const;
/** Seconds that one variant is measured for, about. */
const budget = 0.8;

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
    const { batches, result } = step.place(engine);
    const run = async () => {
      for (const batch of batches) await engine.run(batch);
    };
    await run();
    demandEqual(step, result, expected, "kernel and plain TypeScript");
    started = performance.now();
    await run();
    register(step, threadsName(engine.threads), performance.now() - started, run);
  }
}

function register(
  { name, rawBytes, load }: Pick<Step, "name" | "rawBytes" | "load">,
  variant: string,
  milliseconds: number,
  fn: () => void | Promise<void>,
  baseline = false,
): void {
  Deno.bench({
    name: benchName(name, variant, rawBytes, load),
    group: name,
    baseline,
    n: Math.max(3, Math.min(50, Math.round(1000 * budget / milliseconds))),
    warmup: 2,
    fn,
  });
}

/** Name of a bench, read by bench/table.ts. */
export function benchName(step: string, variant: string, rawBytes: number, load?: Load): string {
  const name = `${step} | ${variant} | ${(rawBytes / 1e6).toFixed(1)} MB`;
  return load ? `${name} | ${load.roof} ${load.amount}` : name;
}

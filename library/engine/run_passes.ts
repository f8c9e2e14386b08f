/** Running passes over a scan: one reading serves them all. */

import type { Scan } from "../scan/scan.ts";
import type { Engine } from "./engine.ts";
import { ArenaMemory } from "./memory.ts";
import type { RunOptions } from "./options.ts";
import { type Pass, planPasses } from "./pass.ts";
import { readBands, type Reading, runBatches } from "./read_bands.ts";
import { readStrips } from "./read_strips.ts";
import { type FillTable, stagingBytes } from "./loaded_scan.ts";

/** Results of passes, in their order. */
export type Results<Passes extends readonly Pass<unknown>[]> = {
  readonly [Place in keyof Passes]: Passes[Place] extends Pass<infer Result> ? Result : never;
};

/** What all passes of a reading have in common. */
export interface ReadingSettings {
  /** Bad pixels that are filled before anybody sees a pattern. */
  readonly fill: FillTable;
  /** Scan rows to read: the first, and the one after the last; default: all. */
  readonly rows?: readonly [number, number];
}

/**
 * Reads the scan once for all passes. Results are those of each pass alone, whatever the threads, bands and companions.
 *
 * @returns the results in the order of the passes
 * @throws {OutOfResources} when single rows do not fit the memory limit
 * @throws {CorruptFile} when the scan cannot be read or holds values that are not finite
 * @throws {FileUnavailable} when its files were changed meanwhile
 * @throws {Aborted} when the signal fires
 */
export async function runPasses<const Passes extends readonly Pass<unknown>[]>(
  engine: Engine,
  scan: Scan,
  { fill, rows }: ReadingSettings,
  passes: Passes,
  options: RunOptions,
): Promise<Results<Passes>> {
  const { threads, available } = engine, { signal, onProgress } = options;
  await scan.preparation?.run({ signal, onProgress, available });
  const mark = engine.mark();
  try {
    const plan = planPasses(scan, passes, { threads, available, bandHeight: options.bandHeight });
    const memory = new ArenaMemory(engine, stagingBytes(scan));
    for (const pass of passes) pass.reserve(memory, plan.band);
    memory.settle();
    for (const pass of passes) pass.begin?.(engine);
    const reading: Reading = { plan, passes, fill, name: passes[0].name, rows, options };
    const read = plan.layout === "strips" ? readStrips : readBands;
    await read(engine, scan, reading, memory.threadBytes);
    await runBatches(engine, passes.flatMap((pass) => pass.rest ? [pass.rest()] : []));
    scan.requireUnchanged?.();
    return passes.map((pass) => pass.finish()) as unknown as Results<Passes>;
  } finally {
    engine.release(mark);
  }
}

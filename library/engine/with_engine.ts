/** Engines for calls of the library: one that is there already, or a new one. */

import { Engine } from "./engine.ts";
import type { EngineOptions } from "./limits.ts";

/** The same, or an engine that is there already. */
export interface EngineChoice extends EngineOptions {
  /** Threads and memory that several calls share, from {@link withEngine}; `workers` and `memory` are then its own. */
  readonly engine?: Engine;
}

/**
 * Threads and memory for `task`: those of `options.engine`, or new ones that are closed afterwards, whatever happens.
 * Several calls on one engine save the start of threads and the memory of a second arena.
 *
 * @throws {BadParameter} when workers or memory are out of range
 *
 * @example
 * ```ts
 * import { averagePatterns, clusterScan, defaultParameters, simulateScan, withEngine } from "crystallite";
 *
 * const scan = simulateScan({ rows: 12, columns: 12, grains: 3, seed: 1 });
 * await withEngine({ workers: 2 }, async (engine) => {
 *   const clustering = await clusterScan(scan, { ...defaultParameters, threshold: 0.9, blur: 2 }, { engine });
 *   for await (const { count } of averagePatterns(scan, clustering, { engine })) console.assert(count > 0);
 * });
 * ```
 */
export async function withEngine<Result>(
  options: EngineChoice,
  task: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const { engine, release } = await borrowEngine(options);
  try {
    return await task(engine);
  } finally {
    release();
  }
}

/** The engine of {@link withEngine} for generators, which must call `release` in the end. */
export async function borrowEngine(options: EngineChoice): Promise<{ engine: Engine; release: () => void }> {
  if (!options.engine) {
    const engine = await Engine.create(options);
    return { engine, release: () => engine.close() };
  }
  const { engine } = options, mark = engine.mark();
  return { engine, release: () => engine.release(mark) };
}

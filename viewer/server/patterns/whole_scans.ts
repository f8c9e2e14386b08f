/** Mean and maximum of all patterns of the open scans, each worked out once. */

import { runPasses } from "../../../library/engine/run_passes.ts";
import { type PatternStatistics, StatisticsPass } from "../../../library/passes/pattern_statistics.ts";
import { probeCount } from "../../../library/scan/shape.ts";
import type { Parts } from "../../protocol/parts.ts";
import type { WholeHeader } from "../../protocol/patterns.ts";
import type { Item } from "../items/item.ts";
import type { Engines } from "../runs/engines.ts";

/** What is known of the open scans. */
export class WholeScans {
  readonly #engines: Engines;
  readonly #known = new WeakMap<Item, { readonly revision: number; readonly whole: PatternStatistics }>();

  constructor(engines: Engines) {
    this.#engines = engines;
  }

  /** Mean and maximum; an item that another run has changed is read again. */
  async parts(item: Item, signal: AbortSignal): Promise<Parts<WholeHeader>> {
    const known = this.#known.get(item);
    const { mean, maximum } = known && known.revision === item.revision
      ? known.whole
      : await this.#compute(item, signal);
    return { header: { probes: probeCount(item.shape) }, arrays: { mean, maximum } };
  }

  async #compute(item: Item, signal: AbortSignal): Promise<PatternStatistics> {
    const { revision } = item, scan = item.demandScan();
    const whole = await this.#engines.answer(async (engine) => {
      const { fill } = await item.prepare(engine, signal);
      return (await runPasses(engine, scan, { fill }, [new StatisticsPass(scan)], { signal }))[0];
    }, signal);
    this.#known.set(item, { revision, whole });
    return whole;
  }
}

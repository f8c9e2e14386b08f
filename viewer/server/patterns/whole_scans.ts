/** Mean and maximum of all patterns of the open scans, each worked out once. */

import { runPasses } from "../../../library/engine/run_passes.ts";
import { type PatternStatistics, StatisticsPass } from "../../../library/passes/pattern_statistics.ts";
import { probeCount } from "../../../library/scan/shape.ts";
import type { Parts } from "../../protocol/parts.ts";
import type { WholeHeader } from "../../protocol/patterns.ts";
import { asRecorded, type Item } from "../items/item.ts";
import type { Engines } from "../runs/engines.ts";

/** What is known of the open scans. */
export class WholeScans {
  readonly #engines: Engines;
  readonly #known = new WeakMap<Item, Partial<Record<"repaired" | "recorded", PatternStatistics>>>();

  constructor(engines: Engines) {
    this.#engines = engines;
  }

  /** @param recorded whether bad pixels are taken as they are */
  async parts(item: Item, recorded: boolean, signal: AbortSignal): Promise<Parts<WholeHeader>> {
    const kind = recorded ? "recorded" : "repaired";
    const { mean, maximum } = this.#known.get(item)?.[kind] ?? await this.#compute(item, kind, signal);
    return { header: { probes: probeCount(item.shape) }, arrays: { mean, maximum } };
  }

  async #compute(item: Item, kind: "repaired" | "recorded", signal: AbortSignal): Promise<PatternStatistics> {
    const scan = item.demandScan();
    const whole = await this.#engines.answer(async (engine) => {
      const { fill } = kind === "recorded" ? asRecorded : await item.prepare(engine, signal);
      return (await runPasses(engine, scan, { fill }, [new StatisticsPass(scan)], { signal }))[0];
    }, signal);
    this.#known.set(item, { ...this.#known.get(item), [kind]: whole });
    return whole;
  }
}

/** How long a whole run will still take: from the rate of what was done, and from what its later stages should take. */

import { plannedReadings } from "../../../library/cluster/estimate.ts";
import { bytesPerElement } from "../../../library/scan/dtype.ts";
import { pixelCount, probeCount } from "../../../library/scan/shape.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import type { PlannedRun } from "./cluster_planned.ts";

/** Share of a stage, and seconds of it, before which its rate says little. */
const leastShare = 0.03, leastSeconds = 0.4;
/** Seconds for each probe that finding regions takes, as measured (bench/regions.ts): it tells no progress. */
const regionSeconds = 25e-6;

/** One stage with the seconds that it may take; only their ratios matter where a stage before was measured. */
export interface PlannedStage {
  readonly stage: string;
  readonly seconds: number;
}

/** The stages of a run in their order; none where they cannot be foreseen. */
export function stagesOf(scan: Scan, { parameters, drawn }: PlannedRun): PlannedStage[] {
  const bytes = probeCount(scan.shape) * pixelCount(scan.shape) * bytesPerElement(scan.dtype);
  try {
    // A run of the server makes no averages.
    const readings = plannedReadings(scan, { ...parameters, average: "none" });
    const once = readings.map(({ passes, speed }) => ({ stage: passes[0].name, seconds: bytes / speed }));
    if (parameters.method === "regions") {
      once.push({ stage: "regions", seconds: regionSeconds * probeCount(scan.shape) });
    }
    // A drawn mask beside one that follows from the similarities takes two runs (cluster_planned.ts).
    const twice = drawn && parameters.mask.kind !== "none" && parameters.mask.kind !== "pixels";
    return twice ? [...once, ...once] : once;
  } catch (cause) {
    if (cause instanceof CrystalliteError) return [];
    throw cause;
  }
}

/** Keeps the rate of the present stage. */
export class RemainingTime {
  #stage = "";
  /** Place of the present stage among the planned ones. */
  #place = -1;
  #began = 0;
  #from = 0;
  #last = 0;
  /** Seconds that stages take for each planned one; unknown before the first was measured. */
  #factor: number | undefined;

  constructor(readonly planned: readonly PlannedStage[] = []) {}

  /**
   * @param now milliseconds of any clock
   * @returns seconds until all stages are done; `undefined` while unknown
   */
  report(stage: string, done: number, total: number, now: number): number | undefined {
    if (stage !== this.#stage || done < this.#last) this.#begin(stage, done, now);
    this.#last = done;
    const own = this.#ownSeconds(done, total, now), planned = this.planned[this.#place];
    const known = planned?.stage === stage ? planned.seconds : undefined;
    if (own !== undefined && known !== undefined && known > 0 && done > this.#from) {
      const whole = (now - this.#began) / 1000 * (total - this.#from) / (done - this.#from);
      this.#factor = whole / known;
    }
    const later = this.planned.slice(this.#place + 1).reduce((sum, { seconds }) => sum + seconds, 0);
    if (own !== undefined && later === 0) return own;
    if (this.#factor === undefined) return undefined;
    const rest = own ??
      (known === undefined ? undefined : this.#factor * known * (1 - done / Math.max(1, total)));
    return rest === undefined ? undefined : rest + this.#factor * later;
  }

  #begin(stage: string, done: number, now: number): void {
    const next = this.planned.findIndex((one, place) => place > this.#place && one.stage === stage);
    // The same stage begun anew, as where the fast comparison was given up, is the same one of the plan.
    if (next >= 0 && !(stage === this.#stage && this.planned[this.#place]?.stage === stage)) {
      this.#place = next;
    }
    this.#stage = stage;
    this.#began = now;
    this.#from = done;
  }

  /** Of the present stage, by its rate. */
  #ownSeconds(done: number, total: number, now: number): number | undefined {
    const seconds = (now - this.#began) / 1000, share = (done - this.#from) / (total - this.#from);
    if (done >= total) return 0;
    if (!(share >= leastShare) || seconds < leastSeconds) return undefined;
    return seconds * (total - done) / (done - this.#from);
  }
}

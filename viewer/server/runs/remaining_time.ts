/** How long a run will still take, from the rate of what was done. */

/** Share of a stage, and seconds of it, before which its rate says little. */
const leastShare = 0.03, leastSeconds = 0.4;

/** Seconds for each probe that finding regions takes, as measured (bench/regions.ts): it tells no progress. */
export const regionSeconds = 25e-6;

/** Keeps the rate of the present stage. */
export class RemainingTime {
  #stage = "";
  #began = 0;
  #from = 0;
  #last = 0;

  /** @param later stages that will come and tell no progress, with the seconds that they may take */
  constructor(readonly later: Readonly<Record<string, number>> = {}) {}

  /**
   * @param now milliseconds of any clock
   * @returns seconds; `undefined` while unknown
   */
  report(stage: string, done: number, total: number, now: number): number | undefined {
    if (Object.hasOwn(this.later, stage)) return this.later[stage];
    const after = Object.values(this.later).reduce((sum, seconds) => sum + seconds, 0);
    const anew = stage !== this.#stage || done < this.#last;
    this.#last = done;
    if (anew) {
      this.#stage = stage;
      this.#began = now;
      this.#from = done;
      return undefined;
    }
    const seconds = (now - this.#began) / 1000, share = (done - this.#from) / (total - this.#from);
    if (done >= total) return after;
    if (!(share >= leastShare) || seconds < leastSeconds) return undefined;
    return seconds * (total - done) / (done - this.#from) + after;
  }
}

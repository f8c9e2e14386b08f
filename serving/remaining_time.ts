/** How long a run will still take, from the rate of what was done. */

/** Share of a stage, and seconds of it, before which its rate says little. */
const leastShare = 0.03, leastSeconds = 0.4;

/** Keeps the rate of the present stage. What stages will come is not known, so that it is the time left of this one. */
export class RemainingTime {
  #stage = "";
  #began = 0;
  #from = 0;

  /**
   * @param now milliseconds of any clock
   * @returns seconds; `undefined` while unknown
   */
  report(stage: string, done: number, total: number, now: number): number | undefined {
    if (stage !== this.#stage || done < this.#from) {
      this.#stage = stage;
      this.#began = now;
      this.#from = done;
      return undefined;
    }
    const seconds = (now - this.#began) / 1000, share = (done - this.#from) / (total - this.#from);
    if (done >= total) return 0;
    if (!(share >= leastShare) || seconds < leastSeconds) return undefined;
    return seconds * (total - done) / (done - this.#from);
  }
}

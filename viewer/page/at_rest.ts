/** Work that waits until its subject rests; the next subject stops what is going on. */

/** One thing that is followed. */
export class AtRest {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop = new AbortController();

  /** @param wait how long the subject must rest, in milliseconds */
  constructor(readonly wait: number) {}

  /** Stops what waits or goes on. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  /** Does work for a new subject, in place of what there was. */
  begin(work: (signal: AbortSignal) => Promise<void>): void {
    this.stop();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#timer = setTimeout(() => work(signal), this.wait);
  }
}

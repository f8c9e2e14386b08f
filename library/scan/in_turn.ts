/** Work that must not overlap. */

/** Begins each piece of work when the one before has ended, whatever became of that. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  /** Does some work in its turn. */
  run<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Resolves when all has ended that was begun so far. */
  async ended(): Promise<void> {
    await this.#last;
  }
}

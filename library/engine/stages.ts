/** Steps of a pass that follow each other row by row, computed in one batch of calls: no thread waits between steps. */

import type { Work } from "./kernels.ts";

/** One step; its rows are computed in order. */
export interface RowStage {
  /** Rows before this one can be computed now, given what the steps before it have finished. */
  ready(): number;
  /** The calls that compute rows first..end-1. */
  calls(first: number, end: number): Work[];
  /** Afterwards, on the calling thread. */
  finish?(first: number, end: number): void;
}

/**
 * Steps in flight together: while one works on a band of rows, the next works on the band before, so one batch of calls
 * serves all. A step never computes more than a band at a time and follows the step it waits for at a distance of at
 * most a band and the rows ahead that it wants; rings of rows between steps are sized by that.
 */
export class StagePipeline {
  readonly #done: number[];

  /**
   * @param stages in the order in which they wait for each other
   * @param rows number of rows of the scan
   * @param band largest number of rows that a stage computes at a time
   */
  constructor(readonly stages: readonly RowStage[], readonly rows: number, readonly band: number) {
    this.#done = stages.map(() => 0);
  }

  /** Rows that a stage has finished. */
  done(stage: RowStage): number {
    return this.#done[this.stages.indexOf(stage)];
  }

  /** The next rows of every stage that has some: one batch, or none. */
  *step(): Generator<readonly Work[], boolean> {
    const ranges = this.stages.map((stage, index) => {
      const first = this.#done[index];
      return { first, end: Math.max(first, Math.min(stage.ready(), first + this.band, this.rows)) };
    });
    if (ranges.every(({ first, end }) => first === end)) return false;
    yield ranges.flatMap(({ first, end }, index) => first < end ? this.stages[index].calls(first, end) : []);
    ranges.forEach(({ first, end }, index) => {
      if (first < end) this.stages[index].finish?.(first, end);
      this.#done[index] = end;
    });
    return true;
  }

  /** What is left once everything was loaded. */
  *drain(): Generator<readonly Work[], void> {
    while (yield* this.step());
  }
}

/** What every long call takes beside its subject. */

import type { EngineChoice } from "./with_engine.ts";

/** How far a long call is. */
export interface Progress {
  /** What is being done, as a person would say it: "similarity", "averages". */
  readonly stage: string;
  /** Units done so far, mostly scan rows. */
  readonly done: number;
  /** Units altogether. */
  readonly total: number;
}

/** Options of long calls. Results never depend on them. */
export interface RunOptions extends EngineChoice {
  /** Scan rows per step; default: what the memory allows. For tests and measurements. */
  readonly bandHeight?: number;
  /** Stops the call, which then throws `Aborted`. */
  readonly signal?: AbortSignal;
  /** Called between steps. */
  readonly onProgress?: (progress: Progress) => void;
  /** Told in a sentence what a user should know of the data, by calls whose results carry no warnings. */
  readonly onWarning?: (warning: string) => void;
  /**
   * Called while neighbours are compared, with the similarities of finished rows as first computed: float32
   * (row, column, 4) for the directions (0,1) (1,-1) (1,0) (1,1), NaN outside the scan; valid during the call only. Rows
   * come in order; where samples turn out not to be accurate enough, they come again from row 0.
   */
  readonly onSimilarity?: (first: number, rows: number, forward: Float32Array) => void;
}

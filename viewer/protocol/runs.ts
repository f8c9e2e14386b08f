/** Clusterings that are run: one at a time on the whole server. */

import { object, optional } from "valibot";
import type { Given } from "./checked.ts";
import type { Failure } from "./failure.ts";
import type { OpenedItem } from "./items.ts";
import { drawnMask } from "./label_views.ts";
import { words } from "./words.ts";

/** What to run. */
export const runRequest = object({
  // Words of `cluster` about the method, such as `--blur 3 --threshold auto`.
  words,
  // A mask drawn by hand: probes that may be clustered; together with `--mask` of the words, those in both.
  mask: optional(drawnMask),
});

/** The words of a clustering, and a mask drawn by hand. */
export type RunRequest = Given<typeof runRequest>;

/** A run that has begun. */
export interface StartedRun {
  readonly run: string;
}

/** What a run would take. */
export interface EstimateAnswer {
  readonly seconds: number;
  readonly bytes: number;
}

/** What is told of a run; the last piece is `done`, `failed` or `cancelled`. */
export type RunMessage =
  | {
    readonly kind: "progress";
    readonly stage: string;
    readonly done: number;
    readonly total: number;
    /** Seconds since the start. */
    readonly elapsed: number;
    /** Estimated; absent while unknown. */
    readonly left?: number;
  }
  /** Array `forward`, f32 (row, column, 4), of `count` rows from `first` on; NaN where there is no neighbour (yet). */
  | { readonly kind: "rows"; readonly first: number; readonly count: number }
  | { readonly kind: "done"; readonly item: OpenedItem }
  | { readonly kind: "failed"; readonly error: Failure["error"] }
  | { readonly kind: "cancelled" };

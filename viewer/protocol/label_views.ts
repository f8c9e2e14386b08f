/** Which labels the page shows; the server makes the same from it. */

import {
  check,
  custom,
  forward,
  maxValue,
  minValue,
  number,
  object,
  optional,
  picklist,
  pipe,
  transform,
} from "valibot";
import type { EditLog } from "../../library/cluster/editing/log.ts";
import { parseEditLog } from "../../library/cluster/editing/parse_log.ts";
import { numberList, wholeNumber } from "../../library/scan/schema.ts";
import type { Given } from "./checked.ts";

/** A map of zeros and ones: lengths of its runs, row-major, beginning with zeros. */
export const drawnMask = object({
  runs: numberList((run) => Number.isSafeInteger(run) && run >= 0, "a whole number of at least 0"),
});

/** A mask drawn by hand: the lengths of its runs. */
export type DrawnMask = Given<typeof drawnMask>;

const expectedThreshold = "a number from -1 to 1";

/** A log of corrections; the library says itself what is wrong with one. */
const edits = pipe(
  custom<EditLog>(() => true),
  transform((log) => parseEditLog(log, "the request")),
);

/** Labels of the method as they are, or the forest cut at a threshold, with corrections and another mask. */
export const labelView = pipe(
  object({
    // `method`: labels as the method gave them; `threshold`: the forest cut at `threshold`.
    source: picklist(["method", "threshold"]),
    threshold: optional(
      pipe(number(expectedThreshold), minValue(-1, expectedThreshold), maxValue(1, expectedThreshold)),
    ),
    minimumSize: optional(wholeNumber(1)),
    // Corrections by hand on top.
    edits: optional(edits),
    // A mask drawn by hand, in place of the run's.
    mask: optional(drawnMask),
  }),
  forward(
    check(({ source, threshold }) => source === "method" || threshold !== undefined, expectedThreshold),
    ["threshold"],
  ),
  // The labels of the method have the run's own threshold.
  transform((view) => view.source === "method" ? { ...view, threshold: undefined } : view),
);

/** Which labels are shown. */
export type LabelView = Given<typeof labelView>;

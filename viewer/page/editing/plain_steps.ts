/** Steps of corrections as plain data: operations that steps have in common are written once. Pure. */

import type { Edit, EditLog } from "../../../library/cluster/editing/log.ts";
import type { DrawnMask } from "../../protocol/label_views.ts";
import type { Steps } from "./history.ts";

/** One step: its operations, or how many of the common ones, how many hold, and the place of its mask or -1. */
type PlainStep = readonly [operations: number | readonly Edit[], cursor: number, mask: number];

/** Steps, each distinct operation and mask once. */
export interface PlainSteps {
  /** The longest list of operations. */
  readonly operations: readonly Edit[];
  readonly masks: readonly DrawnMask[];
  readonly steps: readonly PlainStep[];
  readonly place: number;
}

export function encodeSteps({ steps, place }: Steps): PlainSteps {
  const logs = steps.map(({ log }) => log.operations);
  const operations = logs.reduce((longest, own) => own.length > longest.length ? own : longest, []);
  const masks: DrawnMask[] = [];
  return {
    operations,
    masks,
    steps: steps.map(({ log, mask }): PlainStep => {
      const common = log.operations.every((edit, at) => edit === operations[at]);
      let at = mask === null ? -1 : masks.indexOf(mask);
      if (mask !== null && at < 0) at = masks.push(mask) - 1;
      return [common ? log.operations.length : log.operations, log.cursor, at];
    }),
    place,
  };
}

/** The steps again; `null` where they make no sense. */
export function decodeSteps({ operations, masks, steps, place }: PlainSteps): Steps | null {
  if (!Array.isArray(steps) || !(place in steps)) return null;
  return {
    place,
    steps: steps.map(([own, cursor, mask]) => {
      const log: EditLog = {
        version: 1,
        operations: typeof own === "number" ? operations.slice(0, own) : own,
        cursor,
      };
      return { log, mask: masks[mask] ?? null };
    }),
  };
}

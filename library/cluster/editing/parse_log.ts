/** Edit logs from outside: hostile until they are parsed. */

import {
  array,
  custom,
  literal,
  optional,
  picklist,
  pipe,
  rawCheck,
  strictObject,
  union,
  variant,
} from "valibot";
import { wholeNumber } from "../../scan/schema.ts";
import { type EditLog, mostOperations, type ProbePosition } from "./log.ts";
import { cursorWithin, isPlace, parseLog, placeSchema } from "./log_schema.ts";

/** An edit moves or joins at most this many positions. */
const mostPositions = 10_000_000;

const aPosition = "[row, column], whole numbers from 0";
const position = placeSchema<ProbePosition>(2, aPosition);

/** A list of so many values; what they are is looked at only then. */
function listOf<Value>(fewest: number, most: number) {
  const fits = (value: unknown) => Array.isArray(value) && value.length >= fewest && value.length <= most;
  return custom<readonly Value[]>(fits, `a list of ${fewest} or more, at most ${most}`);
}

/** Positions, looked through in one loop: there may be millions. */
function positions(fewest: number) {
  return pipe(
    listOf<ProbePosition>(fewest, mostPositions),
    rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const input = dataset.value as ProbePosition[];
      const key = input.findIndex((value) => !isPlace(value, 2));
      if (key < 0) return;
      const value = input[key];
      addIssue({
        input: value,
        message: aPosition,
        path: [{ type: "array", origin: "value", input, key, value }],
      });
    }),
  );
}

const edit = variant("kind", [
  strictObject({ kind: literal("merge"), clusters: positions(2) }),
  strictObject({ kind: literal("split"), cluster: position, minimumSize: optional(wholeNumber(1)) }),
  strictObject({ kind: literal("exclude"), cluster: position }),
  strictObject({
    kind: literal("assign"),
    probes: positions(1),
    cluster: union([picklist(["none", "new"]), position]),
  }),
], "merge, split, exclude or assign");

const editLog = pipe(
  strictObject({
    version: literal(1),
    operations: pipe(listOf<unknown>(0, mostOperations), array(edit)),
    cursor: wholeNumber(0),
  }),
  cursorWithin(),
);

/**
 * Turns parsed JSON into an edit log. What is not part of a log is refused, not dropped; whether positions lie in the
 * scan shows when the log is applied.
 *
 * @param value what `JSON.parse` gave
 * @param file where it came from, for messages
 * @throws {CorruptFile} naming the first thing that is not as it should be
 *
 * @example
 * ```ts
 * import { parseEditLog } from "crystallite";
 *
 * const text = '{"version": 1, "operations": [{"kind": "split", "cluster": [3, 4]}], "cursor": 1}';
 * console.assert(parseEditLog(JSON.parse(text), "edits.json").operations[0].kind === "split");
 * ```
 */
export function parseEditLog(value: unknown, file: string): EditLog {
  return parseLog(editLog, value, file, {
    what: "not an edit log",
    remedy: "use an edits.json as crystallite writes it",
  });
}

/** Edit logs from outside: hostile until they are parsed. */

import {
  array,
  check,
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
import { CorruptFile } from "../../scan/errors.ts";
import { parseSchema, wholeNumber } from "../../scan/schema.ts";
import { type EditLog, mostOperations, type ProbePosition } from "./log.ts";

/** An edit moves or joins at most this many positions. */
const mostPositions = 10_000_000;

const isPosition = (value: unknown) =>
  Array.isArray(value) && value.length === 2 &&
  value.every((index) => Number.isSafeInteger(index) && index >= 0);
const aPosition = "[row, column], whole numbers from 0";
const position = custom<ProbePosition>(isPosition, aPosition);

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
      const key = input.findIndex((value) => !isPosition(value));
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
  check(
    ({ cursor, operations }) => cursor <= operations.length,
    "a cursor of at most the number of operations",
  ),
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
  return parseSchema(editLog, value, ({ place, expected, found }) => {
    const [, index, within] = /^operations\[(\d+)\]\.?(.*)$/.exec(place) ?? [];
    const where = index === undefined
      ? place || "the log"
      : `operation ${Number(index) + 1}${within ? `, ${within}` : ""}`;
    return new CorruptFile(`${file} is not an edit log: ${where} is not as it should be`, {
      file,
      expected,
      found: found.slice(0, 100),
      remedy: "use an edits.json as crystallite writes it",
    });
  });
}

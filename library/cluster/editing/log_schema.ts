/** What logs of corrections have in common, those of clusters and of tracks: operations, and a cursor among them. */

import { check, custom, type GenericSchema } from "valibot";
import { CorruptFile } from "../../scan/errors.ts";
import { parseSchema } from "../../scan/schema.ts";

/** Whether a value is a place: so many whole numbers from 0. */
export function isPlace(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length &&
    value.every((index) => Number.isSafeInteger(index) && index >= 0);
}

/** A place, and what it is called. */
export function placeSchema<Place>(length: number, names: string) {
  return custom<Place>((value) => isPlace(value, length), names);
}

/** The cursor lies among the operations, or behind them. */
export function cursorWithin<
  Log extends { readonly cursor: number; readonly operations: readonly unknown[] },
>() {
  return check(
    ({ cursor, operations }: Log) => cursor <= operations.length,
    "a cursor of at most the number of operations",
  );
}

/** What is said of a file that is no such log. */
export interface LogRefusal {
  readonly what: string;
  readonly remedy: string;
}

/**
 * Turns parsed JSON into a log. What is not part of one is refused, not dropped.
 *
 * @throws {CorruptFile} naming the first thing that is not as it should be
 */
export function parseLog<Log>(
  schema: GenericSchema<unknown, Log>,
  value: unknown,
  file: string,
  { what, remedy }: LogRefusal,
): Log {
  return parseSchema(schema, value, ({ place, expected, found }) => {
    const [, index, within] = /^operations\[(\d+)\]\.?(.*)$/.exec(place) ?? [];
    const where = index === undefined
      ? place || "the log"
      : `operation ${Number(index) + 1}${within ? `, ${within}` : ""}`;
    return new CorruptFile(`${file} is ${what}: ${where} is not as it should be`, {
      file,
      expected,
      found: found.slice(0, 100),
      remedy,
    });
  });
}

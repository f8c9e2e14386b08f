/** Values of frames from what their files say of themselves. */

import { BadParameter } from "../../library/scan/errors.ts";
import type { ScanSource } from "../../library/scan/scan.ts";

/** What is put before the name of a note, in place of a file with values. */
const prefix = "note:";

/** The name in `note:NAME`; `undefined` where the text names a file. */
export function noteName(text: string): string | undefined {
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

/**
 * The numbers that the files of frames give under a name, as `info` prints them; dates and times as seconds since the earliest
 * of them. Frames without one have none.
 *
 * @param notes of each frame; absent where it failed
 * @throws {BadParameter} when no frame has a number or a time under that name
 */
export function valuesOfNotes(
  name: string,
  notes: readonly (ScanSource["notes"] | undefined)[],
): (number | undefined)[] {
  const stated = notes.map((note) => note?.[name]);
  const numbers = stated.map((value) =>
    typeof value === "number" && Number.isFinite(value) ? value : undefined
  );
  if (numbers.some((value) => value !== undefined)) return numbers;
  const times = stated.map(secondsOf), known = times.filter((time) => time !== undefined);
  if (known.length > 0) {
    const first = Math.min(...known);
    return times.map((time) => time === undefined ? undefined : Number((time - first).toFixed(3)));
  }
  const names = new Set(notes.flatMap((note) => Object.keys(note ?? {})));
  throw new BadParameter(`the files say nothing of "${name}" that is a number or a time`, {
    parameter: "frame-values",
    expected: names.size > 0 ? `one of ${Array.from(names).join(", ")}` : "a file with values",
    found: name,
    remedy: "name what `crystallite info` prints of a frame, or give a file with a value for each frame",
  });
}

/** Seconds since 1970 of a date as ISO 8601 writes it; where it says no time zone, none is assumed. */
function secondsOf(value: unknown): number | undefined {
  const match = typeof value === "string" &&
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*\s*(Z|[+-]\d\d:?\d\d)?$/.exec(value.trim());
  if (!match) return undefined;
  const time = Date.parse(`${match[1]}T${match[2]}${match[3] ?? "Z"}`);
  return Number.isNaN(time) ? undefined : time / 1000;
}

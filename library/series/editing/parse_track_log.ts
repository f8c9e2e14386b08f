/** Logs of corrections of tracks from outside: hostile until they are parsed. */

import { array, literal, maxLength, minLength, pipe, strictObject, union, variant } from "valibot";
import { mostOperations } from "../../cluster/editing/log.ts";
import { cursorWithin, parseLog, placeSchema } from "../../cluster/editing/log_schema.ts";
import { wholeNumber } from "../../scan/schema.ts";
import type { TrackEditLog, TrackPlace } from "./track_log.ts";

/** Tracks that one correction joins at most. */
const mostJoined = 10_000;

const place = placeSchema<TrackPlace>(3, "[frame, row, column], whole numbers from 0");

const edit = variant("kind", [
  strictObject({
    kind: literal("join"),
    tracks: pipe(
      array(place),
      minLength(2, "two places or more"),
      maxLength(mostJoined, `at most ${mostJoined} places`),
    ),
  }),
  strictObject({ kind: literal("cut"), track: place }),
  strictObject({ kind: literal("assign"), region: place, track: union([literal("new"), place]) }),
], "join, cut or assign");

/** What a log of corrections of tracks is. */
const trackEditLog = pipe(
  strictObject({
    version: literal(1),
    of: literal("tracks"),
    operations: pipe(array(edit), maxLength(mostOperations, `at most ${mostOperations} operations`)),
    cursor: wholeNumber(0),
  }),
  cursorWithin(),
);

/**
 * Turns parsed JSON into a log of corrections of tracks. What is not part of one is refused, not dropped; whether there are
 * tracks at the places shows when the log is applied.
 *
 * @param value what `JSON.parse` gave
 * @param file where it came from, for messages
 * @throws {CorruptFile} naming the first thing that is not as it should be
 *
 * @example
 * ```ts
 * import { parseTrackEditLog } from "crystallite";
 *
 * const text = '{"version": 1, "of": "tracks", "operations": [{"kind": "cut", "track": [4, 10, 12]}], "cursor": 1}';
 * console.assert(parseTrackEditLog(JSON.parse(text), "edits.json").operations[0].kind === "cut");
 * ```
 */
export function parseTrackEditLog(value: unknown, file: string): TrackEditLog {
  return parseLog(trackEditLog, value, file, {
    what: "no log of corrections of tracks",
    remedy: "use an edits.json as crystallite writes it for a series",
  });
}

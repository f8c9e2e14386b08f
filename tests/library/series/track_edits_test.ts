/** Corrections of tracks: what each does, what cannot be done, and what becomes of events. */

import assert from "node:assert/strict";
import { redoEdits, undoEdits } from "../../../library/cluster/editing/log.ts";
import { CorruptFile } from "../../../library/scan/errors.ts";
import { editEvents } from "../../../library/series/editing/edit_events.ts";
import { applyTrackEdits } from "../../../library/series/editing/edit_tracks.ts";
import { parseTrackEditLog } from "../../../library/series/editing/parse_track_log.ts";
import {
  addTrackEdit,
  describeTrackEdit,
  emptyTrackLog,
  type TrackEdit,
  type TrackPlace,
} from "../../../library/series/editing/track_log.ts";
import type { EventKind } from "../../../library/series/events.ts";

/** Tracks 0 and 1 in frames 0 to 3, but for 1 in frame 2; 2 in frames 2 and 3. Track t lies at column t. */
const frame = Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3, 3), track = Int32Array.of(0, 1, 0, 1, 0, 2, 0, 1, 2);
const at = ([wanted, , column]: TrackPlace) =>
  frame.findIndex((own, region) => own === wanted && track[region] === column);
const place = (wanted: number, column: number): TrackPlace => [wanted, 0, column];
const logOf = (...edits: TrackEdit[]) => edits.reduce(addTrackEdit, emptyTrackLog);
const edited = (...edits: TrackEdit[]) => Array.from(applyTrackEdits({ frame, track, at }, logOf(...edits)));

Deno.test("a cut gives what follows a new number; joining it again gives the first one back", () => {
  const cut: TrackEdit = { kind: "cut", track: place(1, 0) };
  assert.deepEqual(edited(cut), [0, 1, 3, 1, 3, 2, 3, 1, 2]);
  assert.deepEqual(edited(cut, { kind: "join", tracks: [place(3, 0), place(0, 0)] }), [...track]);
});

Deno.test("a track is joined across frames in which it was not seen, and never with one that is beside it", () => {
  const later: TrackEdit = { kind: "cut", track: place(3, 1) };
  assert.deepEqual(edited(later, { kind: "join", tracks: [place(0, 1), place(3, 1)] }), [...track]);
  assert.throws(
    () => edited({ kind: "join", tracks: [place(0, 1), place(2, 2)] }),
    /operation 1, join .* cannot be done: tracks 1 and 2 are both in frame 3/,
  );
});

Deno.test("a region goes to another track; where that has one already, they change places; or to a new track", () => {
  assert.deepEqual(
    edited({ kind: "assign", region: place(1, 0), track: place(0, 1) }),
    [0, 1, 1, 0, 0, 2, 0, 1, 2],
  );
  assert.deepEqual(
    edited({ kind: "assign", region: place(2, 2), track: place(0, 1) }),
    [0, 1, 0, 1, 0, 1, 0, 1, 2],
  );
  assert.deepEqual(
    edited({ kind: "assign", region: place(2, 0), track: "new" }),
    [0, 1, 0, 1, 3, 2, 0, 1, 2],
  );
});

Deno.test("what cannot be done names the operation; undone ones do not count, and can be redone", () => {
  const first: TrackEdit = { kind: "cut", track: place(1, 0) },
    beginning: TrackEdit = {
      kind: "cut",
      track: place(0, 1),
    };
  assert.throws(() => edited(first, beginning), /operation 2, .*track 1 begins in that frame/);
  assert.throws(() => edited({ kind: "cut", track: place(2, 1) }), /no region at that place/);
  const log = logOf(first, beginning), undone = undoEdits(log);
  assert.deepEqual(Array.from(applyTrackEdits({ frame, track, at }, undone)), edited(first));
  assert.deepEqual(redoEdits(undone), log);
  assert.equal(describeTrackEdit(first), "cut the track at (0, 0) of frame 1");
});

Deno.test("new numbers are never those of tracks that were there", () => {
  const numbers = edited(
    { kind: "cut", track: place(1, 0) },
    { kind: "join", tracks: [place(0, 0), place(1, 0)] },
    { kind: "cut", track: place(2, 0) },
  );
  assert.equal(new Set(numbers).has(3), false);
  assert.ok(numbers.includes(4));
});

Deno.test("events hold where regions still begin and end with them, under the new numbers; others are made by hand", () => {
  const events: { kind: EventKind; frame: number; track: number; partner: number }[] = [
    { kind: "split", frame: 2, track: 2, partner: 1 },
  ];
  const after = (...edits: TrackEdit[]) =>
    editEvents(events, {
      frame,
      before: track,
      after: applyTrackEdits({ frame, track, at }, logOf(...edits)),
    }, 4);
  assert.deepEqual(after(), { kept: [{ index: 0, track: 2, partner: 1 }], made: [] });
  const cut = after({ kind: "cut", track: place(1, 1) });
  assert.deepEqual(cut.kept, [{ index: 0, track: 2, partner: 3 }]);
  assert.deepEqual(cut.made, [
    { kind: "birth", frame: 1, track: 3, region: 3 },
    { kind: "death", frame: 1, track: 1, region: 1 },
  ]);
  // The child continues its parent: it did not split from it.
  const child = after(
    { kind: "cut", track: place(3, 1) },
    { kind: "join", tracks: [place(0, 1), place(2, 2)] },
  );
  assert.deepEqual(child.kept, []);
  assert.deepEqual(child.made, [{ kind: "birth", frame: 3, track: 3, region: 7 }]);
});

Deno.test("an end that is told of an earlier frame holds as long as its track ends where it did", () => {
  // 1 went into 0 in frame 1, came out in frame 2, and went in again: it merged in frame 1.
  const frame = Int32Array.of(0, 0, 1, 2, 2, 3), before = Int32Array.of(0, 1, 0, 0, 1, 0);
  const events = [{ kind: "merge" as const, frame: 1, track: 1, partner: 0 }];
  assert.deepEqual(editEvents(events, { frame, before, after: before }, 4), {
    kept: [{ index: 0, track: 1, partner: 0 }],
    made: [],
  });
  // What came out is a track of its own, which cannot have ended before it began.
  const cut = editEvents(events, { frame, before, after: Int32Array.of(0, 1, 0, 0, 2, 0) }, 4);
  assert.deepEqual(cut.kept, []);
  assert.deepEqual(cut.made.map(({ kind, frame, track }) => [kind, frame, track]), [
    ["birth", 2, 2],
    ["death", 1, 1],
    ["death", 3, 2],
  ]);
});

Deno.test("a log from outside is refused where it is none, by the place of what is wrong", () => {
  const good = logOf({ kind: "assign", region: place(1, 0), track: "new" });
  assert.deepEqual(parseTrackEditLog(JSON.parse(JSON.stringify(good)), "edits.json"), good);
  const wrong: readonly [unknown, RegExp][] = [
    [{ ...good, of: "clusters" }, /of is not as/],
    [{ ...good, cursor: 2 }, /the log is not as|cursor/],
    [{ ...good, operations: [{ kind: "cut", track: [0, 1] }] }, /operation 1, track is not as/],
    [{ ...good, operations: [{ kind: "join", tracks: [[0, 1, 2]] }] }, /operation 1, tracks is not as/],
    [{ ...good, operations: [{ kind: "cut", track: [0, -1, 2] }] }, /operation 1, track/],
    [{ ...good, more: 1 }, /more is not as/],
    [{ version: 1, operations: [], cursor: 0 }, /of is not as/],
    [null, /the log is not as/],
  ];
  for (const [value, message] of wrong) {
    assert.throws(() => parseTrackEditLog(value, "edits.json"), (error: Error) => {
      assert.ok(error instanceof CorruptFile);
      assert.match(error.message, message);
      return true;
    });
  }
});

/** Values of frames from what their files say. */

import assert from "node:assert/strict";
import { noteName, valuesOfNotes } from "../../../commands/series/frame_notes.ts";

Deno.test("numbers are taken as they are, times as seconds since the earliest", () => {
  assert.equal(noteName("note:tilt"), "tilt");
  assert.equal(noteName("notes.txt"), undefined);
  assert.deepEqual(valuesOfNotes("tilt", [{ tilt: -2.5 }, undefined, { other: 1 }, { tilt: 4 }]), [
    ...[-2.5, undefined, undefined, 4],
  ]);
  const recorded = ["2024-03-09T23:59:58", "2024-03-10T00:00:01.250", undefined, "2024-03-10T00:00:00"];
  assert.deepEqual(
    valuesOfNotes(
      "recorded",
      recorded.map((at): Record<string, string> => at === undefined ? {} : { recorded: at }),
    ),
    [
      ...[0, 3.25, undefined, 2],
    ],
  );
  const zones = ["2024-03-10T02:00:00+02:00", "2024-03-10T00:00:05Z", "2024-03-10 00:00:07.123456789Z"];
  assert.deepEqual(valuesOfNotes("at", zones.map((at) => ({ at }))), [0, 5, 7.123]);
});

Deno.test("names that say nothing are refused, with those that there are", () => {
  const notes = [{ description: "gold", exposureMs: 2 }, undefined];
  assert.throws(() => valuesOfNotes("description", notes), (error: { details: { expected: string } }) => {
    assert.match(error.details.expected, /description, exposureMs/);
    return true;
  });
  assert.throws(() => valuesOfNotes("tilt", [{}, {}]), /say nothing of "tilt"/);
});

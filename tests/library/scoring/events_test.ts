/** Events against the truth: what really happens is read off the labels, what is told is compared with it. */

import assert from "node:assert/strict";
import { type FoundEvent, scoreEvents } from "../../../library/scoring/events.ts";
import { trueEvents } from "../../../library/scoring/true_events.ts";

const rows = 8, columns = 16, probes = rows * columns, frames = 6;
/** Objects as rectangles: object, frames from and to, rows and columns from and to (ends left out). */
type Box = readonly [number, number, number, number, number, number, number];
const boxes: readonly Box[] = [
  [0, 0, 3, 1, 4, 1, 5],
  [1, 0, 3, 1, 4, 5, 9],
  [1, 3, 6, 1, 4, 1, 9],
  [2, 2, 6, 4, 7, 10, 14],
  [3, 0, 4, 1, 4, 11, 15],
  [4, 0, 2, 5, 8, 0, 4],
  [5, 0, 6, 5, 7, 5, 7],
  [6, 0, 3, 4, 7, 7, 10],
];
const labels = new Int32Array(frames * probes).fill(-1);
for (const [object, first, end, top, bottom, left, right] of boxes) {
  for (let frame = first; frame < end; frame++) {
    for (let row = top; row < bottom; row++) {
      labels.fill(object, frame * probes + row * columns + left, frame * probes + row * columns + right);
    }
  }
}
/** 0 comes into 1 at frame 3; 6 into nothing, it ends. */
const merged = Int32Array.from(
  { length: frames * 7 },
  (_, place) => place % 7 === 0 && place >= 3 * 7 ? 1 : place % 7,
);
const known = { rows, columns, labels, merged };

Deno.test("events are read off the labels: not at rims, not of objects too small to count", () => {
  assert.deepEqual(
    trueEvents(known).map(({ kind, frame, object, partner }) => [kind, frame, object, partner]),
    [["merge", 3, 0, 1], ["birth", 2, 2, -1], ["death", 4, 3, -1], ["death", 3, 6, -1]],
  );
  const splitOf = Int32Array.of(-1, -1, 3, -1, -1, -1, -1);
  assert.deepEqual(trueEvents({ ...known, splitOf }).find(({ object }) => object === 2), {
    ...{ kind: "split", frame: 2, object: 2, partner: 3 },
  });
});

Deno.test("an event counts with the right objects, two frames early or late at most", () => {
  // Tracks with other numbers than the objects.
  const tracks = labels.map((label) => label < 0 ? -1 : 20 - label);
  const event = (kind: string, frame: number, track: number, partner = -1): FoundEvent => ({
    ...{ kind, frame, track, partner },
  });
  const told = [
    event("merge", 3, 20, 19),
    event("vanish", 4, 17, 18),
    event("birth", 2, 18),
    event("death", 3, 14),
    event("enter", 2, 18),
  ];
  assert.deepEqual(scoreEvents(told, tracks, known), {
    merge: { real: 1, told: 1, found: 1 },
    split: { real: 0, told: 0, found: 0 },
    birth: { real: 1, told: 1, found: 1 },
    death: { real: 2, told: 2, found: 2 },
  });
  // Too early; the wrong partner; told twice.
  assert.equal(scoreEvents([event("birth", 5, 18)], tracks, known).birth.found, 0);
  assert.equal(scoreEvents([event("merge", 3, 20, 17)], tracks, known).merge.found, 0);
  const twice = scoreEvents([told[0], told[0]], tracks, known).merge;
  assert.deepEqual(twice, { real: 1, told: 2, found: 1 });
  // Which of two is the host is a convention.
  const swapped = labels.map((label, place) =>
    label < 0 ? -1 : label === 1 && place >= 3 * probes ? 20 : 20 - label
  );
  assert.equal(scoreEvents([event("merge", 3, 19, 20)], swapped, known).merge.found, 1);
});

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
    ...{ kind: "split", frame: 2, object: 2, partner: 3, earliest: 2, latest: 2, scored: true },
  });
});

/** A series of one object that has so many probes in each frame, away from the rim unless it is told where. */
function growing(sizes: readonly number[], column = 2) {
  const labels = new Int32Array(sizes.length * probes).fill(-1);
  sizes.forEach((size, frame) => {
    for (let probe = 0; probe < size; probe++) {
      labels[frame * probes + (1 + Math.floor(probe / 4)) * columns + column + probe % 4] = 0;
    }
  });
  return { rows, columns, labels };
}

Deno.test("an object that crosses the limit of size is neither born nor dead: it need not be told of, and may be", () => {
  const hovering = growing([6, 8, 12, 12, 8, 6]);
  assert.deepEqual(trueEvents(hovering).map(({ kind, scored }) => [kind, scored]), [
    ["birth", false],
    ["death", false],
  ]);
  const tracks = hovering.labels.map((label, probe) => probe >= 2 * probes && label === 0 ? 5 : -1);
  const told: FoundEvent[] = [{ kind: "birth", frame: 2, track: 5, partner: -1 }];
  assert.deepEqual(scoreEvents([], tracks, hovering).birth, { real: 0, told: 0, found: 0 });
  assert.deepEqual(scoreEvents(told, tracks, hovering).birth, { real: 0, told: 0, found: 0 });
  const entered = growing([0, 6, 12, 12, 12, 12], 0);
  assert.equal(trueEvents(entered).length, 0);
  const later = growing([0, 0, 4, 6, 12, 12]);
  assert.deepEqual(
    trueEvents(later).map(({ frame, earliest, latest, scored }) => [frame, earliest, latest, scored]),
    [
      [4, 2, 4, true],
    ],
  );
});

Deno.test("an object may be told of as soon as it has a probe, and what is told while it is small is not in error", () => {
  const later = growing([0, 0, 0, 4, 6, 7, 8, 9, 12, 12]);
  const track = later.labels.map((label) => label === 0 ? 5 : -1);
  const birth = (frame: number): FoundEvent => ({ kind: "birth", frame, track: 5, partner: -1 });
  for (const frame of [3, 7, 9]) {
    assert.deepEqual(scoreEvents([birth(frame)], track, later).birth, { real: 1, told: 1, found: 1 });
  }
  const never = growing([0, 0, 0, 4, 6, 7, 8, 8, 8, 8]);
  assert.deepEqual(scoreEvents([birth(3)], track, never).birth, { real: 0, told: 0, found: 0 });
});

Deno.test("a region that is mostly bare support is that of the object that lies in it", () => {
  const known = growing([0, 0, 9, 9, 9, 9]);
  // Eleven probes of support around it.
  const tracks = new Int32Array(6 * probes).fill(-1);
  for (let frame = 2; frame < 6; frame++) {
    for (let row = 1; row < 6; row++) {
      tracks.fill(5, frame * probes + row * columns + 2, frame * probes + row * columns + 6);
    }
  }
  const told: FoundEvent[] = [{ kind: "birth", frame: 2, track: 5, partner: -1 }];
  assert.deepEqual(scoreEvents(told, tracks, known).birth, { real: 1, told: 1, found: 1 });
  // A region with a corner of it is not its own.
  const corner = tracks.map((track, place) => place % columns < 4 || place % columns > 5 ? -1 : track);
  for (let frame = 2; frame < 6; frame++) {
    corner.fill(5, frame * probes + 3 * columns + 6, frame * probes + 3 * columns + 14);
  }
  assert.equal(scoreEvents(told, corner, known).birth.found, 0);
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

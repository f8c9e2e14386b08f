/** Events, lists and curves of a series: marks, words, certainty, order, lines. */

import assert from "node:assert/strict";
import { isCertain, lineageOf, marksOf, wordsOf } from "../../../viewer/page/series/event_marks.ts";
import { sortTracks, sparkline } from "../../../viewer/page/series/track_order.ts";
import type { SeriesEvent } from "../../../viewer/protocol/series.ts";

const event = (fields: Partial<SeriesEvent>): SeriesEvent => ({
  ...{ kind: "birth", frame: 1, track: 0, partner: -1, byHand: false, provisional: false },
  ...fields,
});
const merge = event({ kind: "merge", frame: 4, track: 1, partner: 2, cosine: 0.31 });
const repair = event({ kind: "merge", frame: 4, track: 3, partner: 2, cosine: 0.95 });
const split = event({ kind: "split", frame: 6, track: 5, partner: 2, cosine: -0.1 });

Deno.test("an event is told in words, with what speaks against it", () => {
  assert.equal(wordsOf(merge), "Frame 4: track 1 merges into 2 (cosine 0.31)");
  assert.equal(wordsOf(split), "Frame 6: track 5 splits from 2 (cosine \u22120.10)");
  assert.equal(
    wordsOf(repair),
    "Frame 4: track 3 merges into 2 (cosine 0.95, more likely a cut in one frame)",
  );
  assert.equal(wordsOf(event({ kind: "death", provisional: true })), "Frame 1: track 0 ends (may come back)");
  assert.equal(wordsOf(event({ doubtful: true })), "Frame 1: track 0 appears (doubtful)");
  assert.equal(wordsOf(event({ byHand: true })), "Frame 1: track 0 appears (by hand)");
});

Deno.test("certain is what is over, and does not look like one crystal that was cut; the file's own word counts most", () => {
  assert.deepEqual([merge, split, repair].map(isCertain), [true, true, false]);
  assert.equal(isCertain({ ...merge, provisional: true }), false);
  assert.equal(isCertain({ ...repair, doubtful: false }), true);
  assert.equal(isCertain({ ...merge, doubtful: true }), false);
  assert.equal(isCertain(event({ kind: "vanish", cosine: 0.99 })), true, "what dwindled is not repaired");
  assert.equal(isCertain({ ...repair, byHand: true }), true);
});

Deno.test("marks are by frame; at the rim only those of the followed track, which a click goes to", () => {
  const enter = event({ kind: "enter", frame: 2, track: 7 }), all = [enter, merge, repair, split];
  assert.deepEqual(marksOf(all, -1).map(({ frame }) => frame), [4, 6]);
  const [mark] = marksOf(all, -1);
  assert.deepEqual([mark.event, mark.kinds, [...mark.certain], mark.own], [
    merge,
    ["merge"],
    ["merge"],
    false,
  ]);
  assert.deepEqual(marksOf(all, 7).map(({ frame, own }) => [frame, own]), [[2, true], [4, false], [
    6,
    false,
  ]]);
  assert.equal(marksOf(all, 3)[0].event, repair);
});

Deno.test("lineage goes both ways", () => {
  const all = [merge, repair, split];
  assert.deepEqual(lineageOf(all, 2), { parents: [merge, repair], children: [split] });
  assert.deepEqual(lineageOf(all, 5), { parents: [split], children: [] });
  assert.deepEqual(lineageOf(all, 1), { parents: [], children: [merge] });
});

Deno.test("tracks are sorted by birth, size and length, equal ones by number", () => {
  const tracks = [[0, 2, 3, 50], [1, 0, 1, 90], [2, 0, 4, 90]].map(([track, first, length, largest]) => ({
    ...{ track, first, largest, last: first + length - 1 },
    regions: Array.from({ length }, (_, region) => region),
  }));
  const order = (by: "birth" | "size" | "length", rising: boolean) =>
    sortTracks(tracks, { by, rising }).map(({ track }) => track);
  assert.deepEqual(order("birth", true), [1, 2, 0]);
  assert.deepEqual(order("size", false), [1, 2, 0]);
  assert.deepEqual(order("length", false), [2, 0, 1]);
});

Deno.test("a curve has a gap where a track was not seen, and a dot where it was seen once", () => {
  const size = { width: 100, height: 10 };
  assert.equal(
    sparkline([[0, 5], [1, 10], [3, 0]], 5, 10, size),
    "M0.0 5.0h0L25.0 0.0M75.0 10.0h0",
  );
  assert.equal(sparkline([[0, 4]], 1, 4, size), "M0.0 0.0h0");
});

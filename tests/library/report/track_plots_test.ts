/** Drawings of tracks: what is in them, and what becomes of odd series. */

import assert from "node:assert/strict";
import { alongLine, kymographImage, longestLine } from "../../../library/report/kymograph.ts";
import { areaPlot, lineagePlot, type TrackDrawing } from "../../../library/report/track_plots.ts";
import type { TrackSummary } from "../../../library/series/track_summary.ts";

const summary = (track: number, changes: Partial<TrackSummary> = {}): TrackSummary => ({
  ...{ track, first: 0, last: 3, frames: 4, began: "start", ended: "end", parent: -1, into: -1 },
  ...{ firstArea: 10, lastArea: 10, largestArea: 10, radiusRate: NaN, radiusRateError: NaN },
  ...{ path: 0, displacement: 0, cosine: NaN, ...changes },
});
const event = {
  ...{
    frame: 2,
    size: 10,
    partnerSize: 12,
    weight: 0.4,
    cosine: 0.2,
    unionCosine: 0.95,
    ...{ borderBefore: NaN, borderNow: NaN },
    areaPassed: NaN,
  },
  ...{ atRim: false, seen: 1, covered: 0, light: NaN },
  ...{ row: 0, column: 0, provisional: false, doubtful: true },
};
const drawing: TrackDrawing = {
  frames: 4,
  curves: [
    { track: 0, points: [[0, 12], [1, 12], [2, 22], [3, 22]] },
    { track: 1, points: [[0, 10], [1, 10]] },
    { track: 2, points: [[3, 4]] },
  ],
  summaries: [
    summary(0, { largestArea: 22 }),
    summary(1, { last: 1, into: 0 }),
    summary(2, { first: 3, parent: 0, largestArea: 4 }),
  ],
  events: [
    { ...event, kind: "merge", track: 1, partner: 0 },
    { ...event, kind: "split", frame: 3, track: 2, partner: 0, doubtful: false },
  ],
  colours: Uint32Array.of(0, 1, 2),
};
const count = (text: string, what: RegExp) => text.match(what)?.length ?? 0;

Deno.test("areas show each track with what came in and split off, doubtful ones dashed", () => {
  const text = String(areaPlot(drawing));
  assert.equal(count(text, /<path/g), 3);
  assert.equal(count(text, /<circle[^>]+stroke-dasharray="2 2"/g), 1);
  assert.equal(count(text, /<line[^>]+stroke-dasharray="none"/g), 1);
  assert.ok(text.includes(">22<") && String(areaPlot(drawing, 4, "nm²")).includes(">88<"));
});

Deno.test("numbers at the ends of curves do not lie on each other", () => {
  const curves = [20, 21, 22, 22].map((size, track) => ({ track, points: [[0, 12], [3, size]] as const }));
  const text = String(areaPlot({ ...drawing, curves, events: [], colours: Uint32Array.of(0, 1, 2, 3) }));
  const ends = Array.from(
    text.matchAll(/<text x="601.0" y="([\d.]+)"[^>]*>(\d)<\/text>/g),
    ([, y, track]) => ({ y: Number(y), track: Number(track) }),
  ).sort((one, other) => one.y - other.y);
  assert.deepEqual(ends.map(({ track }) => track), [2, 3, 1, 0]);
  assert.ok(ends.every(({ y }, place) => place === 0 || y - ends[place - 1].y >= 10.9), text);
});

Deno.test("lives are bands with an arc for each merger and split, relatives side by side", () => {
  const text = String(lineagePlot(drawing));
  assert.equal(count(text, /<path fill="#/g), 3);
  assert.equal(count(text, /<path fill="none"/g), 2);
  // Two that took each other in have no head, and are drawn nevertheless.
  const circle = { ...drawing, summaries: [summary(0, { into: 1 }), summary(1, { parent: 0 }), summary(2)] };
  assert.equal(count(String(lineagePlot(circle)), /<path fill="#/g), 3);
});

Deno.test("a series without tracks, or of one frame, has no drawing", () => {
  for (const plot of [areaPlot, lineagePlot]) {
    assert.equal(plot({ ...drawing, curves: [], summaries: [], events: [] }), null);
    assert.equal(plot({ ...drawing, frames: 1 }), null);
  }
});

Deno.test("a kymograph follows the specimen along the line of the track that moved furthest", () => {
  const size = { rows: 4, columns: 10 };
  const ends = new Map([[1, { track: 1, first: { row: 1, column: 2 }, last: { row: 1, column: 6 } }]]);
  assert.deepEqual(longestLine([summary(0), summary(1)], ends, size), {
    from: { row: 1, column: -6 },
    to: { row: 1, column: 14 },
  });
  const still = longestLine([summary(0, { largestArea: 20 })], new Map(), size);
  assert.deepEqual(still, { from: { row: 1.5, column: 0 }, to: { row: 1.5, column: 9 } });

  const tracks = Int32Array.from(
    { length: 40 },
    (_, probe) => Math.floor(probe / 10) === 2 ? probe % 10 : -1,
  );
  const line = { from: { row: 1, column: -1 }, to: { row: 1, column: 9 } };
  const seen = alongLine(tracks, size, line, { row: 1, column: 1 });
  assert.deepEqual(Array.from(seen), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1]);
  const image = kymographImage([seen, seen, seen], Uint32Array.from({ length: 10 }, (_, i) => i));
  assert.deepEqual([image.width, image.height], [88, 24]);
});

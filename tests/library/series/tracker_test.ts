/** Linking against the research tracker's results, and what must hold whatever the frames are. */

import assert from "node:assert/strict";
import { SeriesLinker } from "../../../library/series/series_linker.ts";
import { Tracker } from "../../../library/series/tracker.ts";
import { goldenFrames, type GoldenSeries, readSeriesGolden } from "../../support/series.ts";

const { links } = readSeriesGolden();

Deno.test("tracks and events are those of the research tracker", () => {
  for (const [number, golden] of links.entries()) {
    const { tracks, events } = link(golden);
    assert.deepEqual(tracks, golden.tracks, `series ${number}`);
    assert.deepEqual(events, golden.events, `series ${number}`);
  }
});

Deno.test("the series turned by 90 degrees has the same tracks", () => {
  for (const golden of links.slice(0, 4)) {
    const { rows, columns } = golden, tracker = new Tracker();
    const tracks = goldenFrames(golden).map((frame, index) => {
      const labels = new Int32Array(rows * columns);
      Array.from(frame.labels).forEach((label, probe) => {
        const row = Math.floor(probe / columns), column = probe % columns;
        labels[(columns - 1 - column) * rows + row] = label;
      });
      const [down, right] = golden.drift[index];
      // A half that is rounded goes the other way in the turned frame: none of these drifts ends on one.
      return tracker.add({ ...frame, rows: columns, columns: rows, labels }, { row: -right, column: down })
        .map(({ track }) => track);
    });
    assert.deepEqual(tracks, golden.tracks);
  }
});

Deno.test("every region has one track, and a track at most one region in a frame", () => {
  for (const golden of links) {
    for (const tracks of link(golden).tracks) assert.equal(new Set(tracks).size, tracks.length);
  }
});

Deno.test("without features, places alone link", () => {
  const tracker = new Tracker(), [golden] = links;
  const [first] = goldenFrames(golden);
  const { rows, columns, labels, count } = first;
  const still = { row: 0, column: 0 };
  tracker.add({ rows, columns, labels, count }, still);
  const again = tracker.add({ rows, columns, labels, count }, still);
  assert.deepEqual(again.map(({ track }) => track), Array.from({ length: count }, (_, region) => region));
  assert.ok(again.every(({ ratio, cosine, gap }) => ratio === 1 && cosine === 0 && gap === 0));
  assert.throws(() => tracker.add({ rows: rows - 1, columns, labels, count }, still), RangeError);
  assert.throws(() => tracker.add({ rows: columns, columns: rows, labels, count }, still), /as those before/);
});

Deno.test("a lost frame ends nothing: its tracks come back", async () => {
  const rows = 12, columns = 12;
  const labels = Int32Array.from({ length: 144 }, (_, probe) => probe % 12 < 6 ? 0 : 1);
  const linker = new SeriesLinker({ rows, columns, patternRows: 16, patternColumns: 16 });
  const meanSimilarity = Float32Array.from(
    { length: 144 },
    (_, probe) => 1 / (1 + probe % 12) + probe * probe / 9000,
  );
  await linker.add({ labels, clusters: 2, meanSimilarity });
  await linker.add({ labels: labels.map(() => -1), clusters: 0 });
  const { regions, step } = await linker.add({ labels, clusters: 2, meanSimilarity });
  assert.deepEqual(regions.map(({ track, gap }) => [track, gap]), [[0, 1], [1, 1]]);
  assert.ok(step.trusted && Math.abs(step.row) < 0.6 && Math.abs(step.column) < 0.6);
  assert.deepEqual(linker.events(), []);
  assert.equal(linker.summaries()[0].frames, 2);
  assert.equal(linker.restlessness(), 0, "nothing came and went");
});

Deno.test("beside lost frames nobody knows what began and ended", async () => {
  const rows = 12, columns = 12, lost = { labels: new Int32Array(144).fill(-1), clusters: 0 };
  const meanSimilarity = Float32Array.from({ length: 144 }, (_, probe) => 1 / (1 + probe % 12));
  // Square b is there before the lost frame only, c after it only; a is always there.
  const squares = (wanted: string) => ({
    labels: Int32Array.from({ length: 144 }, (_, probe) => {
      const row = Math.floor(probe / 12), column = probe % 12;
      const inside = (at: number) => row >= at && row < at + 3 && column >= at && column < at + 3;
      return wanted.includes("a") && inside(1) ? 0 : inside({ b: 4, c: 8 }[wanted.at(-1)!] ?? 99) ? 1 : -1;
    }),
    ...{ clusters: wanted.length, meanSimilarity },
  });
  const shape = { rows, columns, patternRows: 16, patternColumns: 16 };
  const linked = async (...frames: Parameters<SeriesLinker["add"]>[0][]) => {
    const linker = new SeriesLinker(shape, { drift: "none" });
    for (const frame of frames) await linker.add(frame);
    return linker;
  };
  const [b, c] = [squares("ab"), squares("ac")];
  const told = (linker: SeriesLinker) =>
    linker.events().map(({ kind, frame, track, doubtful }) => [kind, frame, track, doubtful]);
  assert.deepEqual(told(await linked(b, b, b, lost, c, c, c)), [["death", 3, 1, true], [
    "birth",
    4,
    2,
    true,
  ]]);
  assert.deepEqual(told(await linked(b, b, b, c, c, c)), [["birth", 3, 2, false], ["death", 3, 1, false]]);
  const late = await linked(lost, b, b, b);
  assert.deepEqual(told(late), []);
  assert.deepEqual(late.summaries().map(({ began, ended }) => [began, ended]), [["unknown", "end"], [
    "unknown",
    "end",
  ]]);
});

function link(golden: GoldenSeries) {
  const tracker = new Tracker();
  const tracks = goldenFrames(golden).map((frame, index) => {
    const [row, column] = golden.drift[index];
    return tracker.add(frame, { row, column }).map(({ track }) => track);
  });
  const events = tracker.events().map(({ kind, frame, track, partner }) => [kind, frame, track, partner]);
  return { tracks, events };
}

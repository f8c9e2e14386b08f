/** Crystals that are known again by their patterns, in a scan where places alone tell nothing. */

import assert from "node:assert/strict";
import type { RegionFrameInput } from "../../../library/series/region_frame.ts";
import { Tracker } from "../../../library/series/tracker.ts";

const rows = 24, columns = 40, still = { row: 0, column: 0 };

/** A square of 5 x 5 probes, or of another side. */
interface Square {
  readonly row: number;
  readonly column: number;
  /** Which pattern it has. */
  readonly pattern: number;
  readonly side?: number;
}

/** Patterns of different numbers have nothing in common; `likeness` is the cosine with the pattern itself. */
function frameOf(squares: readonly Square[], likeness = 1): RegionFrameInput {
  const labels = new Int32Array(rows * columns).fill(-1), length = 8;
  const features = new Float64Array(squares.length * length);
  squares.forEach(({ row, column, pattern, side = 5 }, region) => {
    for (let y = 0; y < side; y++) {
      labels.fill(region, (row + y) * columns + column, (row + y) * columns + column + side);
    }
    features[region * length + pattern] = 10 * likeness;
    features[region * length + length - 1] = 10 * Math.sqrt(1 - likeness * likeness);
  });
  return { rows, columns, labels, count: squares.length, features, noise: new Float64Array(squares.length) };
}

const tracksOf = (tracker: Tracker, frames: readonly RegionFrameInput[]) =>
  frames.map((frame) => tracker.add(frame, still).map(({ track }) => track).join(""));

Deno.test("what moved further than it is large is known by its pattern, and followed from there", () => {
  const one = (column: number): Square => ({ row: 10, column, pattern: 0 });
  const frames = [frameOf([one(3)]), frameOf([one(10)]), frameOf([one(17)], 0.5), frameOf([one(24)])];
  const tracker = new Tracker();
  assert.deepEqual(tracksOf(tracker, frames), ["0", "0", "0", "0"]);
  assert.deepEqual(tracker.events(), []);
  const blind = new Tracker({ recognise: false });
  assert.deepEqual(tracksOf(blind, frames), ["0", "1", "2", "3"]);
});

Deno.test("another pattern, another size or a place too far away is another crystal", () => {
  const before = frameOf([{ row: 10, column: 3, pattern: 0 }]);
  const after: readonly (readonly [RegionFrameInput, string])[] = [
    [frameOf([{ row: 10, column: 10, pattern: 1 }]), "1"],
    [frameOf([{ row: 10, column: 10, pattern: 0 }], 0.4), "1"],
    [frameOf([{ row: 10, column: 16, pattern: 0 }]), "1"],
    [frameOf([{ row: 10, column: 10, pattern: 0 }]), "0"],
  ];
  for (const [now, track] of after) {
    assert.deepEqual(tracksOf(new Tracker(), [before, now]), ["0", track]);
  }
  const small = frameOf([{ row: 10, column: 10, pattern: 0, side: 2 }]);
  assert.deepEqual(tracksOf(new Tracker(), [before, small]), ["0", "1"]);
});

Deno.test("what was missed for long comes back by its pattern alone, until it is forgotten", () => {
  const seen = frameOf([{ row: 10, column: 10, pattern: 0 }, { row: 2, column: 30, pattern: 1 }]);
  const missed = frameOf([{ row: 2, column: 30, pattern: 1 }]);
  const series = (gone: number, again: RegionFrameInput) => [seen, ...new Array(gone).fill(missed), again];
  const last = (gone: number, again = seen, tracker = new Tracker()) => {
    const tracks = tracksOf(tracker, series(gone, again)).at(-1);
    return { tracks, kinds: tracker.events().map(({ kind }) => kind).join() };
  };
  assert.deepEqual(last(6), { tracks: "01", kinds: "" });
  assert.deepEqual(last(11), { tracks: "21", kinds: "death,birth" });
  assert.deepEqual(last(6, seen, new Tracker({ recognise: false })), { tracks: "21", kinds: "death,birth" });
  const other = frameOf([{ row: 10, column: 10, pattern: 2 }, { row: 2, column: 30, pattern: 1 }]);
  assert.deepEqual(last(6, other), { tracks: "21", kinds: "death,birth" });
  assert.deepEqual(last(2, other), { tracks: "01", kinds: "" }, "after two frames its place is enough");
});

Deno.test("a crystal that keeps moving is not taken for the one into whose place it comes", () => {
  // Faster and faster, one behind the other, and turning, so that no pattern helps.
  const frames = [0, 3, 7, 12].map((column, frame) =>
    frameOf(
      [0, 1].map((crystal) => ({ row: 10, column: column + 8 * crystal, pattern: 2 * frame % 7 + crystal })),
    )
  );
  assert.deepEqual(tracksOf(new Tracker(), frames), ["01", "01", "01", "01"]);
  assert.notDeepEqual(tracksOf(new Tracker({ recognise: false }), frames).at(-1), "01");
});

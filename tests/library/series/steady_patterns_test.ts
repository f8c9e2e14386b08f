/** Links of crystals whose patterns stay what they are, and what comes out of others for a moment. */

import assert from "node:assert/strict";
import type { RegionFrameInput } from "../../../library/series/region_frame.ts";
import { TrackSizes } from "../../../library/series/track_sizes.ts";
import { Tracker } from "../../../library/series/tracker.ts";

const rows = 24, columns = 40, still = { row: 0, column: 0 };

/** A rectangle of probes with the pattern of this number; patterns of different numbers have nothing in common. */
interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  readonly pattern: number;
}

function box(left: number, pattern: number, width = 6, top = 8, height = 6): Box {
  return { top, left, height, width, pattern };
}

/** `united` says of which regions of the frame before the first region holds several that are alike. */
function frameOf(boxes: readonly Box[], united: readonly number[] = []): RegionFrameInput {
  const labels = new Int32Array(rows * columns).fill(-1), length = 8;
  const features = new Float64Array(boxes.length * length);
  boxes.forEach(({ top, left, height, width, pattern }, region) => {
    for (let row = top; row < top + height; row++) {
      labels.fill(region, row * columns + left, row * columns + left + width);
    }
    features[region * length + pattern] = 10;
  });
  const unionCosine = (region: number, before: number) =>
    region === 0 && united.includes(before) ? 1 : undefined;
  return {
    rows,
    columns,
    labels,
    count: boxes.length,
    features,
    noise: new Float64Array(boxes.length),
    unionCosine,
  };
}

const tracksOf = (tracker: Tracker, frames: readonly RegionFrameInput[]) =>
  frames.map((frame) => tracker.add(frame, still).map(({ track }) => track).join(""));

Deno.test("a crystal that moved away is not taken for the one that came to its place", () => {
  // The first goes on by more than its own width, and the second comes to where a part of it was.
  const frames = [
    frameOf([box(12, 0), box(4, 1)]),
    frameOf([box(12, 0), box(4, 1)]),
    frameOf([box(20, 0), box(12, 1, 6, 10)]),
  ];
  assert.deepEqual(tracksOf(new Tracker(), frames), ["01", "01", "01"]);
  const blind = new Tracker({ recognise: false });
  assert.notEqual(tracksOf(blind, frames)[2], "01");
});

Deno.test("a pattern that never was the same says nothing: a crystal that turns stays where it is", () => {
  const turning = [0, 1, 2, 3].map((pattern) => frameOf([box(12, pattern)]));
  assert.deepEqual(tracksOf(new Tracker(), turning), ["0", "0", "0", "0"]);
  const steady = [0, 0, 0, 3].map((pattern) => frameOf([box(12, pattern)]));
  assert.deepEqual(tracksOf(new Tracker(), steady), ["0", "0", "0", "0"], "nothing else lies there");
});

Deno.test("a host leaves the region that it continues as only to a guest", () => {
  const apart = frameOf([box(4, 0, 4), box(8, 1, 2)]), one = frameOf([box(4, 0, 12)], [0, 1]);
  // It has grown, and the segmentation breaks it where it was before the merger.
  const broken = frameOf([box(4, 0, 4), box(8, 0, 8)]);
  const tracker = new Tracker();
  assert.deepEqual(tracksOf(tracker, [apart, apart, one]), ["01", "01", "0"]);
  const links = tracker.add(broken, still);
  assert.equal(links[1].track, 0, "the larger part goes on");
});

Deno.test("what comes out for a moment was in all the time: the merger is told when it was", () => {
  const apart = frameOf([box(4, 0), box(10, 1)]), one = frameOf([box(4, 0, 12)], [0, 1]);
  const merger = (out: number) => {
    const tracker = new Tracker();
    const frames = [apart, apart, apart, one, ...new Array<RegionFrameInput>(out).fill(apart), one, one];
    tracksOf(tracker, frames);
    return tracker.events().filter(({ kind }) => kind === "merge").map(({ frame, track }) => [frame, track]);
  };
  assert.deepEqual(merger(0), [[3, 1]]);
  assert.deepEqual(merger(1), [[3, 1]]);
  assert.deepEqual(merger(2), [[3, 1]]);
  assert.deepEqual(merger(3), [[7, 1]], "it was out indeed");
});

Deno.test("a track has dwindled from its largest size, or quickly", () => {
  const dwindled = (...sizes: readonly number[]) => {
    const tracks = new TrackSizes();
    sizes.forEach((size) => tracks.note(0, size));
    return tracks.dwindled(0, sizes.at(-1)!);
  };
  assert.equal(dwindled(100), false);
  assert.equal(dwindled(220, 202, 157, 104), true);
  assert.equal(dwindled(100, 80, 70, 60), false);
  assert.equal(dwindled(100, 80, 60, 45, 38), true);
});

/** Tracks as the Cell Tracking Challenge has them: its rules hold, and masks say the same as the map of tracks. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { cellLabels, writeCellTracking } from "../../../library/results/series/cell_tracking.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import { withFolder } from "../../support/folders.ts";
import { python } from "../../support/peers.ts";
import { seededRandom } from "../../support/random.ts";
import { readAll } from "../../support/reading.ts";

/** Frames with these tracks. */
const framesOf = (...tracks: number[][]) =>
  tracks.map((frame) => ({ regions: frame.map((track) => ({ track })) }));
const event = (kind: "split" | "merge", frame: number, track: number, partner: number) => ({
  ...{ kind, frame, track, partner },
});

Deno.test("a track is one label, until it was not seen for a while or another splits off it", () => {
  const frames = framesOf([0, 1], [0, 1, 2], [0, 2], [0, 1, 2], [0, 1, 3, 2]);
  // 2 splits off 0; 1 goes into 2 in frame 2 and comes back; 3 splits off 2.
  const events = [event("split", 1, 2, 0), event("merge", 2, 1, 2), event("split", 4, 3, 2)];
  const { labels, inFrames } = cellLabels(frames, events);
  assert.deepEqual(
    labels.map(({ label, track, first, last, parent }) => [label, track, first, last, parent]),
    [
      [1, 0, 0, 0, 0],
      [2, 1, 0, 1, 0],
      [3, 2, 1, 3, 1],
      [4, 3, 4, 4, 3],
      [5, 0, 1, 4, 1],
      [6, 1, 3, 4, 2],
      [7, 2, 4, 4, 3],
    ],
  );
  assert.deepEqual(inFrames.map((found) => [...found]), [
    [[0, 1], [1, 2]],
    [[0, 5], [1, 2], [2, 3]],
    [[0, 5], [2, 3]],
    [[0, 5], [1, 6], [2, 3]],
    [[0, 5], [1, 6], [3, 4], [2, 7]],
  ]);
});

/** Maps with tracks that come and go, and splits where one begins beside another. */
function randomSeries(frames: number, side: number) {
  const random = seededRandom(5), maps = new Int32Array(frames * side * side).fill(-1);
  const seen = new Set<number>(), events: ReturnType<typeof event>[] = [], tracks: number[][] = [];
  for (let frame = 0; frame < frames; frame++) {
    const here = Array.from({ length: side }, (_, track) => track).filter((track) =>
      random() < (seen.has(track) ? 0.8 : 0.3)
    );
    here.forEach((track) => {
      const host = tracks[frame - 1]?.at(0);
      if (!seen.has(track) && host !== undefined && random() < 0.5) {
        events.push(event("split", frame, track, host));
      }
      seen.add(track);
      maps.fill(track, (frame * side + track) * side, (frame * side + track) * side + 1 + frame % side);
    });
    tracks.push(here);
  }
  return { maps, events, frames: framesOf(...tracks) };
}

const canRead = await new Deno.Command(python, { args: ["-c", "import tifffile"], stderr: "null" }).output()
  .then(({ success }) => success, () => false);
if (!canRead) console.warn(`skipped, ${python} lacks tifffile: masks of tracks`);

/** Prints number type, shape and the sum of each label of all masks of a folder. */
const reader = `
import glob, sys, numpy, tifffile
masks = numpy.array([tifffile.imread(name) for name in sorted(glob.glob(sys.argv[1] + "/mask*.tif"))])
print(masks.dtype, *masks.shape, *masks.ravel())
`;

Deno.test("masks and table keep the rules of the challenge, and masks say what the map says", () =>
  withFolder(async (folder) => {
    const [count, side] = [9, 12], { maps, events, frames } = randomSeries(count, side);
    const path = join(folder, "tracks.npy"), out = join(folder, "tracks.ctc");
    Deno.writeFileSync(path, encodeNpy("i32", [count, side, side], maps));
    const found = cellLabels(frames, events);
    await writeCellTracking(out, found, { rows: side, columns: side }, path, undefined);
    const read = (name: string) => Deno.readTextFileSync(join(out, name)).trim().split("\n");
    const [header, ...pairs] = read("labels.csv").map((line) => line.split(","));
    assert.deepEqual(header, ["label", "track"]);
    const trackOf = new Map(pairs.map(([label, track]) => [Number(label), Number(track)]));
    const table = new Map(
      read("res_track.txt").map((line) => {
        const [label, first, last, parent] = line.split(" ").map(Number);
        return [label, { first, last, parent }];
      }),
    );
    assert.ok(table.size > side && [...table.values()].some(({ parent }) => parent > 0));
    for (const [label, { first, parent }] of table) {
      assert.ok(trackOf.has(label) && label > 0);
      if (parent > 0) assert.ok(table.get(parent)!.last < first, `${label} begins after its parent`);
    }
    const masks: number[] = [];
    for (let frame = 0; frame < count; frame++) {
      const scan = await openScan(join(out, `mask00${frame}.tif`), { scanShape: { rows: 1, columns: 1 } });
      assert.deepEqual([scan.dtype, scan.shape.patternRows, scan.shape.patternColumns], ["u16", side, side]);
      const mask = Array.from(await readAll(scan, 1), Number);
      scan.close();
      masks.push(...mask);
      const living = [...table].filter(([, { first, last }]) => first <= frame && frame <= last);
      const labels = new Set(mask.filter((label) => label > 0));
      assert.deepEqual([...labels].sort((a, b) => a - b), living.map(([label]) => label));
    }
    assert.deepEqual(masks.map((label) => label === 0 ? -1 : trackOf.get(label)), Array.from(maps));
    if (!canRead) return;
    const { stdout } = await new Deno.Command(python, { args: ["-c", reader, out] }).output();
    const [dtype, ...numbers] = new TextDecoder().decode(stdout).trim().split(" ");
    assert.equal(dtype, "uint16");
    assert.deepEqual(numbers.map(Number), [count, side, side, ...masks]);
  }));

Deno.test("more labels than masks can hold are refused before anything is written", () =>
  withFolder(async (folder) => {
    const labels = [{ label: 0x10000, track: 0xffff, first: 0, last: 0, parent: 0 }];
    const out = join(folder, "tracks.ctc");
    await assert.rejects(
      writeCellTracking(out, { labels, inFrames: [] }, { rows: 1, columns: 1 }, "", undefined),
      BadParameter,
    );
    assert.deepEqual(Array.from(Deno.readDirSync(folder)), []);
  }));

/** Frames that show nothing, because the beam was blanked or the specimen has jumped: no regions of others are seen in them. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { Random } from "../../../library/simulation/random.ts";
import { crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { frameSide, movingWindow, writeFrames } from "../../support/moving_series.ts";
import { decodeNpy } from "../../support/numpy.ts";

const flags = ["--preset", "auto", "--workers", "2"];

Deno.test("a frame without a single count is told of, and the tracks go on after it", () =>
  withFolder(async (folder) => {
    const { frames } = movingWindow(), scan = join(folder, "scan.npy"), out = join(folder, "out");
    writeFrames(scan, [frames[0], new Uint16Array(frames[0].length), frames[0], frames[1]]);
    const series = await crystalliteJson("series", scan, "--out", out, ...flags);
    assert.deepEqual(
      series.frames.map(({ error }: { error?: { kind: string } }) => error?.kind),
      [undefined, "CorruptFile", undefined, undefined],
    );
    assert.match(
      series.warnings.join(" "),
      /frame 1, .*: patterns all over the scan hold not a single count; the series goes on without it/,
    );
    const tracks = decodeNpy(Deno.readFileSync(join(out, "tracks.npy"))).data, probes = frameSide ** 2;
    assert.deepEqual(tracks.slice(0, probes), tracks.slice(2 * probes, 3 * probes));
    assert.equal(series.restlessness, 0);
  }));

Deno.test("what does not agree with the frame before expects nothing of it", () =>
  withFolder(async (folder) => {
    const { frames } = movingWindow(), scan = join(folder, "scan.npy");
    // Read-out noise alone.
    const random = new Random(5, 0), noise = frames[0].map(() => random.below(4));
    writeFrames(scan, [frames[0], noise]);
    const labels = async (hint: string) => {
      const out = join(folder, hint);
      const { frames: [, second] } = await crystalliteJson(
        ...["series", scan, "--out", out, "--hint", hint, ...flags],
      );
      const drift = Deno.readTextFileSync(join(out, "drift.csv")).trimEnd().split("\n");
      assert.match(drift.at(-1)!, /,0$/, "the step is not trusted");
      return decodeNpy(Deno.readFileSync(join(out, second.directory, "labels.npy"))).data;
    };
    assert.deepEqual(await labels("auto"), await labels("none"));
  }));

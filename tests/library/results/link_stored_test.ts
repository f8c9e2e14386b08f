/** Stored frames are linked by their patterns, or not at all. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { linkStoredFrames } from "../../../library/results/series/link_stored.ts";
import { readSeriesRecord } from "../../../library/results/series/record.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import type { ScanShape } from "../../../library/scan/shape.ts";
import { SeriesLinker } from "../../../library/series/series_linker.ts";
import { crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { movingWindow, writeFrames } from "../../support/moving_series.ts";

const flags = ["--preset", "auto"];

/** A series of the command, and its frames as they are linked. */
const withSeries = (test: (out: string, frames: { directory: string }[]) => Promise<void>) =>
  withFolder(async (folder) => {
    const file = join(folder, "moving.npy"), out = join(folder, "out");
    writeFrames(file, movingWindow().frames);
    await crystalliteJson("series", file, "--out", out, ...flags);
    const record = await readSeriesRecord(out);
    await test(out, record!.frames.map(({ directory }) => ({ directory: join(out, directory!) })));
  });

Deno.test("a stored series is linked again with the shape of its record, patterns and all", () =>
  withSeries(async (out, frames) => {
    const { shape } = (await readSeriesRecord(out))!, maps = join(out, "again.npy");
    const linked = await linkStoredFrames(frames, shape as ScanShape, maps, new Set(), {}, {});
    assert.deepEqual(linked.trackTable.join(""), Deno.readTextFileSync(join(out, "tracks.csv")));
    assert.deepEqual(Deno.readFileSync(maps), Deno.readFileSync(join(out, "tracks.npy")));
    const cosines = linked.frames.slice(1).flatMap(({ regions }) => regions.map(({ cosine }) => cosine));
    assert.ok(cosines.some((cosine) => cosine > 0.5), "patterns are compared");
  }));

Deno.test("frames of another shape than is said are refused, and a shape without patterns is none", () =>
  withSeries(async (out, frames) => {
    const shape = (await readSeriesRecord(out))!.shape as ScanShape, { rows, columns } = shape;
    const maps = join(out, "again.npy");
    const link = (wrong: ScanShape) => linkStoredFrames(frames, wrong, maps, new Set(), {}, {});
    await assert.rejects(link({ ...shape, patternRows: shape.patternRows + 1 }), BadParameter);
    await assert.rejects(link({ ...shape, rows: rows - 1 }), BadParameter);
    await assert.rejects(link({ rows, columns } as ScanShape), RangeError);
    assert.throws(() => new SeriesLinker({ rows, columns } as ScanShape), /patternRows/);
  }));

/** Series that go on: the end is what one run over everything would have made. */

import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { frameSide, mergingFrames, patternSide } from "../../support/moving_series.ts";
import { assertSameFolder } from "../../support/same_result.ts";

const shape = [frameSide, frameSide, patternSide, patternSide];

Deno.test("what rests on a frame that was made again, and is another, is made again too", () =>
  withFolder(async (folder) => {
    const frames = mergingFrames(), paths = [0, 1, 2].map((frame) => join(folder, `scan_${frame}.npy`));
    paths.forEach((path, frame) => Deno.writeFileSync(path, encodeNpy("u16", shape, frames[frame])));
    const out = join(folder, "out"), whole = join(folder, "whole");
    const series = (directory: string, ...more: string[]) =>
      crystalliteJson("series", ...paths, "--out", directory, "--preset", "auto", "--drift", "none", ...more);
    await series(out, "--export", "ctc");
    // The scan is recorded once more, and what was made of it thrown away. The drift, which is none, does not tell.
    Deno.writeFileSync(paths[1], encodeNpy("u16", shape, frames[5]));
    Deno.removeSync(join(out, "frames", "0001"), { recursive: true });
    assert.equal((await series(out)).reused, 1);
    await series(whole, "--export", "ctc");
    assertSameFolder(out, whole);
    // The same files, named from another folder.
    paths.forEach((path, frame) => paths[frame] = relative(Deno.cwd(), path));
    assert.equal((await series(out)).reused, 3);
  }));

/** Frames of a series clustered one by one, as different machines do, and linked afterwards. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { movingWindow, writeFrames } from "../../support/moving_series.ts";

Deno.test("frames that are clustered one by one are linked to the series of one run", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "series.npy"), at = (name: string) => join(folder, name);
    writeFrames(path, movingWindow().frames.slice(0, 3));
    const series = (
      out: string,
      ...more: string[]
    ) => ["series", path, "--preset", "auto", "--hint", "none", "--out", at(out), ...more];
    const early = await crystallite(...series("apart", "--only", "2"), "--quiet");
    assertFailure(early, 2, /the first frame has no result yet/);
    const [first] = await Promise.all([
      crystalliteJson(...series("apart", "--only", "0")),
      crystalliteJson(...series("whole")),
    ]);
    assert.deepEqual([first.frame, first.reused], [0, false]);
    const others = await Promise.all(
      ["2", "1"].map((frame) => crystalliteJson(...series("apart", "--only", frame))),
    );
    assert.deepEqual(others.map(({ frame, reused }) => [frame, reused]), [[2, false], [1, false]]);
    assert.equal((await crystalliteJson(...series("apart", "--only", "2"))).reused, true);
    assert.equal((await crystalliteJson(...series("apart"))).reused, 3);
    const files = [
      "tracks.npy",
      "tracks.csv",
      "events.csv",
      "frames/0001/labels.npy",
      "frames/0002/averages.npy",
    ];
    for (const name of files) {
      assert.deepEqual(
        Deno.readFileSync(join(at("apart"), name)),
        Deno.readFileSync(join(at("whole"), name)),
        name,
      );
    }
    const [none, hinted] = await Promise.all([
      crystallite(...series("apart", "--only", "3"), "--quiet"),
      crystallite("series", path, "--out", at("hinted"), "--only", "0", "--quiet"),
    ]);
    assertFailure(none, 2, /there is no frame 3/);
    assertFailure(hinted, 2, /frames that help each other cannot be clustered one by one/);
  });
});

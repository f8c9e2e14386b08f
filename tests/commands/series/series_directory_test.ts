/** The folder of a series: one run at a time, and frames that fit each other before anything is made of them. */

import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { refuseOtherShapes } from "../../../commands/series/cluster_frame.ts";
import { prepareSeriesDirectory } from "../../../commands/series/series_directory.ts";
import { PartialFolder } from "../../../library/results/partial_folder.ts";
import { fileNames, withFolder } from "../../support/folders.ts";

/** Deno 2.4 has no lock that does not wait. */
const hasLocks = "tryLockSync" in Deno.FsFile.prototype;

Deno.test({
  name: "a second run into the folder of a series is refused, but for runs that make a frame each",
  ignore: !hasLocks,
  fn: () =>
    withFolder(async (folder) => {
      const directory = join(folder, "series"), refused = /series is being written by another run/;
      {
        using _ = await prepareSeriesDirectory(directory);
        await assert.rejects(prepareSeriesDirectory(directory), refused);
        await assert.rejects(prepareSeriesDirectory(directory, "shared"), refused);
        await assert.rejects(prepareSeriesDirectory(directory, "looked"), refused);
      }
      // What a thread holds would outlive it.
      await prepareSeriesDirectory(directory, "looked");
      using _ = await prepareSeriesDirectory(directory, "shared");
      using __ = await prepareSeriesDirectory(directory, "shared");
      await assert.rejects(prepareSeriesDirectory(directory), refused);
    }),
});

Deno.test("where the folder around it is missing, that is said", () =>
  withFolder(async (folder) => {
    const directory = join(folder, "missing", "series");
    await assert.rejects(prepareSeriesDirectory(directory), /the folder .*missing does not exist/);
  }));

Deno.test("frames of other shapes are named before anything is made, unless equal parts are cut out", () => {
  const source = (path: string, rows: number) => ({
    path,
    ...rows > 0 && { shape: { rows, columns: 4, patternRows: 8, patternColumns: 8 } },
  });
  const sources = [source("broken", 0), source("a", 3), source("b", 3), source("c", 5)];
  refuseOtherShapes(sources.slice(0, 3), {});
  assert.throws(() => refuseOtherShapes(sources, {}), /^BadParameter: c is of 5 x 4.*, but a of 3 x 4/);
  assert.throws(
    () => refuseOtherShapes([...sources, ...Array.from("defghi", (name) => source(name, 6))], {}),
    /c, d, e, f, g and 2 more are not of 3 x 4.*, as a is/,
  );
  const region = { firstRow: 0, lastRow: 2, firstColumn: 0, lastColumn: 2 };
  refuseOtherShapes(sources, { region });
});

Deno.test({
  name: "what a run that was killed has left of frames is removed, and nothing that is in use or of others",
  ignore: !hasLocks,
  fn: () =>
    withFolder(async (folder) => {
      const directory = join(folder, "series"), frames = join(directory, "frames");
      await Deno.mkdir(join(frames, ".0003.partial-0123abcd"), { recursive: true });
      await Deno.writeTextFile(join(frames, ".0003.partial-0123abcd", "labels.npy"), "half");
      // Killed while an older result was replaced: before the new one was in its place, and after.
      const result = async (name: string, said: string) => {
        await Deno.mkdir(join(frames, name));
        await Deno.writeTextFile(
          join(frames, name, "run.json"),
          JSON.stringify({ program: "crystallite", said }),
        );
      };
      await result(".0001.partial-0123abcd", "new");
      await result(".0001.old-0123abcd", "old");
      await result("0002", "new");
      await result(".0002.old-89abcdef", "old");
      await Deno.mkdir(join(frames, ".notes"));
      await Deno.writeTextFile(join(frames, ".0005.partial-0123abcd"), "a file of somebody");
      const living = await PartialFolder.create(join(frames, "0004"));
      {
        using _ = await prepareSeriesDirectory(directory, "shared");
        assert.equal((await fileNames(frames)).length, 8);
      }
      using _ = await prepareSeriesDirectory(directory);
      const kept = [basename(living.path), ".0005.partial-0123abcd", ".notes", "0001", "0002"].sort();
      assert.deepEqual(await fileNames(frames), kept);
      assert.match(await Deno.readTextFile(join(frames, "0001", "run.json")), /new/);
      await living.remove();
    }),
});

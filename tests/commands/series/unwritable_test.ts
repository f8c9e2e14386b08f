/** Frames that cannot be written: the series ends there with a sentence, and goes on where it was when it is started again. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { FrameRunner } from "../../../commands/series/run_series.ts";
import type { CommandRun } from "../../../commands/console/command_context.ts";
import { chooseParameters } from "../../../library/cluster/presets.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { FileUnavailable, OutOfResources } from "../../../library/scan/errors.ts";
import { assertFailure, crystalliteJson } from "../../support/command_line.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { withFullDisk } from "../../support/full_disk.ts";
import { frameSide, movingWindow, patternSide } from "../../support/moving_series.ts";

const flags = ["--preset", "auto", "--drift", "none", "--workers", "1"];

function writeScans(folder: string): string[] {
  return movingWindow().frames.slice(0, 3).map((frame, index) => {
    const path = join(folder, `scan_${index}.npy`);
    Deno.writeFileSync(path, encodeNpy("u16", [frameSide, frameSide, patternSide, patternSide], frame));
    return path;
  });
}

function quietRun(warned: string[]): CommandRun {
  const warn = (text: string) => void warned.push(text);
  return { options: { workers: 1 }, say() {}, warn, printEvent() {}, print() {} };
}

Deno.test("a full disk is no fault of a frame: the series ends with a sentence, and the frame can be made when there is room", () =>
  withFolder(async (folder) => {
    const paths = writeScans(folder), directory = join(folder, "out"), warned: string[] = [];
    Deno.mkdirSync(join(directory, "frames"), { recursive: true });
    const run = quietRun(warned);
    const runner = new FrameRunner({
      ...{ directory, force: false, reading: {}, command: [], chosen: chooseParameters({ preset: "auto" }) },
    });
    await runner.add(run, { path: paths[0] }, 3);
    const isFull = (path: string) => /0001.*labels\.npy$/.test(path);
    await withFullDisk(isFull, () =>
      assert.rejects(runner.add(run, { path: paths[1] }, 3), (error) => {
        assert.ok(error instanceof OutOfResources);
        assert.match(error.message, /^the disk is full: frame 1, .*scan_1\.npy, could not be written to /);
        assert.match(
          error.details.remedy!,
          /^free at least [\d.]+ \S+ there, and run the same command again/,
        );
        return true;
      }));
    assert.equal(runner.frames, 1);
    assert.deepEqual(warned, []);
    assert.deepEqual(await fileNames(join(directory, "frames")), ["0000"]);
    assert.equal((await runner.add(run, { path: paths[1] }, 3)).error, undefined);
    // The folder is gone: nothing later can be written either.
    Deno.renameSync(join(directory, "frames"), join(directory, "away"));
    await assert.rejects(runner.add(run, { path: paths[2] }, 3), (error) => {
      assert.ok(error instanceof FileUnavailable);
      assert.match(error.message, /^frame 2, .*scan_2\.npy, could not be written: .*frames does not exist$/);
      return true;
    });
    Deno.renameSync(join(directory, "away"), join(directory, "frames"));
    // A scan that is gone is the fault of that frame.
    Deno.removeSync(paths[2]);
    assert.equal((await runner.add(run, { path: paths[2] }, 3)).error?.kind, "FileUnavailable");
    assert.deepEqual(runner.clustered().frames.map(({ error }) => error?.kind), [
      undefined,
      undefined,
      "FileUnavailable",
    ]);
  }));

Deno.test({
  name:
    "a series that the system lets write no more ends with one sentence, and a second run makes what is missing",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const scans = join(folder, "scans"), out = join(folder, "out");
      Deno.mkdirSync(scans);
      writeScans(scans);
      await crystalliteJson("series", scans, "--out", out, ...flags, "--frames", "0:1");
      // Averages of a frame are larger.
      const limited = new Deno.Command("/bin/sh", {
        args: [
          ...[
            "-c",
            'trap "" XFSZ; ulimit -f 16; exec "$@"',
            "sh",
            Deno.execPath(),
            "run",
            "-A",
            "--no-check",
          ],
          ...["--quiet", new URL("../../../cli.ts", import.meta.url).pathname, "series", scans, "--out", out],
          ...flags,
        ],
        env: { NO_COLOR: "1" },
      });
      const { code, stdout, stderr } = await limited.output(), decoder = new TextDecoder();
      const error = decoder.decode(stderr), failed = { code, error, out: decoder.decode(stdout) };
      assertFailure(failed, 1, /frame 1, .*scan_1\.npy, could not be written to/);
      assert.doesNotMatch(error, /goes on without it|scan_2/);
      const { reused, warnings } = await crystalliteJson("series", scans, "--out", out, ...flags);
      assert.equal(reused, 1);
      assert.deepEqual(warnings, []);
      assert.deepEqual(await fileNames(join(out, "frames")), ["0000", "0001", "0002"]);
    }),
});

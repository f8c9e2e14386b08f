import assert from "node:assert/strict";
import { CommanderError } from "commander";
import type { CommandIO } from "../../../commands/console/command_io.ts";
import { afterInterrupt, reportFailure } from "../../../commands/console/failure.ts";
import { progressDisplay } from "../../../commands/console/progress_display.ts";
import { checkResultSize, resultBytes } from "../../../commands/clusters/result_size.ts";
import { exportGroups } from "../../../library/results/result_files.ts";
import * as errors from "../../../library/scan/errors.ts";
import { drawClustering } from "../../support/clustering.ts";

/** Standard streams that keep what is written. */
function recordingIO(): CommandIO & { out: string; error: string } {
  const io = {
    out: "",
    error: "",
    terminal: null,
    writeOut: (text: string) => void (io.out += text),
    writeError: (text: string) => void (io.error += text),
  };
  return io;
}

const plain = { json: false, debug: false, command: "" };

Deno.test("each kind of error has its exit code", () => {
  const codes: [errors.CrystalliteError, number][] = [
    [new errors.FileUnavailable("x"), 1],
    [new errors.UnsupportedFormat("x"), 1],
    [new errors.CorruptFile("x"), 1],
    [new errors.OutOfResources("x"), 1],
    [new errors.ShapeUnknown("x"), 2],
    [new errors.BadParameter("x"), 2],
    [new errors.Aborted(), 130],
  ];
  for (const [error, code] of codes) {
    assert.equal(reportFailure(error, recordingIO(), plain), code, error.name);
  }
});

Deno.test("an error is a sentence with what was expected and found, and a remedy", () => {
  const io = recordingIO();
  const details = {
    file: "a.npy",
    expected: "4 axes",
    found: "3 axes",
    remedy: "give `scanShape` ROWSxCOLUMNS",
  };
  reportFailure(new errors.ShapeUnknown("a.npy does not say its shape", details), io, plain);
  assert.equal(
    io.error,
    "error: a.npy does not say its shape (expected 4 axes, found 3 axes).\n       Give --scan-shape ROWSxCOLUMNS.\n",
  );
  assert.equal(io.out, "");
});

Deno.test("what was found is said even if the name of the file happens to hold it", () => {
  const io = recordingIO();
  const details = { file: "/data/run-1b/run.json", expected: "a pixel", found: "-1" };
  reportFailure(new errors.CorruptFile("/data/run-1b/run.json is damaged", details), io, plain);
  assert.equal(io.error, "error: /data/run-1b/run.json is damaged (expected a pixel, found -1).\n");
});

Deno.test("a short flag and a superfluous word are taken for what they may mean", () => {
  const said = (code: string, message: string, flags: readonly string[]) => {
    const io = recordingIO();
    reportFailure(new CommanderError(1, code, message), io, { ...plain, command: "cluster", flags });
    return io.error;
  };
  const flags = ["--out", "--offset", "--blur"];
  assert.match(said("commander.unknownOption", "error: unknown option '-o'", flags), /Did you mean --out\? /);
  assert.match(
    said("commander.unknownOption", "error: unknown option '-b'", flags),
    /Did you mean --blur\? /,
  );
  assert.match(said("commander.unknownOption", "error: unknown option '-x'", flags), /^ +Run crystallite/m);
  const superfluous = "error: too many arguments for 'cluster'";
  assert.match(said("commander.excessArguments", superfluous, flags), /Is one of them meant as --out\?/);
  assert.match(said("commander.excessArguments", superfluous, ["--json"]), /^ +Run crystallite/m);
});

Deno.test("what was found is not said twice", () => {
  const io = recordingIO();
  reportFailure(
    new errors.BadParameter('"x" is not a size', { found: "x", remedy: "give a number." }),
    io,
    plain,
  );
  assert.equal(io.error, 'error: "x" is not a size.\n       Give a number.\n');
});

Deno.test("an unexpected exception is called a bug, without a stack trace unless asked", () => {
  const io = recordingIO();
  assert.equal(reportFailure(new TypeError("x is undefined\nsecond line"), io, plain), 1);
  assert.match(
    io.error,
    /^error: this is a bug in crystallite: TypeError: x is undefined\.\n +Run again with --debug/,
  );
  assert.doesNotMatch(io.error, /second line|\n\s+at /);
  const debugging = recordingIO();
  reportFailure(new TypeError("x is undefined", { cause: new Error("deeper") }), debugging, {
    ...plain,
    debug: true,
  });
  assert.match(debugging.error, /\n\s+at [^]*Caused by: Error: deeper/);
  const json = recordingIO();
  assert.equal(reportFailure("thrown text", json, { ...plain, json: true }), 1);
  assert.equal(JSON.parse(json.out).error.kind, "Unexpected");
});

Deno.test("whatever fails after Ctrl-C counts as interrupted", () => {
  const controller = new AbortController();
  const cause = new Error("the file is closed");
  assert.equal(afterInterrupt(cause, controller.signal), cause);
  controller.abort();
  assert(afterInterrupt(cause, controller.signal) instanceof errors.Aborted);
});

Deno.test("without a terminal each stage gets a line at its end; quiet gives none", () => {
  const io = recordingIO();
  const display = progressDisplay(io, false);
  for (const stage of ["prefilter", "similarity"]) {
    for (let done = 0; done <= 3; done++) display.report({ stage, done, total: 3 });
  }
  display.stop();
  assert.deepEqual(io.error.replace(/[\d.]+ s/g, "TIME").split("\n"), [
    "prefilter: 100 %  TIME",
    "similarity: 100 %  TIME",
    "",
  ]);
  const silent = recordingIO();
  progressDisplay(silent, true).report({ stage: "similarity", done: 3, total: 3 });
  assert.equal(silent.error, "");
});

Deno.test("the size of a result counts the arrays in npy and h5", () => {
  const clustering = drawClustering(["0011", "0011"]);
  const { patternRows, patternColumns } = clustering.shape;
  const averages = 4 * 2 * patternRows * patternColumns, maps = 8 * (4 + 32 + 4 + 1);
  // Two probes and a similarity for each of the seven edges that join eight probes.
  const forest = 7 * (8 + 4);
  assert.equal(resultBytes(clustering, new Set(exportGroups)), 2 * (averages + maps + forest));
  assert.equal(resultBytes(clustering, new Set(["npy", "csv"])), averages + maps + forest);
  const regions = { stability: 1, margin: new Float32Array(8), borderlinePairs: [], bendingPairs: [] };
  const withMargin = resultBytes({ ...clustering, regions }, new Set(["npy"]));
  assert.equal(withMargin, averages + maps + forest + 8 * 4);
  assert.equal(resultBytes(clustering, new Set(["html"])), 0);
  const without = { ...clustering, parameters: { ...clustering.parameters, average: "none" as const } };
  assert.equal(resultBytes(without, new Set(["h5"])), maps + forest);
});

Deno.test("a result is refused only when it is larger than 1 GB and than half the input", () => {
  checkResultSize(1e9, 1e6, 10);
  checkResultSize(2e9, 4e9, 10);
  assert.throws(() => checkResultSize(2e9, 3.9e9, 7000), (error) => {
    assert(error instanceof errors.OutOfResources);
    assert.match(error.message, /7000 clusters would take 2 GB/);
    assert.match(error.details.remedy ?? "", /--min-size.*--average none/);
    return true;
  });
});

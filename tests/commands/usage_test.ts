import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeNpy } from "../../library/formats/npy_writer.ts";
import { assertFailure, crystallite } from "../support/command_line.ts";
import { writeFilm, writeZeros } from "../support/scan_files.ts";
import { fileNames, withFolder } from "../support/folders.ts";

Deno.test("unknown flags and commands are wrong usage, with a guess where there is one", async () => {
  assertFailure(await crystallite("cluster", "x.npy", "--treshold", "0.9"), 2, /unknown option '--treshold'/);
  assertFailure(await crystallite("cluster", "x.npy", "--treshold", "0.9"), 2, /Did you mean --threshold\?/);
  assertFailure(
    await crystallite("clutser", "x.npy"),
    2,
    /unknown command 'clutser'[^]*Did you mean cluster\?/,
  );
  assertFailure(await crystallite("cluster", "x.npy", "--exakt"), 2, /unknown option '--exakt'/);
});

Deno.test("missing and superfluous arguments are wrong usage", async () => {
  assertFailure(await crystallite("cluster"), 2, /missing required argument 'input'/);
  assertFailure(await crystallite("info", "a.npy", "b.npy"), 2, /too many arguments/);
  assertFailure(await crystallite("cluster", "x.npy", "--threshold", "0.9"), 2, /--out DIR is missing/);
  assertFailure(await crystallite("virtual", "x.npy", "--out", "y.png"), 2, /--detector SHAPE is missing/);
  assertFailure(await crystallite("cluster", "x.npy", "--out"), 2, /'--out <DIR>' argument missing/);
});

Deno.test("values that cannot be are wrong usage before any file is opened", async () => {
  const cluster = (...flags: string[]) => crystallite("cluster", "missing.npy", "--out", "r", ...flags);
  assertFailure(await cluster("--threshold", "1.5"), 2, /--threshold does not understand "1.5"/);
  assertFailure(await cluster("--threshold", "0.9", "--memory", "lots"), 2, /--memory does not understand/);
  assertFailure(await cluster("--threshold", "0.9", "--workers", "0"), 2, /--workers/);
  assertFailure(await cluster("--threshold", "0.9", "--metric", "euclid"), 2, /Allowed choices are cosine/);
  assertFailure(
    await cluster("--threshold", "0.9", "--export", "npy,pdf"),
    2,
    /--export does not understand/,
  );
  assertFailure(await cluster("--threshold", "0.9", "--frames", "0:5"), 2, /selects 5 frames/);
  assertFailure(await cluster("--threshold", "0.9", "--prefilter-edge", "2"), 2, /without the prefilter/);
  assertFailure(await cluster("--method", "growth"), 2, /a threshold is needed[^]*--preset auto/);
  assertFailure(await crystallite("simulate", "--out", "s.npy", "--dose", "-1"), 2, /dose is out of range/);
  assertFailure(await crystallite("filter", "x.npy", "--out", "x.tif"), 2, /cannot be told from its name/);
});

Deno.test("a missing, empty or foreign file is a failure that names it", () =>
  withFolder(async (folder) => {
    const out = join(folder, "result");
    const cluster = (path: string) => crystallite("cluster", path, "--out", out, "--threshold", "0.9");
    const missing = join(folder, "missing.npy");
    assertFailure(await cluster(missing), 1, /missing\.npy does not exist/);
    const empty = join(folder, "empty.npy");
    await Deno.writeFile(empty, new Uint8Array(0));
    assertFailure(await cluster(empty), 1, /empty\.npy is empty/);
    const text = join(folder, "notes.txt");
    await Deno.writeTextFile(text, "not a scan, only notes about one\n");
    assertFailure(await cluster(text), 1, /notes\.txt/);
    assertFailure(await cluster(folder), 1, /folder/);
    assert.deepEqual(await fileNames(folder), ["empty.npy", "notes.txt"]);
  }));

Deno.test("frames without a scan shape are wrong usage that names --scan-shape", () =>
  withFolder(async (folder) => {
    const path = join(folder, "frames.npy");
    await Deno.writeFile(path, encodeNpy("u16", [6, 8, 8], new Uint16Array(6 * 64)));
    assertFailure(
      await crystallite("info", path),
      2,
      /Give --scan-shape ROWSxCOLUMNS with ROWS times COLUMNS = 6\.$/m,
    );
    const { error } = JSON.parse((await crystallite("info", path, "--json")).out);
    assert.deepEqual([error.kind, error.parameter, error.patterns], ["ShapeUnknown", "scanShape", 6]);
    assert.deepEqual(error.shapes, [{ rows: 2, columns: 3 }, { rows: 3, columns: 2 }]);
    assert.match(error.remedy, /^give --scan-shape ROWSxCOLUMNS/);
  }));

Deno.test("an estimate that does not fit the memory names the flag, in text and in JSON", () =>
  withFolder(async (folder) => {
    const path = await writeZeros(folder, { rows: 1, columns: 64, patternRows: 512, patternColumns: 512 });
    const info = (...flags: string[]) => crystallite("info", path, "--memory", "267M", ...flags);
    assert.match(
      (await info()).out,
      /^ *cluster .*do not fit the memory limit; raise --memory to \d+M, .*--roi or --q-bin$/m,
    );
    const { error } = JSON.parse((await info("--json")).out).estimates.default;
    assert.deepEqual([error.kind, error.parameter], ["OutOfResources", "memory"]);
    assert.match(error.remedy, /^raise --memory to \d+M/);
  }));

Deno.test("--json prints the fields of an error and nothing else", () =>
  withFolder(async (folder) => {
    const missing = join(folder, "missing.npy");
    const { code, out, error } = await crystallite("info", missing, "--json");
    assert.equal(code, 1);
    assert.equal(error, "");
    const { error: fields } = JSON.parse(out);
    assert.equal(fields.kind, "FileUnavailable");
    assert.equal(fields.file, missing);
    assert.equal(typeof fields.remedy, "string");
    assert.match(fields.message, /does not exist/);

    const usage = await crystallite("cluster", missing, "--json", "--threshold", "2");
    assert.equal(usage.code, 2);
    assert.deepEqual(JSON.parse(usage.out).error, {
      kind: "BadParameter",
      message: '--threshold does not understand "2"',
      expected: "a number from -1 to 1",
      found: "2",
      parameter: "threshold",
      remedy: "give --threshold a number from -1 to 1",
    });
    const unknown = await crystallite("info", missing, "--json", "--colour");
    assert.equal(unknown.code, 2);
    assert.match(JSON.parse(unknown.out).error.message, /unknown option '--colour'/);
  }));

Deno.test("--debug adds the stack trace", async () => {
  const outcome = await crystallite("info", "missing.npy", "--debug");
  assert.equal(outcome.code, 1);
  assert.match(outcome.error, /^error: [^\n]+\n[^]*\n\s+at /);
});

Deno.test("a reader of standard output that goes away is no failure", () =>
  withFolder(async (folder) => {
    const path = await writeFilm(folder);
    const program = fileURLToPath(new URL("../../cli.ts", import.meta.url));
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", program, "info", path],
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await child.stdout.cancel();
    const { code, stderr } = await child.output().catch(async () => ({
      ...await child.status,
      stderr: new Uint8Array(),
    }));
    assert.equal(code, 0);
    assert.equal(new TextDecoder().decode(stderr), "");
  }));

Deno.test({
  name: "standard output that cannot be written is a failure in one sentence, also for failures in JSON",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder(async (folder) => {
      const scan = await writeFilm(folder);
      const program = fileURLToPath(new URL("../../cli.ts", import.meta.url));
      const shell = '"$0" run -A --no-check --quiet "$@" >/dev/full';
      for (const args of [["info", scan], ["info", `${folder}/missing.npy`, "--json"]]) {
        const { code, stderr } = await new Deno.Command("sh", {
          args: ["-c", shell, Deno.execPath(), program, ...args],
          env: { NO_COLOR: "1" },
          stderr: "piped",
        }).output();
        const outcome = { code, out: "", error: new TextDecoder().decode(stderr) };
        assertFailure(outcome, 1, /disk is full .*standard output/);
      }
    }),
});

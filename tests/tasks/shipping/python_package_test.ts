/** The Python package, built as a wheel, and used by Python with the packages that its users have. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { writePythonPackage } from "../../../tasks/shipping/python_package.ts";
import { crystallite } from "../../support/command_line.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { codeBlocks } from "../../../tasks/documentation/markdown.ts";
import { decodeNpy } from "../../support/numpy.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";

const root = new URL("../../../", import.meta.url);
const python = Deno.env.get("CRYSTALLITE_TEST_PYTHON");

function run(args: string[], cwd: string, env: Record<string, string> = {}) {
  const { code, stdout, stderr } = new Deno.Command(python!, { args, cwd, env }).outputSync();
  const decoder = new TextDecoder();
  const error = decoder.decode(stderr);
  assert.equal(code, 0, error);
  return { out: decoder.decode(stdout), error };
}

function canImport(modules: string): boolean {
  if (!python) return false;
  const args = ["-c", `import ${modules}`];
  return new Deno.Command(python, { args, stderr: "null" }).outputSync().success;
}

const ignore = !canImport("hatchling, deno, tqdm");
if (ignore) {
  console.warn("skipped, CRYSTALLITE_TEST_PYTHON has no hatchling, deno and tqdm: the Python package");
}

/** Builds the wheel and unpacks it, as an installation does; gives the folder for Python's path. */
async function install(folder: string): Promise<string> {
  await writePythonPackage(root, new URL(`file://${folder}/sources/`));
  run(["-m", "hatchling", "build", "-t", "wheel", "-d", `${folder}/wheels`], `${folder}/sources`);
  const [wheel, ...others] = await fileNames(`${folder}/wheels`);
  assert.deepEqual(others, []);
  const { version } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  assert.equal(wheel, `crystallite-${version}-py3-none-any.whl`);
  const { size } = await Deno.stat(`${folder}/wheels/${wheel}`);
  assert.ok(size < 8e6, `the wheel has ${size} bytes`);
  run(["-m", "zipfile", "-e", `wheels/${wheel}`, "site"], folder);
  return `${folder}/site`;
}

Deno.test({
  name:
    "the Python package takes paths, arrays, DataCubes and signals, and gives what the command line gives",
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const path = await install(folder), scan = await writeFilm(folder);
      const nowhere = "http://127.0.0.1:9";
      const env = {
        PYTHONPATH: path,
        HTTP_PROXY: nowhere,
        HTTPS_PROXY: nowhere,
        HOME: `${folder}/home`,
        PYTHONDONTWRITEBYTECODE: "1",
      };
      // The notebook beside all else, which leaves a core to it.
      await Promise.all([runNotebook(path, folder, env), usePackage(scan, folder, env)]);
    }),
});

/** What functions take and give, beside what the command line gives. */
async function usePackage(scan: string, folder: string, env: Record<string, string>): Promise<void> {
  const script = fileURLToPath(new URL("tests/python/use_package.py", root));
  const { out, error } = run([script, scan, folder], folder, env);
  const found = JSON.parse(out);
  const here = await crystallite("cluster", scan, "--out", `${folder}/here`, ...clusterFlags);
  assert.equal(here.code, 0, here.error);
  const labels = decodeNpy(Deno.readFileSync(`${folder}/here/labels.npy`));
  assert.deepEqual(found.labels.flat(), Array.from(labels.data as Int32Array));
  assert.deepEqual(
    Deno.readFileSync(`${folder}/written/averages.npy`),
    Deno.readFileSync(`${folder}/here/averages.npy`),
  );
  const clusters = found.clusters.length;
  assert.ok(clusters > 1);
  assert.deepEqual(
    found.clusters.map(([id]: number[]) => id),
    Array.from({ length: clusters }, (_, id) => id),
  );
  assert.deepEqual(found.shapes, {
    averages: [clusters, 32, 32],
    similarity: [12, 14, 8],
    mask: [12, 14],
  });
  assert.equal(
    found.representation,
    `<crystallite.Result: ${clusters} clusters in 12 x 14 probes, ${folder}/written>`,
  );
  assert.match(found.picture, /^<figure><img alt="cluster map"/);
  assert.match(error, /similarity: +\d+%/, "bars of tqdm");
  for (const name of ["same", "array", "there", "removed", "order", "series"]) {
    assert.equal(found[name], true, name);
  }
  assert.deepEqual(found.tracks, [[2, 12, 14], clusters, 2]);
  checkFailures(found.failures);
  checkOthers(found, clusters);
  await runExamples(folder, env);
}

/** The tutorial gives what it shows, and comes with the wheel, as the manual page does. */
async function runNotebook(path: string, folder: string, env: Record<string, string>): Promise<void> {
  // Nothing here waits before the notebook runs: what comes beside it keeps this thread busy.
  const names = Array.from(Deno.readDirSync(path), ({ name }) => name);
  const shared = `${path}/${names.find((name) => name.endsWith(".data"))}/data/share`;
  const page = Deno.readTextFileSync(`${shared}/man/man1/crystallite.1`);
  assert.match(page, /^\.SH NAME\ncrystallite /m);
  const tutorial = `${shared}/doc/crystallite/tutorial.ipynb`;
  if (!canImport("nbclient, ipykernel")) {
    return console.warn(
      "skipped, CRYSTALLITE_TEST_PYTHON has no nbclient and ipykernel: the tutorial notebook",
    );
  }
  const script = fileURLToPath(new URL("tests/python/run_notebook.py", root)), place = `${folder}/notebook`;
  Deno.mkdirSync(place);
  const { code, stdout, stderr } = await new Deno.Command(python!, {
    args: [script, tutorial, place],
    cwd: place,
    env,
  }).output();
  const decoder = new TextDecoder();
  assert.equal(code, 0, decoder.decode(stderr));
  const cells = JSON.parse(decoder.decode(stdout));
  assert.ok(cells.length > 8);
  for (const { source, stored, executed } of cells) assert.deepEqual(executed, stored, source);
}

/** The examples of the documentation, in their order. */
async function runExamples(folder: string, env: Record<string, string>): Promise<void> {
  const page = Deno.readTextFileSync(new URL("docs/using/python.md", root));
  for (const line of codeBlocks(page, "sh").join("").trim().split("\n")) {
    const [program, ...args] = line.split(" ");
    assert.equal(program, "crystallite");
    const out = args.indexOf("--out") + 1;
    args[out] = `${folder}/${args[out]}`;
    assert.equal((await crystallite(...args)).code, 0, line);
  }
  const examples = codeBlocks(page, "python");
  assert.ok(examples.length > 3);
  run(["-c", examples.join("\n")], folder, env);
}

interface Failure {
  readonly kind: string;
  readonly message: string;
  readonly remedy: string;
}

function checkFailures([threshold, pattern, missing, strain, load, existing]: readonly Failure[]): void {
  assert.equal(threshold.kind, "BadParameter");
  assert.match(threshold.message, /^threshold .*-1 to 1/, "keywords of Python instead of flags");
  assert.match(pattern.message, /four axes/);
  assert.equal(missing.kind, "FileUnavailable");
  assert.match(strain.message, /crystallite\.strain first/);
  assert.match(load.message, /no result/);
  assert.match(existing.message, /force/);
}

// deno-lint-ignore no-explicit-any
function checkOthers({ py4dstem, hyperspy, told }: any, clusters: number): void {
  if (py4dstem) {
    assert.equal(py4dstem.same, true);
    assert.equal(py4dstem.size.column, 0.05);
    assert.deepEqual(py4dstem.shape, [1, clusters, 32, 32]);
    assert.deepEqual(py4dstem.back, [0.05, "A^-1"]);
  } else console.warn("skipped, py4DSTEM is not here: DataCubes");
  if (hyperspy) {
    assert.equal(hyperspy.same, true);
    assert.equal(hyperspy.calibration.pixelSize.row, 2);
    assert.equal(hyperspy.calibration.qPixelSize.column, 0.05);
    assert.equal(hyperspy.voltage, 200000);
    assert.deepEqual(hyperspy.shape, [clusters, 32, 32]);
    assert.equal(hyperspy.back[0], 0.05);
    assert.match(told.join(), /differ in pixel size/);
  } else console.warn("skipped, HyperSpy is not here: signals");
}

/** The main job from file to result directory: measured data, equal bytes, and nothing left behind when it fails. */

import assert from "node:assert/strict";
import { adjustedRandIndex } from "../library/scoring/agreement.ts";
import { main } from "../commands/program.ts";
import { encodeNpy } from "../library/formats/npy_writer.ts";
import { readResult } from "../library/results/read.ts";
import { withFolder } from "./support/folders.ts";
import { decodeNpy } from "./support/numpy.ts";
import { sharedPath, sharedTest } from "./support/shared.ts";
import { grainScan } from "./support/scans.ts";

/** Runs a command in this process. */
async function run(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  let out = "", error = "";
  const io = {
    writeOut: (text: string) => out += text,
    writeError: (text: string) => error += text,
    terminal: null,
  };
  const code = await main(args, io);
  return { code, out, error };
}

/** Writes a scan of a few grains as `scan.npy`; returns its path. */
function writeScan(folder: string, rows = 12, columns = 14): string {
  const shape = { rows, columns, patternRows: 16, patternColumns: 18 };
  const data = new Uint16Array(rows * columns * 16 * 18);
  grainScan(shape).readRows(0, rows, data);
  Deno.writeFileSync(`${folder}/scan.npy`, encodeNpy("u16", [rows, columns, 16, 18], data));
  return `${folder}/scan.npy`;
}

sharedTest(
  "measured patterns of twinned silver: the prefilter lifts the adjusted Rand index above 0.9",
  () =>
    withFolder(async (folder) => {
      const scan = sharedPath("data/scans/sped_ag_64x208x56x56.npz")!;
      const truth = decodeNpy(Deno.readFileSync(sharedPath("data/scans/sped_ag_labels_placed.npy")!)).data;
      const common =
        "--blur 0 --metric pearson --q-mask outside:5 --q-center 28,28 --threshold 0.965 --min-size 1 " +
        "--bad-pixels none --export npy,csv --quiet";
      const prefilter = "--prefilter --prefilter-blur 1 --prefilter-range 0.5,0.8 --prefilter-edge 2";
      const index = async (flags: string) => {
        const { code, error } = await run(
          "cluster",
          scan,
          "--out",
          `${folder}/result`,
          "--force",
          ...flags.split(" "),
        );
        assert.equal(code, 0, error);
        return adjustedRandIndex((await readResult(`${folder}/result`)).labels, truth as Float64Array);
      };
      const [withIt, without] = [
        await index(`${prefilter} ${common}`),
        await index(`--average none ${common}`),
      ];
      assert.ok(withIt >= 0.9, `with the prefilter ${withIt}`);
      assert.ok(without < 0.8, `without it ${without}`);
    }),
);

Deno.test("the same input and parameters give the same bytes, whatever workers and memory", () =>
  withFolder(async (folder) => {
    const scan = writeScan(folder);
    const names = [
      "labels.npy",
      "similarity.npy",
      "mean_similarity.npy",
      "mask.npy",
      "averages.npy",
      "clusters.csv",
      "map.png",
    ];
    const contents: Uint8Array[][] = [];
    for (const [workers, memory] of [["1", "1G"], ["2", "300M"], ["3", "2G"]]) {
      const out = `${folder}/result-${workers}`;
      const flags = [
        "--threshold",
        "0.9",
        "--blur",
        "1",
        "--prefilter",
        "--prefilter-edge",
        "2",
        "--average",
        "filtered",
      ];
      const { code, error } = await run(
        "cluster",
        scan,
        "--out",
        out,
        ...flags,
        "--workers",
        workers,
        "--memory",
        memory,
      );
      assert.equal(code, 0, error);
      contents.push(names.map((name) => Deno.readFileSync(`${out}/${name}`)));
    }
    names.forEach((name, i) => {
      assert.ok(contents[0][i].length > 100, name);
      for (const other of contents.slice(1)) assert.deepEqual(other[i], contents[0][i], name);
    });
  }));

/** A run that must fail: its name, its arguments before `--out`, and the exit code. */
type Failure = readonly [name: string, code: 1 | 2, args: (folder: string) => string[]];

const bytes = (folder: string, name: string, content: Uint8Array | string) => {
  Deno.writeFileSync(
    `${folder}/${name}`,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  return `${folder}/${name}`;
};
const npy = (folder: string, dtype: "u8" | "u16" | "f32", shape: number[], fill = 1) => {
  const length = shape.reduce((product, size) => product * size, 1);
  const data =
    { u8: new Uint8Array(length), u16: new Uint16Array(length), f32: new Float32Array(length) }[dtype];
  return bytes(folder, "bad.npy", encodeNpy(dtype, shape, data.fill(fill)));
};
const header = (text: string) =>
  new Uint8Array([0x93, 78, 85, 77, 80, 89, 1, 0, text.length, 0, ...new TextEncoder().encode(text)]);
const good = (folder: string) => `${folder}/scan.npy`;

const failures: Failure[] = [
  ["no such file", 1, (folder) => [`${folder}/nothing.npy`]],
  ["a folder", 1, (folder) => [folder]],
  ["an empty file", 1, (folder) => [bytes(folder, "empty.npy", "")]],
  ["a text file", 1, (folder) => [bytes(folder, "notes.txt", "this is no scan at all, only words")]],
  ["an npy of 3 bytes", 1, (folder) => [bytes(folder, "short.npy", new Uint8Array([0x93, 78, 85]))]],
  ["an npy without a dictionary", 1, (folder) => [bytes(folder, "a.npy", header("nonsense\n"))]],
  [
    "an npy of complex numbers",
    1,
    (
      folder,
    ) => [
      bytes(folder, "a.npy", header("{'descr': '<c8', 'fortran_order': False, 'shape': (2, 2, 2, 2), }\n")),
    ],
  ],
  [
    "an npy in Fortran order that is cut off",
    1,
    (
      folder,
    ) => [
      bytes(folder, "a.npy", header("{'descr': '<u2', 'fortran_order': True, 'shape': (2, 2, 2, 2), }\n")),
    ],
  ],
  [
    "an npy with a negative size",
    1,
    (
      folder,
    ) => [
      bytes(folder, "a.npy", header("{'descr': '<u2', 'fortran_order': False, 'shape': (2, -2, 2, 2), }\n")),
    ],
  ],
  [
    "an npy whose sizes overflow",
    1,
    (
      folder,
    ) => [
      bytes(
        folder,
        "a.npy",
        header("{'descr': '<u2', 'fortran_order': False, 'shape': (99999999999, 99999999999, 9, 9), }\n"),
      ),
    ],
  ],
  [
    "an npy larger than its file",
    1,
    (
      folder,
    ) => [
      bytes(
        folder,
        "a.npy",
        header("{'descr': '<u2', 'fortran_order': False, 'shape': (64, 64, 64, 64), }\n"),
      ),
    ],
  ],
  [
    "a truncated npy",
    1,
    (folder) => [bytes(folder, "cut.npy", Deno.readFileSync(good(folder)).subarray(0, 40000))],
  ],
  ["an image, two dimensions", 1, (folder) => [npy(folder, "u16", [16, 16])]],
  ["frames without a scan shape", 2, (folder) => [npy(folder, "u16", [12, 4, 4])]],
  ["a scan shape that does not fit", 2, (folder) => [npy(folder, "u16", [12, 4, 4]), "--scan-shape", "5x3"]],
  ["a series without --frames", 2, (folder) => [npy(folder, "u16", [2, 2, 2, 4, 4])]],
  ["a frame that is not there", 2, (folder) => [npy(folder, "u16", [2, 2, 2, 4, 4]), "--frames", "7"]],
  ["a scan without probes", 1, (folder) => [npy(folder, "u16", [0, 4, 4, 4])]],
  ["values that are not finite", 1, (folder) => [npy(folder, "f32", [3, 3, 4, 4], NaN)]],
  [
    "a zip without a directory",
    1,
    (folder) => [bytes(folder, "a.npz", "PK\x03\x04 and then nothing of use")],
  ],
  [
    "an HDF5 signature and nothing more",
    1,
    (folder) => [bytes(folder, "a.h5", new Uint8Array([0x89, 72, 68, 70, 13, 10, 26, 10, 0, 0, 0, 0]))],
  ],
  ["a region outside the scan", 2, (folder) => [good(folder), "--roi", "0:5,10:99"]],
  ["a binning that leaves a remainder", 2, (folder) => [good(folder), "--q-bin", "5"]],
  ["a q centre outside the detector", 2, (folder) => [good(folder), "--q-center", "40,2"]],
  ["a q mask that leaves nothing", 2, (folder) => [good(folder), "--q-mask", "outside:500"]],
  ["a q mask file that does not fit", 2, (folder) => [good(folder), "--q-mask", npy(folder, "u8", [3, 3])]],
  ["a q mask file that is not there", 1, (folder) => [good(folder), "--q-mask", `${folder}/mask.npy`]],
  [
    "a real-space mask that does not fit",
    2,
    (folder) => [good(folder), "--mask", npy(folder, "u8", [12, 13])],
  ],
  [
    "a map of bad pixels that does not fit",
    2,
    (folder) => [good(folder), "--bad-pixels", npy(folder, "u8", [16, 17])],
  ],
  [
    "a map that calls every pixel bad",
    2,
    (folder) => [good(folder), "--bad-pixels", npy(folder, "u8", [16, 18])],
  ],
  ["a prefilter edge that leaves nothing", 2, (folder) => [good(folder), "--prefilter"]],
  ["filtered averages without a prefilter", 2, (folder) => [good(folder), "--average", "filtered"]],
  ["a threshold above 1", 2, (folder) => [good(folder), "--threshold", "1.5"]],
  ["a memory limit below the program's own", 2, (folder) => [good(folder), "--memory", "100M"]],
  [
    "an Arina master whose only data file is missing",
    1,
    (folder) => [missingChunk(folder), "--scan-shape", "4x5"],
  ],
];

/** A master file copied without the data files that it links to. */
function missingChunk(folder: string): string {
  const master = sharedPath("data/formats/synthetic/syn_master.h5");
  return bytes(folder, "syn_master.h5", master ? Deno.readFileSync(master) : "");
}

for (const [name, code, args] of failures) {
  Deno.test(`${name}: one sentence with the file and a remedy, exit code ${code}, and the older result intact`, () =>
    withFolder(async (folder) => {
      writeScan(folder);
      const older = await run(
        "cluster",
        good(folder),
        "--out",
        `${folder}/result`,
        "--threshold",
        "0.9",
        "--quiet",
      );
      assert.equal(older.code, 0, older.error);
      const before = Deno.readTextFileSync(`${folder}/result/run.json`);
      const given = args(folder);
      const entries = () => Array.from(Deno.readDirSync(folder), (entry) => entry.name).sort();
      const files = entries();
      const threshold = given.includes("--threshold") ? [] : ["--threshold", "0.9"];
      const attempt = (how: string) =>
        run("cluster", ...given, ...threshold, "--out", `${folder}/result`, "--force", how);
      const outcome = await attempt("--quiet");
      assert.equal(outcome.code, code, outcome.error);
      assert.equal(outcome.out, "");
      const lines = outcome.error.trimEnd().split("\n");
      assert.ok(lines.length <= 3, outcome.error);
      assert.doesNotMatch(outcome.error, /\n\s+at |bug in crystallite|undefined|\[object/);
      const json = await attempt("--json");
      const { error } = JSON.parse(json.out);
      assert.ok(error.remedy, `a remedy for: ${error.message}`);
      if (code === 1) assert.ok(error.file?.startsWith(folder), `the file of: ${error.message}`);
      assert.equal(Deno.readTextFileSync(`${folder}/result/run.json`), before);
      assert.deepEqual(entries(), files, "nothing left behind");
    }));
}

/** Mounts a file system of one megabyte, or returns `null` where that is not allowed. */
function mountSmallDisk(folder: string): (() => void) | null {
  try {
    const mount = new Deno.Command("mount", {
      args: ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder],
      stderr: "null",
    });
    if (!mount.outputSync().success) return null;
    return () => void new Deno.Command("umount", { args: [folder] }).outputSync();
  } catch {
    return null;
  }
}

/** Files below a folder that this process holds open, where the system tells. */
function openFiles(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync("/proc/self/fd"), ({ name }) => {
      try {
        return Deno.readLinkSync(`/proc/self/fd/${name}`);
      } catch {
        return "";
      }
    }).filter((path) => path.startsWith(folder));
  } catch {
    return [];
  }
}

Deno.test("a full disk is said so, with exit code 1, and leaves neither a result nor half a file", () =>
  withFolder(async (folder) => {
    const scan = writeScan(folder, 40, 60);
    const disk = `${folder}/disk`;
    Deno.mkdirSync(disk);
    const unmount = mountSmallDisk(disk);
    if (!unmount) return console.warn("skipped, mounting is not allowed here: a full disk");
    try {
      const commands = [
        ["cluster", scan, "--out", `${disk}/result`, "--threshold", "1", "--min-size", "1"],
        ["filter", scan, "--out", `${disk}/filtered.npy`, "--prefilter-edge", "2"],
        ["filter", scan, "--out", `${disk}/filtered.h5`, "--prefilter-edge", "2"],
        ["convert", scan, "--out", `${disk}/scan.h5`, "--compression", "none"],
        ["convert", scan, "--out", `${disk}/scan.zarr`, "--compression", "none"],
        ["simulate", "--out", `${disk}/scan.npy`],
      ];
      for (const command of commands) {
        const { code, error } = await run(...command, "--quiet");
        assert.equal(code, 1, `${command[0]}: ${error}`);
        assert.match(error, /disk is full|space/i, `${command[0]}: ${error}`);
        assert.deepEqual(Array.from(Deno.readDirSync(disk)), [], command.join(" "));
        assert.deepEqual(openFiles(disk), [], `files left open: ${command.join(" ")}`);
      }
    } finally {
      unmount();
    }
  }));

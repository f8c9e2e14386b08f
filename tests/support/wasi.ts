/** Runs crystallite.wasm in the sandboxes that are here, and computes what it must give. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { clusterScan } from "../../library/cluster/pipeline.ts";
import { chooseParameters, clusterFlags } from "../../library/cluster/presets.ts";
import type { ClusterParameters } from "../../library/cluster/parameters.ts";
import { encodeNpy } from "../../library/formats/npy_writer.ts";
import { openScan } from "../../library/formats/open.ts";
import { parseWords } from "../../library/parameters/words.ts";
import { averagePatterns } from "../../library/passes/averages/averages.ts";
import { python } from "./peers.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The module as it is built. */
export const modulePath = path("../../build/crystallite.wasm");

/** Arrays in the order in which they are written. */
export const arrayNames = [
  "labels",
  "averages",
  "mean_similarity",
  "similarity",
  "mask",
  "forest_probes",
  "forest_similarity",
] as const;

/** What a run left. */
export interface SandboxOutcome {
  readonly code: number;
  readonly out: Uint8Array;
  readonly said: string;
}

/** What a run gets. */
export interface SandboxInput {
  /** Folder that it has under the name `/data`, to be read and written. */
  readonly folder?: string;
  /** File that is its standard input. */
  readonly stdin?: string;
  /** Whether that comes through a pipe, which can be read only once. */
  readonly piped?: boolean;
}

/** A program that runs WASI commands. */
export interface Sandbox {
  readonly name: string;
  readonly command: readonly string[];
  /** What it runs; default: the module. */
  readonly module?: string;
}

/** Node, a Deno whose node:wasi works, and wasmtime for Python, as far as they are here; others are named on the console. */
export function sandboxes(): Sandbox[] {
  const run = path("../../wasi/run.mjs");
  const candidates: (Sandbox & { readonly probe: readonly string[] })[] = [
    {
      name: "node:wasi",
      command: ["node", "--no-warnings", run],
      probe: ["node", "-e", "new (require('node:wasi').WASI)({version:'preview1'})"],
    },
    {
      name: "Deno",
      command: [Deno.execPath(), "run", "-A", "--no-config", "--no-lock", "--quiet", run],
      probe: [
        Deno.execPath(),
        "eval",
        "--no-lock",
        "new (await import('node:wasi')).WASI({version:'preview1'})",
      ],
    },
    {
      name: "wasmtime",
      command: [python, path("../python/run_wasmtime.py")],
      probe: [python, "-c", "import wasmtime"],
    },
  ];
  return candidates.filter(({ name, probe: [program, ...args] }) => {
    try {
      if (new Deno.Command(program, { args, stdout: "null", stderr: "null" }).outputSync().success) {
        return true;
      }
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
    console.warn(`skipped, it is not here: ${name}`);
    return false;
  });
}

/** Runs the command with these words. */
export async function runSandbox(
  { command: [program, ...before], module = modulePath }: Sandbox,
  { folder, stdin, piped }: SandboxInput,
  ...words: string[]
): Promise<SandboxOutcome> {
  const args = [
    ...before,
    ...folder === undefined ? [] : ["--dir", `${folder}::/data`],
    module,
    ...words,
  ];
  const all = [program, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const shell = stdin === undefined
    ? `${all} < /dev/null`
    : piped
    ? `cat '${stdin}' | ${all}`
    : `${all} < '${stdin}'`;
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", shell],
    env: { NO_COLOR: "1", NODE_NO_WARNINGS: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr).replace(/^\(node:.*\n(\(Use .*\n)?/gm, "");
  return { code, out: stdout, said };
}

/** The parameters that words of the command mean to the whole program. */
export function parametersOf(words: readonly string[]): ClusterParameters {
  const flags = parseWords(clusterFlags, ["--bad-pixels", "none", "--exact", ...words]);
  return chooseParameters(flags) as ClusterParameters;
}

/** The arrays that the exact path of the library gives for a file, as `.npy` files by name. */
export async function expectedArrays(
  file: string,
  parameters: ClusterParameters,
  scanShape?: { rows: number; columns: number },
): Promise<Map<string, Uint8Array>> {
  const scan = await openScan(file, { scanShape });
  try {
    const clustering = await clusterScan(scan, parameters, { workers: 1 });
    const { rows, columns, patternRows, patternColumns } = scan.shape, { forest, clusters } = clustering;
    const averages = new Float32Array(clusters.length * patternRows * patternColumns);
    for await (const { first, patterns } of averagePatterns(scan, clustering, { workers: 1 })) {
      averages.set(patterns, first * patternRows * patternColumns);
    }
    const arrays = new Map([
      ["labels", encodeNpy("i32", [rows, columns], clustering.labels)],
      ["averages", encodeNpy("f32", [clusters.length, patternRows, patternColumns], averages)],
      ["mean_similarity", encodeNpy("f32", [rows, columns], clustering.meanSimilarity)],
      ["similarity", encodeNpy("f32", [rows, columns, 8], clustering.similarity)],
      ["mask", encodeNpy("u8", [rows, columns], clustering.mask)],
    ]);
    if (forest) {
      const edges = forest.similarity.length;
      arrays.set("forest_probes", encodeNpy("u32", [edges, 2], forest.probes));
      arrays.set("forest_similarity", encodeNpy("f32", [edges], forest.similarity));
    }
    return arrays;
  } finally {
    scan.close();
  }
}

/** Arrays one after the other, as standard output has them. */
export function asStream(arrays: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts = arrayNames.flatMap((name) => arrays.get(name) ?? []);
  const stream = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (stream.set(part, at), at + part.length), 0);
  return stream;
}

/** Requires a folder to hold these arrays to the last byte, and nothing else. */
export async function requireArrays(folder: string, arrays: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  assert.deepEqual(names, Array.from(arrays.keys(), (name) => `${name}.npy`).sort());
  for (const [name, bytes] of arrays) {
    assert.ok(equal(await Deno.readFile(`${folder}/${name}.npy`), bytes), `${name} differs`);
  }
}

/** Whether two pieces are the same bytes. */
export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

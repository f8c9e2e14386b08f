/** The kernels run under node:wasi, in a sandbox without files, and give the same bytes as in the engine. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type Address, at } from "../library/engine/address.ts";
import type { Engine } from "../library/engine/engine.ts";
import { withEngine } from "../library/engine/with_engine.ts";
import type { KernelName } from "../library/engine/kernels.ts";
import { randomCounts, seededRandom } from "./support/random.ts";

const columns = 5, pixels = 77;
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Node, or a Deno whose node:wasi works; `null` where there is neither. */
function findRuntime(): string[] | null {
  for (const command of [["node", "--no-warnings"], [Deno.execPath(), "run", "-A"]]) {
    try {
      const probe = command[0] === "node"
        ? ["-e", "new (require('node:wasi').WASI)({version:'preview1'})"]
        : null;
      if (!probe && Number(Deno.version.deno.split(".")[1]) < 9) continue;
      if (probe && !new Deno.Command("node", { args: probe, stderr: "null" }).outputSync().success) continue;
      return command;
    } catch {
      continue;
    }
  }
  return null;
}

const runtime = findRuntime();
if (!runtime) console.warn("skipped, no runtime with node:wasi is here: the kernels under WASI");

function wasiTest(name: string, run: () => void | Promise<void>): void {
  Deno.test({ name, ignore: runtime === null, fn: run });
}

/** Sends a request through the WASI command; `null` when it exits with code 3. */
function runWasi(request: Uint8Array): Uint8Array | null {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.writeFileSync(`${folder}/request`, request);
    const [command, ...flags] = runtime!;
    const args = [
      ...flags,
      path("support/run_wasi.mjs"),
      path("../build/kernels.wasi.wasm"),
      `${folder}/request`,
      `${folder}/result`,
    ];
    const { code, stderr } = new Deno.Command(command, { args }).outputSync();
    if (code === 3) return null;
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    return Deno.readFileSync(`${folder}/result`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function request(header: number[], rows: Uint16Array | Float32Array): Uint8Array {
  const bytes = new Uint8Array(24 + rows.byteLength);
  bytes.set(new Uint8Array(Int32Array.from({ length: 6 }, (_, i) => header[i] ?? 0).buffer));
  bytes.set(new Uint8Array(rows.buffer), 24);
  return bytes;
}

function inEngine(
  rows: Uint16Array | Float32Array,
  resultBytes: number,
  run: (engine: Engine, upper: Address, lower: Address, result: Address) => Promise<void>,
) {
  return withEngine({ workers: 1 }, async (engine) => {
    const upper = engine.place(new Uint8Array(rows.buffer)), lower = at(upper, rows.byteLength / 2);
    const result = engine.allocate(resultBytes);
    engine.view(Uint8Array, result, resultBytes).fill(0);
    await run(engine, upper, lower, result);
    return engine.view(Uint8Array, result, resultBytes).slice();
  });
}

const random = seededRandom(3);
const counts = Uint16Array.from(randomCounts(random, 2 * columns * pixels, 900));
const floats = Float32Array.from(counts, (count) => count + random());

for (
  const [kernel, name, rows, chunk] of [[0, "similarityU16", counts, 1024], [
    1,
    "similarityF32",
    floats,
    32,
  ]] as const
) {
  wasiTest(`${name} gives the same bytes under node:wasi as in the engine`, async () => {
    const expected = await inEngine(rows, 40 * columns, (engine, upper, lower, result) =>
      engine.run([[
        name satisfies KernelName,
        upper,
        lower,
        columns,
        0,
        columns,
        pixels,
        chunk,
        result,
        at(result, 32 * columns),
      ]]));
    assert.deepEqual(runWasi(request([kernel, columns, pixels, chunk], rows)), expected);
  });
}

wasiTest("correlate gives the same bytes under node:wasi as in the engine", async () => {
  const [first, last] = [-1, 3], width = last - first + 1;
  const expected = await inEngine(
    floats,
    4 * columns * width,
    (engine, upper, lower, result) =>
      engine.run([["correlate", upper, lower, columns, 0, columns, pixels, first, last, result, width]]),
  );
  assert.deepEqual(runWasi(request([2, columns, pixels, first, last], floats)), expected);
});

wasiTest("requests that are no requests end with exit code 3", () => {
  const rows = new Uint16Array(2 * columns * pixels);
  for (
    const header of [[9, columns, pixels, 8], [0, -1, pixels, 8], [0, columns, pixels, 7], [
      0,
      40000,
      40000,
      8,
    ], [2, columns, pixels, 3, 1]]
  ) {
    assert.equal(runWasi(request(header, rows)), null);
  }
  assert.equal(runWasi(request([0, columns, pixels, 8], rows).subarray(0, 100)), null);
});

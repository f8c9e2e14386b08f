/** crystallite.wasm gives the bytes of the exact path in every sandbox, from files, standard input and pipes. */

import assert from "node:assert/strict";
import { encodeHeaderOf, encodeNpy } from "../../library/formats/npy_writer.ts";
import { withFolder } from "../support/folders.ts";
import { grainScan } from "../support/scans.ts";
import {
  arrayNames,
  asStream,
  equal,
  expectedArrays,
  parametersOf,
  requireArrays,
  runSandbox,
  type Sandbox,
  sandboxes,
} from "../support/wasi.ts";

const shape = { rows: 11, columns: 13, patternRows: 17, patternColumns: 22 };
const here = sandboxes();

/** Writes a scan of a few grains; counts of some need more than 15 bits. */
async function writeScan(folder: string, scale = 1): Promise<string> {
  const scan = grainScan(shape, "u16", 5, scale), data = new Uint16Array(11 * 13 * 17 * 22);
  scan.readRows(0, shape.rows, data);
  await Deno.writeFile(`${folder}/scan.npy`, encodeNpy("u16", Object.values(shape), data));
  return `${folder}/scan.npy`;
}

const inEach = (name: string, run: (sandbox: Sandbox, folder: string) => Promise<void>) =>
  here.forEach((sandbox) =>
    Deno.test(`${name} (${sandbox.name})`, () => withFolder((folder) => run(sandbox, folder)))
  );

inEach("a file becomes a folder, the same bytes as the exact path", async (sandbox, folder) => {
  const file = await writeScan(folder), words = ["--threshold", "0.9"];
  const { code, out, said } = await runSandbox(
    sandbox,
    { folder },
    "/data/scan.npy",
    "--out",
    "/data/result",
    ...words,
  );
  assert.equal(code, 0, said);
  assert.match(new TextDecoder().decode(out), /^\d+ clusters? in 143 probes, threshold 0\.900000\n$/);
  assert.match(said, /^similarity 10 %\n(.*\n)*averages 100 %\n$/);
  await requireArrays(`${folder}/result`, await expectedArrays(file, parametersOf(words)));
});

inEach("standard input becomes a stream, whether it can be read again or not", async (sandbox, folder) => {
  const file = await writeScan(folder), words = ["--threshold", "auto", "--blur", "1.5", "--quiet"];
  const expected = asStream(await expectedArrays(file, parametersOf(words.slice(0, 4))));
  for (const piped of [false, true]) {
    const { code, out, said } = await runSandbox(sandbox, { stdin: file, piped }, "-", ...words);
    assert.equal(code, 0, said);
    assert.ok(equal(out, expected), `${piped ? "pipe" : "file"}: other bytes`);
    assert.match(said, /^\d+ clusters in 143 probes, threshold 0\.\d{6}\n$/);
  }
});

const [first] = here;

/** What words change: each is run once, in the first sandbox. */
const settings: readonly string[][] = [
  ["--threshold", "q0.4", "--metric", "centered", "--blur", "0.7"],
  ["--threshold=auto", "--metric", "pearson", "--blur", "2.2", "--q-mask", "outside:3"],
  ["--threshold", "0.95", "--metric", "pearson", "--mask", "triangle"],
  [
    "--threshold",
    "9e-1",
    "--q-mask",
    "annulus:2,7.5",
    "--q-center",
    "8,10.5",
    "--mask",
    "0.8",
    "--min-size",
    "1",
  ],
  ["--preset", "py4dstem", "--threshold", "0.85"],
  ["--min-size", "3", "--preset", "py4dstem", "--threshold", "0.85", "--border-width", "1"],
  ["--threshold", "auto", "--q-mask", "disk:6", "--missing-neighbour", "0.25"],
];

for (const words of first ? settings : []) {
  Deno.test(`the words ${words.join(" ")} mean what they mean to the whole program`, () =>
    withFolder(async (folder) => {
      const file = await writeScan(folder, 300);
      const { code, said } = await runSandbox(
        first,
        { folder },
        "/data/scan.npy",
        "--out",
        "/data/r",
        ...words,
      );
      assert.equal(code, 0, said);
      await requireArrays(`${folder}/r`, await expectedArrays(file, parametersOf(words)));
    }));
}

Deno.test({
  name: "every type of numbers is computed as by the whole program, in both byte orders and as a stack",
  ignore: !first,
  fn: () =>
    withFolder(async (folder) => {
      const scan = grainScan(shape, "u16", 5),
        counts = new Uint16Array(11 * 13 * 17 * 22),
        words = ["--threshold", "auto"];
      scan.readRows(0, shape.rows, counts);
      const small = Array.from(counts, (count) => Math.min(count, 100));
      const swapped = (bytes: Uint8Array, size: number) => {
        const copy = bytes.slice();
        for (let i = 0; i < copy.length; i += size) copy.subarray(i, i + size).reverse();
        return copy;
      };
      const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer);
      const types: Record<string, Uint8Array> = {
        "|u1": Uint8Array.from(small),
        "|i1": bytes(Int8Array.from(small)),
        "|b1": Uint8Array.from(small, (count) => count > 3 ? 1 : 0),
        "<i2": bytes(Int16Array.from(small)),
        ">u2": swapped(bytes(counts.slice()), 2),
        "<u4": bytes(Uint32Array.from(small)),
        ">i4": swapped(bytes(Int32Array.from(small, (count) => count - 9)), 4),
        "<f4": bytes(Float32Array.from(small, (count) => count / 7)),
        ">f8": swapped(bytes(Float64Array.from(small, (count) => count / 7)), 8),
        "<i8": bytes(BigInt64Array.from(small, BigInt)),
      };
      for (const [type, data] of Object.entries(types)) {
        const header = encodeHeaderOf(type, [143, 17, 22]), file = `${folder}/stack.npy`;
        await Deno.writeFile(file, new Uint8Array([...header, ...data]));
        const shaped = ["--scan-shape", "11x13", "--quiet"];
        const { code, out, said } = await runSandbox(first, { stdin: file }, ...shaped, ...words);
        assert.equal(code, 0, `${type}: ${said}`);
        const expected = await expectedArrays(file, parametersOf(words), { rows: 11, columns: 13 });
        assert.ok(equal(out, asStream(expected)), `${type}: other bytes`);
      }
    }),
});

Deno.test({
  name: "masks from files, chosen arrays, and sums that do not fit the memory at once",
  ignore: !first,
  fn: () =>
    withFolder(async (folder) => {
      const file = await writeScan(folder);
      const keep = Float32Array.from({ length: 143 }, (_, probe) => probe % 7 ? 0.5 : -0);
      const pixels = Uint8Array.from({ length: 17 * 22 }, (_, pixel) => pixel % 3);
      await Deno.writeFile(`${folder}/keep.npy`, encodeNpy("f32", [11, 13], keep));
      await Deno.writeFile(`${folder}/pixels.npy`, encodeNpy("u8", [17, 22], pixels));
      const base = parametersOf(["--threshold", "0.99", "--min-size", "1"]);
      const expected = await expectedArrays(file, {
        ...base,
        mask: { kind: "pixels", keep: Uint8Array.from(keep, (value) => value ? 1 : 0), source: "keep" },
        detectorMask: { kind: "pixels", keep: pixels, source: "pixels" },
      });
      const masks = ["--mask", "/data/keep.npy", "--q-mask", "/data/pixels.npy"];
      const words = ["/data/scan.npy", ...masks, "--threshold", "0.99", "--min-size", "1", "--quiet"];
      const whole = await runSandbox(first, { folder }, ...words);
      assert.equal(whole.code, 0, whole.said);
      assert.ok(equal(whole.out, asStream(expected)));
      const clusters = Number(/^\d+/.exec(whole.said));
      assert.ok(clusters > 60, whole.said);
      // Room for the sums of some of the clusters, 3 kB each.
      const tight = await runSandbox(
        first,
        { folder },
        ...words,
        "--memory",
        "250k",
        "--arrays",
        "averages,labels",
      );
      assert.equal(tight.code, 0, tight.said);
      const wanted = new Map(arrayNames.slice(0, 2).map((name) => [name, expected.get(name)!]));
      assert.ok(equal(tight.out, asStream(wanted)));
      const tighter = await runSandbox(first, { folder }, ...words, "--memory", "60k");
      assert.equal(tighter.code, 1);
      assert.match(tighter.said, /^error: not enough memory: \d+ MiB are needed, --memory allows 0 /);
      const piped = await runSandbox(
        first,
        { folder, stdin: file, piped: true },
        ...["-", ...words.slice(1), "--memory", "100k"],
      );
      assert.equal(piped.code, 1);
      assert.match(piped.said, /a pipe can be read only once/);
    }),
});

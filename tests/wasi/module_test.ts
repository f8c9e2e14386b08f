/** What crystallite.wasm asks of a sandbox, the memory it takes there, and what it says when something is wrong. */

import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { WASI } from "node:wasi";
import { encodeNpy, NpyWriter } from "../../library/formats/npy_writer.ts";
import { withFolder } from "../support/folders.ts";
import { seededRandom } from "../support/random.ts";
import { writeFilm } from "../support/scan_files.ts";
import {
  arrayNames,
  expectedArrays,
  modulePath,
  parametersOf,
  requireArrays,
  sandboxes,
} from "../support/wasi.ts";

const module = new WebAssembly.Module(Deno.readFileSync(modulePath));
const here = sandboxes(), wasmtime = here.find(({ name }) => name === "wasmtime");

type Calls = Record<string, (...numbers: never[]) => number>;

/** Runs the module in this process; `change` may put other functions in place of those of the sandbox. */
function runHere(
  folder: string,
  words: readonly string[],
  change = (calls: Calls, _memory: () => WebAssembly.Memory) => calls,
) {
  const [outPath, saidPath] = [Deno.makeTempFileSync(), Deno.makeTempFileSync()];
  const stdin = openSync("/dev/null", "r"), stdout = openSync(outPath, "w"), stderr = openSync(saidPath, "w");
  const wasi = new WASI({
    version: "preview1",
    args: ["crystallite.wasm", ...words],
    preopens: { "/data": folder },
    ...{ stdin, stdout, stderr },
    returnOnExit: true,
  });
  const memory = () => instance.exports.memory as WebAssembly.Memory;
  const calls = change(wasi.wasiImport as unknown as Calls, memory);
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: calls });
  const code = wasi.start(instance);
  for (const file of [stdin, stdout, stderr]) closeSync(file);
  const [out, said] = [outPath, saidPath].map((path) => Deno.readTextFileSync(path));
  for (const path of [outPath, saidPath]) Deno.removeSync(path);
  return { code, out, said, bytes: memory().buffer.byteLength, memory: memory() };
}

const inProcess = here.some(({ name }) => name === "Deno");

Deno.test("the module asks for files and words, and for nothing else: no clock, no network, no environment", () => {
  const imports = WebAssembly.Module.imports(module);
  assert.ok(imports.every(({ module, kind }) => module === "wasi_snapshot_preview1" && kind === "function"));
  assert.deepEqual(imports.map(({ name }) => name).sort(), [
    "args_get",
    "args_sizes_get",
    "fd_close",
    "fd_filestat_get",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_read",
    "fd_seek",
    "fd_write",
    "path_create_directory",
    "path_open",
    "path_remove_directory",
    "path_rename",
    "path_unlink_file",
    "poll_oneoff",
    "proc_exit",
  ]);
});

Deno.test({
  name: "pages that a component's adapter takes stay untouched, and the bytes are the same",
  ignore: !inProcess,
  fn: () =>
    withFolder(async (folder) => {
      const file = await writeFilm(folder), words = ["--threshold", "0.97", "--q-mask", "outside:4"];
      const taken: number[] = [];
      const { code, memory } = runHere(
        folder,
        ["/data/film.npy", "--out", "/data/r", "--quiet", ...words],
        (calls, memory) => {
          // The adapter takes pages when it is first called; here it does so again and again.
          const taking = Object.entries(calls).map(([name, call]) => [name, (...numbers: never[]) => {
            if (taken.length < 20) {
              const page = memory().grow(1);
              new Uint8Array(memory().buffer, page * 65536, 65536).fill(0xaa);
              taken.push(page);
            }
            return call(...numbers);
          }]);
          return Object.fromEntries(taking);
        },
      );
      assert.equal(code, 0);
      assert.equal(taken.length, 20);
      for (const page of taken) {
        assert.ok(
          new Uint8Array(memory.buffer, page * 65536, 65536).every((byte) => byte === 0xaa),
          `page ${page}`,
        );
      }
      await requireArrays(`${folder}/r`, await expectedArrays(file, parametersOf(words)));
    }),
});

Deno.test({
  name: "memory is two rows and some 180 bytes for each probe, however many rows a scan has",
  ignore: !inProcess,
  fn: () =>
    withFolder((folder) => {
      const most = [8, 80].map((rows) => {
        NpyWriter.create(`${folder}/${rows}.npy`, "u16", [rows, 32, 64, 64]).abort();
        Deno.truncateSync(`${folder}/${rows}.npy`, 128 + rows * 32 * 64 * 64 * 2);
        const { code, bytes } = runHere(folder, [
          `/data/${rows}.npy`,
          "--threshold",
          "0.5",
          "--average",
          "none",
          "--quiet",
        ]);
        assert.equal(code, 0);
        return bytes;
      });
      assert.ok(most[0] > 2 * 32 * 64 * 64 * 2 && most[0] < 1e6, `${most[0]} bytes`);
      assert.ok(most[1] - most[0] < 180 * 72 * 32 + 2 * 65536, `${most[1] - most[0]} bytes more`);
    }),
});

/** What is wrong, the code, and what is said. */
const mistakes: readonly [readonly string[], number, RegExp][] = [
  [["/data/film.npy"], 2, /a threshold is needed/],
  [["/data/film.npy", "--threshold", "2"], 2, /--threshold .* out of range: 2/],
  [["/data/film.npy", "--threshold", "0.12345678901234567"], 2, /--threshold is not understood/],
  [["/data/film.npy", "--threshold"], 2, /--threshold needs a value/],
  [["/data/film.npy", "--treshold", "0.9"], 2, /there is no option --treshold\n {2}--help names all/],
  [["/data/film.npy", "--prefilter", "--threshold", "0.9"], 2, /there is no option --prefilter/],
  [["/data/film.npy", "--preset", "paper"], 2, /--preset can only be py4dstem here/],
  [["/data/film.npy", "--preset", "py4dstem", "--threshold", "auto"], 2, /the threshold must be a number/],
  [["a.npy", "b.npy", "--threshold", "0.9"], 2, /more than one input: b\.npy/],
  [
    ["/data/film.npy", "--threshold", "0.9", "--bad-pixels", "auto"],
    2,
    /--bad-pixels can only be none here: auto/,
  ],
  [
    ["/data/film.npy", "--threshold", "0.9", "--q-mask", "outside:99"],
    2,
    /the q mask leaves no detector pixel/,
  ],
  [
    ["/data/film.npy", "--threshold", "0.9", "--q-mask", "disk:3", "--q-center", "99,1"],
    2,
    /outside the detector/,
  ],
  [["/data/film.npy", "--threshold", "0.9", "--scan-shape", "5x5"], 2, /film\.npy has 168 patterns/],
  [["/data/film.npy", "--threshold", "0.9", "--arrays", "label"], 2, /--arrays names no such array: label/],
  [
    ["/data/film.npy", "--threshold", "0.9", "--out", "/data/there"],
    2,
    /something called \/data\/there already/,
  ],
  [
    ["/data/film.npy", "--threshold", "0.9", "--out", "/data/no/r"],
    1,
    /cannot write no\/r\.partial: there is no such/,
  ],
  [["/data/none.npy", "--threshold", "0.9"], 1, /cannot read \/data\/none\.npy: there is no such file/],
  [["/elsewhere/a.npy", "--threshold", "0.9"], 1, /no folder that holds \/elsewhere\/a\.npy/],
  [["/data/../../etc/passwd", "--threshold", "0.9"], 1, /cannot read .*: the sandbox does not allow it/],
  [["/data/text.npy", "--threshold", "0.9"], 1, /text\.npy is no \.npy file/],
  [
    ["/data/short.npy", "--threshold", "0.9"],
    1,
    /short\.npy ends early: \d+ bytes were expected, 5000 are there/,
  ],
  [["/data/flat.npy", "--threshold", "0.9"], 1, /flat\.npy has 2 axes; 4 are needed/],
  [["/data/nan.npy", "--threshold", "0.9"], 1, /row 1, column 0 holds values that are not finite/],
  [["/data/bright.npy", "--threshold", "0.9"], 1, /row 0, column 1 is too bright/],
  [["/data/film.npy", "--threshold", "0.9", "--mask", "/data/flat.npy"], 1, /mask of another shape/],
  [["/data/nan.npy", "--threshold", "0.9", "--mask", "/data/nanmask.npy"], 1, /nanmask\.npy holds NaN/],
];

Deno.test({
  name: "what is wrong is said with its remedy, the exit code tells usage from failure, and nothing is left",
  ignore: !inProcess,
  fn: () =>
    withFolder(async (folder) => {
      const film = await Deno.readFile(await writeFilm(folder));
      const floats = (shape: number[], at: number, value: number) => {
        const data = new Float32Array(shape.reduce((product, length) => product * length)).fill(1);
        data[at] = value;
        return encodeNpy("f32", shape, data);
      };
      Deno.mkdirSync(`${folder}/there`);
      const files = {
        "text.npy": new TextEncoder().encode("no array at all"),
        "short.npy": film.subarray(0, 5000),
        "flat.npy": floats([5, 6], 0, 1),
        "nan.npy": floats([2, 2, 4, 4], 2 * 16 + 3, NaN),
        "bright.npy": floats([2, 2, 4, 4], 16 + 3, 1e30),
        "nanmask.npy": floats([2, 2], 1, NaN),
      };
      for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(`${folder}/${name}`, bytes);
      const before = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
      for (const [words, expected, text] of mistakes) {
        const { code, out, said } = runHere(folder, ["--quiet", ...words]);
        assert.equal(code, expected, `${words.join(" ")}: ${said}`);
        assert.match(said, text);
        assert.match(said, /^error: /);
        assert.equal(out, "");
      }
      const { code, out } = runHere(folder, ["--help"]);
      assert.equal(code, 0);
      for (const name of arrayNames) assert.ok(out.includes(name), name);
      assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(), before);
    }),
});

Deno.test({
  name: "damaged files and odd words end with an error or a result, never with a trap",
  ignore: !inProcess,
  fn: () =>
    withFolder((folder) => {
      const random = seededRandom(11), pick = (count: number) => Math.floor(random() * count);
      const sound = encodeNpy("u16", [3, 4, 5, 6], Uint16Array.from({ length: 360 }, () => pick(50)));
      const alphabet = "0123456789(),' <>|ufibTrue{}:.-eE";
      const codes = new Map<number, number>();
      for (let round = 0; round < 400; round++) {
        const file = sound.slice(0, random() < 0.2 ? pick(sound.length) : sound.length);
        for (let change = pick(5); change > 0; change--) {
          file[pick(Math.min(file.length, 80))] = random() < 0.7
            ? alphabet.charCodeAt(pick(alphabet.length))
            : pick(256);
        }
        Deno.writeFileSync(`${folder}/scan.npy`, file);
        const word = Array.from({ length: pick(6) }, () => alphabet[pick(alphabet.length)]).join("");
        const flags = [
          "--threshold",
          "--blur",
          "--q-mask",
          "--mask",
          "--min-size",
          "--memory",
          "--scan-shape",
          "--arrays",
        ];
        const odd = random() < 0.5 ? [flags[pick(flags.length)], word] : [];
        const { code, said } = runHere(folder, ["/data/scan.npy", "--quiet", "--threshold", "0.5", ...odd]);
        assert.ok(code === 0 || (code === 1 || code === 2) && said.startsWith("error: "), `${code}: ${said}`);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
      for (const code of [0, 1, 2]) assert.ok(codes.get(code)! > 10, JSON.stringify([...codes]));
    }),
});

Deno.test({
  name: "a run that fails while it writes leaves nothing",
  ignore: !inProcess,
  fn: () =>
    withFolder(async (folder) => {
      await writeFilm(folder);
      let written = 0;
      const { code, said } = runHere(
        folder,
        ["/data/film.npy", "--out", "/data/r", "--threshold", "0.9", "--quiet"],
        (calls) => ({
          ...calls,
          // The disk is full after some pieces.
          fd_write: (...numbers) =>
            (numbers[0] as number) > 2 && ++written > 6 ? 51 : calls.fd_write(...numbers),
        }),
      );
      assert.equal(code, 1);
      assert.match(said, /^error: cannot write r\.partial\/\w+\.npy: the disk is full\n$/);
      assert.equal(written, 7);
      assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["film.npy"]);
    }),
});

Deno.test({
  name: "under wasmtime the scan's folder may be given for reading only",
  ignore: !wasmtime,
  fn: () =>
    withFolder(async (folder) => {
      await Deno.mkdir(`${folder}/scans`), await Deno.mkdir(`${folder}/results`);
      const file = await writeFilm(`${folder}/scans`);
      const [program, ...command] = wasmtime!.command;
      const run = (out: string) =>
        new Deno.Command(program, {
          args: [
            ...command,
            ...["--read-only", `${folder}/scans::/scans`, "--dir", `${folder}/results::/results`],
            ...[modulePath, "/scans/film.npy", "--out", out, "--threshold", "0.97", "--quiet"],
          ],
        }).output();
      const { code, stderr } = await run("/results/film");
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      await requireArrays(
        `${folder}/results/film`,
        await expectedArrays(file, parametersOf(["--threshold", "0.97"])),
      );
      const refused = await run("/scans/film");
      assert.equal(refused.code, 1);
      assert.match(new TextDecoder().decode(refused.stderr), /the sandbox does not allow it/);
      assert.deepEqual(Array.from(Deno.readDirSync(`${folder}/scans`), ({ name }) => name), ["film.npy"]);
    }),
});

/**
 * The WASI command beside the whole program on one thread: `deno run -A bench/wasi.ts [ROUNDS [WORDS…]]`, after
 * `deno task build`. Processor times, since a shared machine has other clocks; those of a tiny scan, which are the start
 * of the programs, are taken off. All in turn in each round; the best of the rounds is printed.
 */

import { fileURLToPath } from "node:url";
import { NpyWriter } from "../library/formats/npy_writer.ts";
import { modulePath, sandboxes } from "../tests/support/wasi.ts";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
const shape = [64, 256, 192, 192], tiny = [2, 8, 192, 192];

/** Counts of a few electrons a pixel; the same row again and again, moved by a column each. */
function writeCounts(path: string, shape: number[]): void {
  const writer = NpyWriter.create(path, "u16", shape), [rows, columns, height, width] = shape;
  const random = new Uint8Array(65536), counts = new Uint16Array(columns * height * width + rows);
  for (let i = 0; i < counts.length; i++) {
    if (i % random.length === 0) crypto.getRandomValues(random);
    const bits = random[i % random.length] & 63;
    counts[i] = (bits & 1) + (bits >> 1 & 1) + (bits >> 2 & 1) + (bits >> 3 & 1) + (bits >> 4 & 1) +
      (bits >> 5);
  }
  for (let row = 0; row < rows; row++) writer.write(counts.subarray(row, row + columns * height * width));
  writer.close();
}

/** Processor seconds of a command line. */
function processorTime(command: readonly string[]): number {
  const { code, stderr } = new Deno.Command("bash", {
    args: ["-c", 'TIMEFORMAT="%U %S"; time "$@" > /dev/null', "bash", ...command],
    env: { NODE_NO_WARNINGS: "1" },
  }).outputSync();
  const said = new TextDecoder().decode(stderr).trim();
  if (code !== 0) throw new Error(`${command.join(" ")}: ${said}`);
  return said.split("\n").at(-1)!.split(" ").map(Number).reduce((a, b) => a + b);
}

const rounds = Number(Deno.args[0] ?? 3);
const words = ["--threshold", "0.5", "--exact", "--quiet", ...Deno.args.slice(1)];
const folder = await Deno.makeTempDir();
try {
  writeCounts(`${folder}/large.npy`, shape);
  writeCounts(`${folder}/tiny.npy`, tiny);
  const out = `${folder}/result`, programs = new Map<string, (scan: string) => string[]>();
  const native = ["--bad-pixels", "none", "--workers", "1", "--export", "npy"];
  programs.set(
    "one native thread",
    (
      scan,
    ) => [
      Deno.execPath(),
      "run",
      "-A",
      "--no-check",
      cli,
      "cluster",
      scan,
      "--out",
      out,
      ...native,
      ...words,
    ],
  );
  for (const { name, command } of sandboxes()) {
    programs.set(
      name,
      (scan) => [...command, "--dir", `${folder}::${folder}`, modulePath, scan, "--out", out, ...words],
    );
  }
  const best = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of programs) {
      const times = ["tiny", "large"].map((size) => {
        const time = processorTime(command(`${folder}/${size}.npy`));
        Deno.removeSync(out, { recursive: true });
        return time;
      });
      best.set(name, Math.min(best.get(name) ?? Infinity, times[1] - times[0]));
    }
  }
  const bytes = 2 * shape.reduce((product, length) => product * length), reference = [...best.values()][0];
  for (const [name, time] of best) {
    console.log(
      `${name.padEnd(18)} ${(bytes / time / 1e9).toFixed(2)} GB/s  ${(reference / time).toFixed(2)}`,
    );
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

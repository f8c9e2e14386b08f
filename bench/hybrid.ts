/**
 * The hybrid of the paper on a scan of everyday size: clusters, their orientations, and the strain of every probe, each by its
 * own command. The scan, 19 GB with 512 x 512 probes and 192 x 192 pixels, is simulated into a folder first.
 *
 *     deno run -A bench/hybrid.ts [--rows 512] [--columns 512] [--pixels 192] [--memory 1G] [--workers 2]
 *         [--folder DIR] [--keep] [--json FILE]
 *
 * With `--keep` the scan stays in the folder, and is not simulated again where it is there. Linux only.
 */

import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { NpyWriter } from "../library/formats/npy_writer.ts";
import { simulateScan } from "../library/simulation/scan.ts";
import { wholeNumber } from "./flags.ts";
import { runMeasured } from "./peak_memory.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "512" },
    columns: { type: "string", default: "512" },
    pixels: { type: "string", default: "192" },
    memory: { type: "string", default: "1G" },
    workers: { type: "string", default: "2" },
    folder: { type: "string" },
    keep: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const rows = wholeNumber(flags.rows, "--rows"), columns = wholeNumber(flags.columns, "--columns");
const pixels = wholeNumber(flags.pixels, "--pixels");
const probes = rows * columns, bytes = 2 * probes * pixels * pixels;
const folder = flags.folder ?? await Deno.makeTempDir({ prefix: "crystallite-hybrid-" });
const scan = join(folder, `film_${rows}x${columns}x${pixels}.npy`), result = join(folder, "result");

/** Grains of about 20 x 20 probes, patterns that move by six pixels. */
function film() {
  return simulateScan({
    ...{ rows, columns, patternRows: pixels, patternColumns: pixels, seed: 1, descan: 6 },
    ...{ grains: Math.max(1, Math.round(probes / 400)), dose: 20_000, convergenceAngle: 2 },
  });
}

async function writeFilm(): Promise<void> {
  if ((await Deno.stat(scan).catch(() => undefined))?.size) return;
  await Deno.mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < 1.1 * bytes) {
    throw new Error(
      `${folder} has room for ${(bavail * bsize / 1e9).toFixed(0)} GB, not ${(bytes / 1e9).toFixed(0)}`,
    );
  }
  const simulated = film(), row = new Uint16Array(columns * pixels * pixels);
  const writer = NpyWriter.create(scan, "u16", [rows, columns, pixels, pixels]);
  try {
    for (let index = 0; index < rows; index++) {
      simulated.readRows(index, 1, row);
      writer.write(row);
    }
    writer.close();
  } finally {
    writer.abort();
  }
}

const { qPixelSize, diskRadius } = film().truth;
const resources = ["--memory", flags.memory, "--workers", flags.workers, "--quiet"];
const steps: readonly (readonly [step: string, ...words: string[]])[] = [
  ["cluster", "cluster", scan, "--out", result, "--force", "--preset", "auto", ...resources],
  [
    "orient",
    ...["orient", result, "--crystal", "Au", "--voltage", "200kV", "--disk-radius", diskRadius.toFixed(2)],
    ...["--q-pixel-size", `${qPixelSize} A^-1`, ...resources],
  ],
  ["strain", "strain", result, ...resources],
];

await writeFilm();
const measured: { step: string; seconds: number; peak: number }[] = [];
try {
  for (const [step, ...words] of steps) {
    const { seconds, peak } = await runMeasured(Deno.execPath(), [
      "run",
      "-A",
      "--no-check",
      "cli.ts",
      ...words,
    ]);
    measured.push({ step, seconds, peak });
    console.log(
      `${step.padEnd(8)} ${seconds.toFixed(1).padStart(7)} s  ${
        (1e3 * seconds / probes).toFixed(3)
      } ms a pattern  ` +
        `${(peak / 2 ** 20).toFixed(0).padStart(5)} MiB at most`,
    );
  }
} finally {
  if (!flags.keep) await Deno.remove(folder, { recursive: true });
}
const seconds = measured.reduce((sum, step) => sum + step.seconds, 0);
console.log(
  `${rows} x ${columns} x ${pixels} x ${pixels}, ${(bytes / 1e9).toFixed(1)} GB: ${
    (seconds / 60).toFixed(2)
  } minutes`,
);
if (flags.json) {
  await Deno.writeTextFile(
    flags.json,
    JSON.stringify({ rows, columns, pixels, seconds, measured }, null, 2) + "\n",
  );
}

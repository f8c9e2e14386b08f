/** Scans and results for the viewer's pages, and what they hold. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../library/formats/npy_writer.ts";
import { readStoredArray } from "../../library/results/stored_array.ts";
import { simulateScan } from "../../library/simulation/scan.ts";
import { cifText, structures } from "./cif_texts.ts";
import { main } from "../../commands/program.ts";
import { crystallite } from "./command_line.ts";

/** Rows and columns of {@link writeScan}, and pixels of its patterns along each side. */
export const scanRows = 40, scanColumns = 48, patternSide = 32;

/** A scan on disk with its counts, pattern after pattern. */
export interface WrittenScan {
  readonly path: string;
  readonly data: Uint16Array<ArrayBuffer>;
}

/**
 * A film of a few grains, 40 x 48 probes of 32 x 32 pixels.
 *
 * @param shape what the file says about its layout
 * @param hotPixels how many pixels count too much
 */
export async function writeScan(
  folder: string,
  name = "film.npy",
  shape: readonly number[] = [scanRows, scanColumns, patternSide, patternSide],
  hotPixels = 5,
): Promise<WrittenScan> {
  const scan = simulateScan({
    rows: scanRows,
    columns: scanColumns,
    patternRows: patternSide,
    patternColumns: patternSide,
    grains: 8,
    twinFraction: 0,
    minimumMisorientation: 15,
    hotPixels,
    seed: 5,
  });
  const data = new Uint16Array(scanRows * scanColumns * patternSide ** 2);
  scan.readRows(0, scanRows, data);
  const path = join(folder, name);
  await Deno.writeFile(path, encodeNpy("u16", [...shape], data));
  return { path, data };
}

/** The film with patterns four times as fine, beside it as `fine.npy`: comparing them exactly takes a thread seconds. */
export async function writeSlowScan(folder: string): Promise<string> {
  const { data } = await writeScan(folder), side = 4 * patternSide;
  const fine = new Uint16Array(scanRows * scanColumns * side ** 2);
  for (let pixel = 0; pixel < fine.length; pixel++) {
    const probe = Math.floor(pixel / side ** 2), row = Math.floor(pixel / side) % side, column = pixel % side;
    fine[pixel] = data[probe * patternSide ** 2 + (row >> 2) * patternSide + (column >> 2)];
  }
  const path = join(folder, "fine.npy");
  await Deno.writeFile(path, encodeNpy("u16", [scanRows, scanColumns, side, side], fine));
  return path;
}

/** Counts of the pattern at a probe. */
export function patternAt({ data }: WrittenScan, row: number, column: number): Uint16Array {
  const start = (row * scanColumns + column) * patternSide ** 2;
  return data.subarray(start, start + patternSide ** 2);
}

/** Sum of counts. */
export function sumOf(counts: Iterable<number>): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

/** Words that cluster {@link writeScan}'s scan into a dozen grains by the threshold. */
export const growthWords: readonly string[] = [
  "--blur",
  "1",
  "--q-mask",
  "outside:4",
  "--threshold",
  "0.985",
];

/** A result of the scan by the command line; returns its folder. */
export async function writeResult(
  folder: string,
  scan: string,
  words: readonly string[] = growthWords,
  name = "result",
): Promise<string> {
  const out = join(folder, name);
  const { code, error } = await crystallite("cluster", scan, "--out", out, ...words);
  assert.equal(code, 0, error);
  return out;
}

/** Labels of a result, -1 for none. */
export const labelsOf = (result: string): Int32Array => labelsIn(join(result, "labels.npy"));

/** Labels in a file. */
export function labelsIn(file: string): Int32Array {
  return readStoredArray(file, "i32", [scanRows, scanColumns]) as Int32Array;
}

/** One line of the cluster table of a result. */
export interface TableLine {
  readonly size: number;
  readonly row: number;
  readonly column: number;
  readonly similarity: number;
}

/** The cluster table of a result. */
export function tableOf(result: string): TableLine[] {
  const [names, ...lines] = Deno.readTextFileSync(join(result, "clusters.csv")).trim().split("\n")
    .map((line) => line.split(","));
  const number = (line: string[], name: string) => Number(line[names.indexOf(name)]);
  return lines.map((line) => ({
    size: number(line, "size"),
    row: number(line, "row"),
    column: number(line, "column"),
    similarity: number(line, "mean_similarity"),
  }));
}

/** How many clusters the labels have. */
export function countLabels(labels: ArrayLike<number>): number {
  let most = -1;
  for (let probe = 0; probe < labels.length; probe++) most = Math.max(most, labels[probe]);
  return most + 1;
}

/** Compares arrays without printing thousands of numbers. */
export function sameNumbers(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(found.length, expected.length);
  const places = Array.from(expected, (_, place) => place).filter((place) =>
    found[place] !== expected[place]
  );
  const [place] = places;
  assert.equal(
    places.length,
    0,
    `${places.length} differ, at ${place}: ${found[place]} for ${expected[place]}`,
  );
}

/** Rows and columns of {@link writeOriented}. */
export const goldRows = 16, goldColumns = 20;

/**
 * A result with orientations and strain, of a gold film of three grains; returns its folder. Two phases were offered:
 * `gold` and `silicon`.
 */
export async function writeOriented(folder: string): Promise<string> {
  const path = await writeGold(folder), out = join(folder, "gold");
  await command("cluster", path, "--out", out, "--preset", "auto");
  const [gold, silicon] = (["gold", "silicon"] as const).map((name) => {
    const cif = join(folder, `${name}.cif`);
    Deno.writeTextFileSync(cif, cifText(structures[name]).replace(/^data_.*/, `data_${name}`));
    return ["--cif", cif];
  });
  // A little more than the 1/32 that is right: from 5 % more on silicon would explain the patterns, at the size that was given.
  const conditions = ["--voltage", "200kV", "--q-pixel-size", "0.0315 A^-1", "--max-q", "1"];
  await command("orient", out, ...gold, ...silicon, ...conditions);
  await command("strain", out);
  return out;
}

/** The scan of {@link writeOriented}; returns its path. */
export async function writeGold(folder: string): Promise<string> {
  const path = join(folder, "gold.npy"), side = 64;
  const scan = simulateScan({
    ...{ rows: goldRows, columns: goldColumns, patternRows: side, patternColumns: side },
    ...{
      grains: 3,
      twinFraction: 0,
      texture: "100",
      textureSpread: 1,
      maximumQ: 1,
      convergenceAngle: 1.5,
      seed: 3,
    },
  });
  const data = new Uint16Array(goldRows * goldColumns * side ** 2);
  scan.readRows(0, goldRows, data);
  await Deno.writeFile(path, encodeNpy("u16", [goldRows, goldColumns, side, side], data));
  return path;
}

/** Runs a command within this process, which saves its start. */
export async function command(...args: string[]): Promise<void> {
  let error = "";
  const io = { terminal: null, writeOut: () => {}, writeError: (text: string) => void (error += text) };
  assert.equal(await main([...args, "--quiet"], io), 0, error);
}

/** Scans as files, for tests of the command line. */

import { join } from "node:path";
import { encodeNpy, NpyWriter } from "../../library/formats/npy_writer.ts";
import { pixelCount, probeCount, type ScanShape } from "../../library/scan/shape.ts";
import { simulateScan } from "../../library/simulation/scan.ts";
import type { SimulationParameters } from "../../library/simulation/parameters.ts";

/** A small film of three grains that cluster well with {@link clusterFlags}. */
const film: Partial<SimulationParameters> = {
  rows: 12,
  columns: 14,
  patternRows: 32,
  patternColumns: 32,
  grains: 3,
  twinFraction: 0,
  minimumMisorientation: 15,
  hotPixels: 2,
  seed: 3,
};

/** Flags that give a few clusters on {@link writeFilm}'s scan. */
export const clusterFlags = ["--blur", "1", "--q-mask", "outside:4", "--threshold", "0.97"] as const;

/** Writes a simulated scan of 12 x 14 probes and 32 x 32 detector pixels, u16; returns its path. */
export async function writeFilm(folder: string): Promise<string> {
  const scan = simulateScan(film);
  const { rows, columns, patternRows, patternColumns } = scan.shape;
  const data = new Uint16Array(rows * columns * patternRows * patternColumns);
  scan.readRows(0, rows, data);
  const path = join(folder, "film.npy");
  await Deno.writeFile(path, encodeNpy("u16", [rows, columns, patternRows, patternColumns], data));
  return path;
}

/** Writes a scan of zeros, u8, that takes no room on most disks however large it is; returns its path. */
export async function writeZeros(folder: string, shape: ScanShape): Promise<string> {
  const sizes = [shape.rows, shape.columns, shape.patternRows, shape.patternColumns];
  const path = join(folder, "zeros.npy");
  NpyWriter.create(path, "u8", sizes).abort();
  const { size } = await Deno.stat(path);
  await Deno.truncate(path, size + probeCount(shape) * pixelCount(shape));
  return path;
}

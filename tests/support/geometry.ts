/** The geometry of scans in tests: what the words mean, done on lists, and everything that reads a scan held against it. */

import assert from "node:assert/strict";
import { workingType } from "../../library/engine/loaded_scan.ts";
import { encodeNpy } from "../../library/formats/npy_writer.ts";
import type { OpenScanOptions } from "../../library/formats/open.ts";
import { bytesOf, createPixelArray, type DType, type PixelArray } from "../../library/scan/dtype.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { probeCount } from "../../library/scan/shape.ts";
import { withFolder } from "./folders.ts";
import { readAll } from "./reading.ts";
import { readStored } from "./stored.ts";

/** Rows and columns of a scan and of its patterns. */
export type Lengths = readonly [rows: number, columns: number, patternRows: number, patternColumns: number];
/** A scan as nested lists: rows of columns of patterns, which are rows of columns of numbers. */
export type Nested = number[][][][];

/** The numbers of a file as a stack of patterns, each number another one as far as the type goes. */
export function stackOf(dtype: DType, patterns: number, rows: number, columns: number): PixelArray {
  const pixels = createPixelArray(dtype, patterns * rows * columns);
  const range = dtype === "u8" ? 251 : 65521;
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 7919 + 5) % range;
  return pixels;
}

function nest(
  pixels: PixelArray,
  [rows, columns, patternRows, patternColumns]: Lengths,
  skip: number,
): Nested {
  const range = (count: number) => Array.from({ length: count }, (_, index) => index);
  return range(rows).map((row) =>
    range(columns).map((column) =>
      range(patternRows).map((qy) =>
        range(patternColumns).map((qx) =>
          pixels[((skip + row * columns + column) * patternRows + qy) * patternColumns + qx]
        )
      )
    )
  );
}

const transpose = <Value>(rows: Value[][]) => rows[0].map((_, column) => rows.map((row) => row[column]));

/** What the options mean, one after the other, on lists. */
export function expected(pixels: PixelArray, recorded: Lengths, options: OpenScanOptions): Nested {
  let scan = nest(pixels, recorded, options.skipFrames ?? 0);
  if (options.flyback) scan = scan.map((line) => line.slice(0, line.length - options.flyback!));
  if (options.scanOrder === "snake") scan = scan.map((line, row) => row % 2 ? line.toReversed() : line);
  if (options.swapScanAxes) scan = transpose(scan);
  const flip = options.detectorFlip ?? "";
  scan = scan.map((line) =>
    line.map((pattern) => {
      let turned = pattern;
      if (flip.includes("rows")) turned = turned.toReversed();
      if (flip.includes("columns")) turned = turned.map((row) => row.toReversed());
      return options.detectorTranspose ? transpose(turned) : turned;
    })
  );
  const { region } = options;
  if (!region) return scan;
  return scan.slice(region.firstRow, region.lastRow).map((line) =>
    line.slice(region.firstColumn, region.lastColumn)
  );
}

/** Checks rows, single patterns, and what threads read where they read by themselves. */
export async function checkScan(scan: Scan, wanted: Nested, threads: boolean): Promise<void> {
  const { shape, dtype } = scan;
  assert.deepEqual(shape, {
    rows: wanted.length,
    columns: wanted[0].length,
    patternRows: wanted[0][0].length,
    patternColumns: wanted[0][0][0].length,
  });
  const numbers = wanted.flat(3), all = await readAll(scan);
  assert.deepEqual(Array.from(all), numbers);
  for (const height of [1, 2]) assert.deepEqual(await readAll(scan, height, true), all);
  if (scan.readPatterns) {
    const pixels = numbers.length / probeCount(shape), first = Math.floor(probeCount(shape) / 2);
    const some = createPixelArray(dtype, (probeCount(shape) - first) * pixels);
    await scan.readPatterns(first, probeCount(shape) - first, some);
    assert.deepEqual(some, all.slice(first * pixels));
  }
  assert.equal(scan.stored !== undefined, threads, "threads");
  if (!threads) return;
  const working = createPixelArray(
    ({ U8: "u8", U16: "u16", F32: "f32" } as const)[workingType(dtype)],
    all.length,
  );
  working.set(all);
  for (const step of [1, 3, probeCount(shape)]) assert.deepEqual(readStored(scan, step), bytesOf(working));
}

/** A file of `patterns` patterns, one after the other. */
export async function withStack(
  dtype: DType,
  patterns: number,
  [patternRows, patternColumns]: readonly [number, number],
  use: (path: string, pixels: PixelArray) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const path = `${folder}/stack.npy`, pixels = stackOf(dtype, patterns, patternRows, patternColumns);
    await Deno.writeFile(path, encodeNpy(dtype, [patterns, patternRows, patternColumns], pixels));
    await use(path, pixels);
  });
}

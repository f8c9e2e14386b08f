/** Scans of any numbers in shapes that are cut into chunks in several ways, and whether files read as they do. */

import assert from "node:assert/strict";
import { openScan } from "../../library/formats/open.ts";
import { bytesOf, createPixelArray, type DType } from "../../library/scan/dtype.ts";
import { scanFromArray } from "../../library/scan/scan_from_array.ts";
import type { Scan } from "../../library/scan/scan.ts";
import type { ScanShape } from "../../library/scan/shape.ts";
import { seededRandom } from "./random.ts";
import { readAll } from "./reading.ts";

/** A scan of numbers of the whole range of their type: mostly small, the rest anything, NaN and infinity among floats. */
export function anyScan(
  shape: ScanShape,
  dtype: DType,
  options: Parameters<typeof scanFromArray>[2] = {},
): Scan {
  const random = seededRandom(dtype.length + shape.columns);
  const data = createPixelArray(
    dtype,
    shape.rows * shape.columns * shape.patternRows * shape.patternColumns,
  );
  const bytes = bytesOf(data);
  for (let i = 0; i < data.length; i++) data[i] = random() < 0.2 ? 1 + Math.floor(3 * random()) : 0;
  for (let i = Math.floor(bytes.length / 2); i < bytes.length; i++) bytes[i] = Math.floor(256 * random());
  return scanFromArray(data, shape, options);
}

/** That a file reads as a scan of the same shape, type and bytes. */
export async function assertReadsSame(path: string, scan: Scan): Promise<void> {
  const read = await openScan(path);
  try {
    assert.deepEqual(read.shape, scan.shape);
    assert.equal(read.dtype, scan.dtype);
    const written = bytesOf(await readAll(read)), wanted = bytesOf(await readAll(scan));
    assert.equal(written.length, wanted.length);
    // Comparing element by element through assert takes seconds for megabytes.
    assert.equal(written.findIndex((byte, index) => byte !== wanted[index]), -1);
  } finally {
    read.close();
  }
}

/** Shapes whose rows are cut into chunks in every way there is. */
export const convertedShapes: Readonly<Record<string, ScanShape>> = {
  "one chunk a row": { rows: 5, columns: 3, patternRows: 4, patternColumns: 6 },
  "chunks that divide rows": { rows: 2, columns: 6, patternRows: 256, patternColumns: 200 },
  "chunks that do not": { rows: 2, columns: 67, patternRows: 160, patternColumns: 140 },
  "one pixel": { rows: 1, columns: 1, patternRows: 1, patternColumns: 1 },
};

/** Rows of a file that was made with its whole size: what was not written yet is zero. */

import { bytesOf, createPixelArray, type PixelArray } from "../scan/dtype.ts";
import { readPattern, type Scan } from "../scan/scan.ts";
import { pixelCount } from "../scan/shape.ts";

/**
 * How many rows of a scan were written, as far as its patterns tell. The end of those that count something is looked for; the
 * last of them is among them where its last pattern counts something.
 *
 * @param known rows that are known to be written
 * @param grown whether the file has become longer meanwhile: a last row that counts anything is whole then
 */
export async function writtenRows(scan: Scan, known: number, grown: boolean): Promise<number> {
  const { rows, columns } = scan.shape;
  const row = createPixelArray(scan.dtype, columns * pixelCount(scan.shape));
  const counts = async (index: number) => {
    await scan.readRows(index, 1, row);
    return !isZero(row);
  };
  const isWhole = async (index: number) => !isZero(await readPattern(scan, index, columns - 1));
  if (known >= rows) return rows;
  if (await counts(rows - 1)) return grown || await isWhole(rows - 1) ? rows : rows - 1;
  // Rows are written in order: in growing steps to one without counts, then between the two.
  let low = known - 1, high = rows - 1;
  for (let step = 1; low + step < high; step *= 2) {
    if (await counts(low + step)) low += step;
    else high = low + step;
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await counts(middle)) low = middle;
    else high = middle;
  }
  if (low < known) return known;
  return await isWhole(low) ? low + 1 : low;
}

/** Whether no bit is set, eight bytes at a time. */
function isZero(pixels: PixelArray): boolean {
  const bytes = bytesOf(pixels), words = bytes.byteOffset % 8 === 0 ? bytes.length >> 3 : 0;
  const view = new BigUint64Array(bytes.buffer, words > 0 ? bytes.byteOffset : 0, words);
  for (let index = 0; index < words; index++) if (view[index] !== 0n) return false;
  for (let index = 8 * words; index < bytes.length; index++) if (bytes[index] !== 0) return false;
  return true;
}

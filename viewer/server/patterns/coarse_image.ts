/** A coarse virtual image at once, while the whole scan is still to be read: of a grid of probes, each for those around it. */

import { turn } from "../../../library/engine/turn.ts";
import { bytesPerElement, createPixelArray } from "../../../library/scan/dtype.ts";
import { readPattern, type Scan } from "../../../library/scan/scan.ts";
import { pixelCount, probeCount } from "../../../library/scan/shape.ts";
import type { ImageStep } from "../../protocol/virtual_images.ts";

/** What is read at most: patterns, bytes, milliseconds. */
const mostPatterns = 1600, mostBytes = 24e6, mostTime = 250;

/**
 * The image, float32 (row, column), and how many rows and columns one probe of it stands for.
 *
 * @param detector 1 where a detector pixel is summed; `null` = all
 * @throws {Aborted} when the signal fires
 */
export async function coarseImage(
  scan: Scan,
  detector: Uint8Array | null,
  signal: AbortSignal,
): Promise<{ image: Float32Array<ArrayBuffer>; step: ImageStep }> {
  const { shape, dtype } = scan, { rows, columns } = shape, start = performance.now();
  const pixels = pixelCount(shape);
  const allowed = Math.max(16, Math.min(mostPatterns, mostBytes / (pixels * bytesPerElement(dtype))));
  const step = Math.max(1, Math.ceil(Math.sqrt(probeCount(shape) / allowed)));
  const down = Math.ceil(rows / step), right = Math.ceil(columns / step);
  const sums = new Float32Array(down * right), done = new Uint8Array(down);
  const middle = (place: number, end: number) => Math.min(end - 1, place * step + (step >> 1));
  let read = 0;
  // Rows far apart first, so that a slow file gives an image of the whole scan too.
  for (const y of spreadOut(down)) {
    if (read > 0 && performance.now() - start > mostTime) break;
    const row = middle(y, rows);
    // A format that reads whole rows alone reads each once.
    const whole = scan.readPatterns ? null : createPixelArray(dtype, columns * pixels);
    if (whole) await scan.readRows(row, 1, whole);
    for (let x = 0; x < right; x++) {
      const column = middle(x, columns);
      const pattern = whole
        ? whole.subarray(column * pixels, (column + 1) * pixels)
        : await readPattern(scan, row, column);
      let sum = 0;
      for (let pixel = 0; pixel < pixels; pixel++) {
        if (detector === null || detector[pixel]) sum += pattern[pixel];
      }
      sums[y * right + x] = sum;
    }
    done[y] = 1;
    read++;
    await turn(signal);
  }
  const image = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const y = nearest(done, Math.floor(row / step));
    for (let column = 0; column < columns; column++) {
      image[row * columns + column] = sums[y * right + Math.floor(column / step)];
    }
  }
  return { image, step: { rows: read < down ? Math.ceil(rows / read) : step, columns: step } };
}

/** The numbers below an end, each far from those before it. */
function spreadOut(end: number): number[] {
  const bits = Math.ceil(Math.log2(Math.max(2, end)));
  const reversed = (number: number) => {
    let result = 0;
    for (let bit = 0; bit < bits; bit++) if (number >> bit & 1) result |= 1 << (bits - 1 - bit);
    return result;
  };
  return Array.from({ length: 1 << bits }, (_, number) => reversed(number)).filter((number) => number < end);
}

/** The place nearest to another that is done. */
function nearest(done: Uint8Array, place: number): number {
  for (let distance = 0; distance < done.length; distance++) {
    if (done[place - distance]) return place - distance;
    if (done[place + distance]) return place + distance;
  }
  return place;
}

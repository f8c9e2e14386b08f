/** Weights of a sketch in fixed point, as the kernels multiply whole counts with them (layout: assembly/sketch.ts). */

import { blockColumns } from "./weight_blocks.ts";

/** What the largest weight of a column becomes. */
const largest = 32767;

/** Pairs of pixels, filled up to whole vectors of eight pixels. */
function pairsOf(pixels: number): number {
  return 4 * Math.ceil(pixels / 8);
}

/** Bytes of {@link fixedWeights}. */
export function fixedWeightBytes(columns: number, pixels: number): number {
  return columns * (4 + 4 * pairsOf(pixels));
}

/**
 * Scales of the columns, and the weights over their scale as the nearest whole numbers: float32 (block, 8), then
 * int16 (block, pair of pixels, 8, 2).
 *
 * @param weights float32 (block, pixel, 8)
 * @param columns columns of all blocks together
 */
export function fixedWeights(weights: Float32Array, columns: number): Uint8Array<ArrayBuffer> {
  const pixels = weights.length / columns, pairs = pairsOf(pixels);
  const bytes = new Uint8Array(fixedWeightBytes(columns, pixels));
  const scales = new Float32Array(bytes.buffer, 0, columns);
  const integers = new Int16Array(bytes.buffer, 4 * columns);
  for (let column = 0; column < columns; column++) {
    const block = Math.floor(column / blockColumns), within = column % blockColumns;
    const from = block * pixels * blockColumns + within, to = block * pairs * 2 * blockColumns + 2 * within;
    let most = 0;
    for (let pixel = 0; pixel < pixels; pixel++) {
      most = Math.max(most, Math.abs(weights[from + pixel * blockColumns]));
    }
    if (most === 0) continue;
    // Rounded up, so that no weight becomes larger than the largest.
    const scale = scales[column] = Math.fround(most / largest * (1 + 2 ** -23));
    for (let pixel = 0; pixel < pixels; pixel++) {
      integers[to + (pixel >> 1) * 2 * blockColumns + (pixel & 1)] = Math.round(
        weights[from + pixel * blockColumns] / scale,
      );
    }
  }
  return bytes;
}

/** Weights of sketches in blocks of columns, as the kernels take them, and what a sketch of so many columns needs. */

import { binningScratchBytes } from "./binned_sample.ts";

/** Columns of a block of weights, and blocks: as many numbers as one pass of the kernel gives. */
export const blockColumns = 8;
/** Blocks of a sketch, and of one whose features are used up and still tell crystals apart. */
export const usualBlocks = 4, mostBlocks = 8;
/** Most columns that a sketch has in all: the features and, in the last two, the direct beam and the noise. */
export const mostColumns = blockColumns * mostBlocks;
/** Columns that hold no features, from the last: the electrons of the direct beam, and the noise of the features. */
export const beamColumn = 2, noiseColumn = 1;

/** Columns of a sketch with so many features, direct beam and noise; whole blocks, no fewer than usual. */
export function sketchColumns(length: number): number {
  return blockColumns * Math.max(usualBlocks, Math.ceil((length + beamColumn) / blockColumns));
}

/** Bytes of scratch that the sketch kernels want: a line, eight binned patterns, random bits, and four patterns of 16 bits. */
export function sketchScratchBytes(patternColumns: number, binnedPixels: number): number {
  return binningScratchBytes(patternColumns) + 8 * 4 * binnedPixels + 512 +
    4 * 16 * Math.ceil(binnedPixels / 8);
}

/** Where the first weight of a column lies; those of the other pixels follow at distances of {@link blockColumns}. */
export function columnStart(column: number, pixels: number): number {
  return Math.floor(column / blockColumns) * pixels * blockColumns + column % blockColumns;
}

/** Patterns as columns of weights, blocked as the kernels take them; whole blocks of columns. */
export function blockedWeights(columns: readonly (Float64Array | null)[], pixels: number): Float32Array {
  const weights = new Float32Array(columns.length * pixels);
  columns.forEach((column, k) => {
    if (!column) return;
    const start = columnStart(k, pixels);
    for (let pixel = 0; pixel < pixels; pixel++) weights[start + pixel * blockColumns] = column[pixel];
  });
  return weights;
}

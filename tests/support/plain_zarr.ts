/** The array that tests of Zarr pack in every way. */

import type { ArrayRecipe } from "./zarr_stores.ts";

/** Lengths (row, column, qy, qx) and numbers. */
export const lengths = [5, 7, 6, 8];
export const data = Uint16Array.from({ length: 5 * 7 * 6 * 8 }, (_, index) => index * 7919 % 65521);
/** In Zarr 3, one chunk a row, not packed. */
export const plain: ArrayRecipe = { version: 3, lengths, chunks: [1, 7, 6, 8], data };

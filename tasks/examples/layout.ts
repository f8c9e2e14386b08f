/** Pictures beside and below each other. */

import { createImage, pasteImage, type RgbImage } from "../../library/report/image.ts";

/** White between pictures, in pixels. */
const gap = 8;

/** Pictures in a row on white. */
export function beside(images: readonly RgbImage[]): RgbImage {
  const width = images.reduce((sum, image) => sum + image.width + gap, -gap);
  const row = createImage(width, Math.max(...images.map(({ height }) => height)), [255, 255, 255]);
  let column = 0;
  for (const image of images) {
    pasteImage(row, image, 0, column);
    column += image.width + gap;
  }
  return row;
}

/** Rows of pictures on white. */
export function below(images: readonly RgbImage[]): RgbImage {
  const height = images.reduce((sum, image) => sum + image.height + gap, -gap);
  const all = createImage(Math.max(...images.map(({ width }) => width)), height, [255, 255, 255]);
  let row = 0;
  for (const image of images) {
    pasteImage(all, image, row, 0);
    row += image.height + gap;
  }
  return all;
}

/** Every n-th pixel of what is wider than it needs to be: maps are magnified by whole numbers. */
export function shrunk(image: RgbImage, width: number): RgbImage {
  const step = Math.max(1, Math.floor(image.width / width));
  if (step === 1) return image;
  const small = createImage(Math.floor(image.width / step), Math.floor(image.height / step), [0, 0, 0]);
  for (let row = 0; row < small.height; row++) {
    for (let column = 0; column < small.width; column++) {
      const from = 3 * (row * step * image.width + column * step);
      small.data.set(image.data.subarray(from, from + 3), 3 * (row * small.width + column));
    }
  }
  return small;
}

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

/** Means of n x n pixels of what is wider than it needs to be: maps are magnified by whole numbers, words are drawn smooth. */
export function shrunk(image: RgbImage, width: number): RgbImage {
  const step = Math.max(1, Math.floor(image.width / width));
  if (step === 1) return image;
  const small = createImage(Math.floor(image.width / step), Math.floor(image.height / step), [0, 0, 0]);
  for (let index = 0; index < small.data.length; index++) {
    const channel = index % 3, pixel = (index - channel) / 3;
    const row = step * Math.floor(pixel / small.width), column = step * (pixel % small.width);
    let sum = 0;
    for (let down = 0; down < step; down++) {
      for (let right = 0; right < step; right++) {
        sum += image.data[3 * ((row + down) * image.width + column + right) + channel];
      }
    }
    small.data[index] = Math.round(sum / step ** 2);
  }
  return small;
}

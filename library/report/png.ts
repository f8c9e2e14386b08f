/** PNG files of RGB images. */

import { encode } from "fast-png";
import type { RgbImage } from "./image.ts";

/** Colours that an indexed image can have. */
const mostColours = 256;
/** Level 9 takes half as long again and saves a tenth. */
const options = { zlib: { level: 6 } } as const;

/**
 * The image as a PNG file: a table of colours where 256 are enough, else 8-bit RGB; no time stamp and no text, so that
 * equal images give equal bytes.
 *
 * @throws {RangeError} when the image has no pixels
 */
export function encodePng(image: RgbImage): Uint8Array<ArrayBuffer> {
  if (image.width < 1 || image.height < 1) {
    throw new RangeError(`an image of ${image.height} x ${image.width} pixels cannot be a PNG file`);
  }
  const { width, height } = image;
  const indexed = indexColours(image);
  const bytes = indexed
    ? encode({ width, height, data: indexed.data, channels: 1, depth: 8, palette: indexed.palette }, options)
    : encode({ width, height, data: image.data, channels: 3, depth: 8 }, options);
  return new Uint8Array(bytes);
}

/** One byte a pixel and the colours that they stand for, in the order in which they come; `null` if there are too many. */
function indexColours({ data }: RgbImage): { data: Uint8Array; palette: [number, number, number][] } | null {
  const indexOf = new Map<number, number>();
  const palette: [number, number, number][] = [];
  const indexed = new Uint8Array(data.length / 3);
  let last = -1, index = 0;
  for (let pixel = 0; pixel < indexed.length; pixel++) {
    const red = data[3 * pixel], green = data[3 * pixel + 1], blue = data[3 * pixel + 2];
    const colour = red << 16 | green << 8 | blue;
    // Neighbours are mostly alike.
    if (colour !== last) {
      const known = indexOf.get(colour);
      if (known === undefined) {
        if (palette.length === mostColours) return null;
        index = palette.length;
        indexOf.set(colour, index);
        palette.push([red, green, blue]);
      } else index = known;
      last = colour;
    }
    indexed[pixel] = index;
  }
  return { data: indexed, palette };
}

/** The image as a `data:` address, for pages that must not ask the network for anything. */
export function pngDataAddress(image: RgbImage): string {
  const bytes = encodePng(image);
  const parts: string[] = [];
  // String.fromCharCode takes its bytes as arguments, of which there must not be too many at once.
  for (let offset = 0; offset < bytes.length; offset += 32_768) {
    parts.push(String.fromCharCode(...bytes.subarray(offset, offset + 32_768)));
  }
  return `data:image/png;base64,${btoa(parts.join(""))}`;
}

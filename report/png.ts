/** PNG files of RGB images. */

import { encode } from "fast-png";
import type { RgbImage } from "./image.ts";

/**
 * The image as a PNG file: 8-bit RGB, no time stamp and no text, so that equal images give equal bytes.
 *
 * @throws {RangeError} when the image has no pixels
 */
export function encodePng(image: RgbImage): Uint8Array<ArrayBuffer> {
  if (image.width < 1 || image.height < 1) {
    throw new RangeError(`an image of ${image.height} x ${image.width} pixels cannot be a PNG file`);
  }
  const bytes = encode(
    { width: image.width, height: image.height, data: image.data, channels: 3, depth: 8 },
    { zlib: { level: 9 } },
  );
  return new Uint8Array(bytes);
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

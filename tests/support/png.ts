/** PNG files as the pictures they show. */

import { convertIndexedToRgb, decode } from "fast-png";
import type { RgbImage } from "../../library/report/image.ts";

/** The pixels of an 8-bit PNG file, with or without a table of colours. */
export function decodePng(bytes: Uint8Array): RgbImage {
  const decoded = decode(bytes);
  const { width, height } = decoded;
  return {
    width,
    height,
    data: Uint8Array.from(decoded.palette ? convertIndexedToRgb(decoded) : decoded.data),
  };
}

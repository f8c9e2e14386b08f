/** Pictures as PNG inside addresses, one pixel for each of their own: what drawings hold. */

import { paintPicture } from "../../drawing/flat_pixels.ts";
import type { Picture, Theme } from "../../drawing/map_scene.ts";
import type { RgbaPixels } from "../../drawing/pattern_scale.ts";
import type { DrawnPicture } from "../../drawing/svg/pieces.ts";

/** A picture in the colours of a theme. */
export async function drawnPicture(picture: Picture, theme: Theme): Promise<DrawnPicture> {
  const { rows, columns } = picture;
  return { rows, columns, href: await pngAddress(paintPicture(picture, theme)) };
}

/** Pixels as the address of a PNG. */
export async function pngAddress({ width, height, data }: RgbaPixels): Promise<string> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.putImageData(new ImageData(data, width, height), 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(text)}`;
}

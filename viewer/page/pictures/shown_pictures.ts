/** The pictures of the page as they are seen: each tells how it is drawn, and what its values are. */

import type { Ink } from "../../drawing/ink.ts";
import type { Picture } from "../../drawing/map_scene.ts";
import type { Viewport } from "../../drawing/viewport.ts";

/** One picture of the page. */
export interface ShownPicture {
  readonly data: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  /** Draws both now: what a graphics card has drawn is only there until the page is shown. */
  readonly draw: () => void;
  /** What is drawn; `null` while there is nothing. */
  readonly picture: () => Picture | null;
  /** How it lies on its canvas. */
  readonly viewport: () => Viewport | null;
  /** Draws what lies on it. */
  readonly drawOver: (ink: Ink, viewport: Viewport) => void;
}

const pictures = new Map<string, ShownPicture>();

/** Makes a picture known by the id of its canvas; returns what forgets it. */
export function tellPicture(id: string, shown: ShownPicture): () => void {
  pictures.set(id, shown);
  return () => {
    if (pictures.get(id) === shown) pictures.delete(id);
  };
}

/** The picture of a canvas. */
export function pictureOf(id: string): ShownPicture | undefined {
  return pictures.get(id);
}

/** A picture as it is on the screen, with what lies over it, in device pixels; as PNG. */
export async function seenAs({ data, overlay, draw }: ShownPicture): Promise<Blob> {
  draw();
  const canvas = new OffscreenCanvas(data.width, data.height), context = canvas.getContext("2d")!;
  for (const layer of [data, overlay]) context.drawImage(layer, 0, 0);
  return await canvas.convertToBlob({ type: "image/png" });
}

/** The numbers of a picture: of a map of clusters their ids, of a mask 0 and 1. */
export function valuesOf(picture: Picture): {
  readonly dtype: "f32" | "i32" | "u8";
  readonly values: Float32Array | Int32Array | Uint8Array;
} {
  if (picture.kind === "scalar") return { dtype: "f32", values: picture.values };
  if (picture.kind === "mask") return { dtype: "u8", values: picture.mask.map((inside) => inside ? 1 : 0) };
  return { dtype: "i32", values: picture.labels };
}

/** Maps drawn on a 2D canvas, where there is no WebGL2 or only a slow imitation: the same pictures, pixel for pixel. */

import type { Rgb } from "../../library/report/image.ts";
import { paintHairlines, paintPicture, paintState, textureTile } from "./flat_pixels.ts";
import {
  hatchSpacing,
  type LabelPicture,
  leastHairlineScale,
  mapColours,
  type MapScene,
  type Picture,
  probeState,
  type Theme,
} from "./map_scene.ts";
import type { RgbaPixels } from "./pattern_scale.ts";
import type { Viewport } from "./viewport.ts";

/** Draws scenes on one 2D context. */
export class FlatMap {
  readonly #context: CanvasRenderingContext2D;
  /** The picture at one pixel each, and the picture and theme that it was painted from. */
  readonly #small = new OffscreenCanvas(1, 1);
  readonly #layer = new OffscreenCanvas(1, 1);
  #painted: { readonly picture: Picture; readonly theme: Theme; readonly pixels: RgbaPixels } | undefined;

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  draw({ picture, theme, rowsDone = picture.rows }: MapScene, viewport: Viewport): void {
    const context = this.#context, colours = mapColours[theme], { rows, columns } = picture;
    const { ratio, scale, rowScale, left, top, width, height } = viewport;
    const small = this.#paint(picture, theme);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if ("labels" in picture && theme === "light" && Math.min(scale, rowScale) >= leastHairlineScale) {
      const { data, width, height } = paintHairlines(picture, small, viewport, theme);
      context.putImageData(new ImageData(data, width, height), 0, 0);
    } else {
      context.fillStyle = css(colours.stage);
      context.fillRect(0, 0, width, height);
      context.imageSmoothingEnabled = false;
      // In device pixels, so that its corner lies exactly on one.
      context.setTransform(1, 0, 0, 1, Math.round(left * ratio), Math.round(top * ratio));
      context.drawImage(this.#small, 0, 0, columns * scale * ratio, rows * rowScale * ratio);
      if ("labels" in picture) this.#texture(picture, viewport, theme);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    if (rowsDone < rows) this.#hatch(viewport, rowsDone, theme);
  }

  #paint(picture: Picture, theme: Theme): RgbaPixels {
    const painted = this.#painted;
    if (painted && painted.theme === theme && samePicture(painted.picture, picture)) return painted.pixels;
    const pixels = paintPicture(picture, theme), { width, height, data } = pixels;
    if (this.#small.width !== width) this.#small.width = width;
    if (this.#small.height !== height) this.#small.height = height;
    this.#small.getContext("2d")!.putImageData(new ImageData(data, width, height), 0, 0);
    this.#painted = { picture, theme, pixels };
    return pixels;
  }

  /** Lines over what is outside the mask, dots over what is excluded. */
  #texture(picture: LabelPicture, { ratio, scale, rowScale, left, top }: Viewport, theme: Theme): void {
    const context = this.#context, layer = this.#layer, { width, height } = context.canvas;
    for (const state of [probeState.outOfMask, probeState.excluded]) {
      const place = paintState(picture, state);
      if (place === null) continue;
      layer.width = width;
      layer.height = height;
      const own = layer.getContext("2d")!;
      own.imageSmoothingEnabled = false;
      own.translate(Math.round(left * ratio), Math.round(top * ratio));
      const wide = picture.columns * scale * ratio, high = picture.rows * rowScale * ratio;
      own.drawImage(canvasOf(place), 0, 0, wide, high);
      own.globalCompositeOperation = "source-in";
      own.fillStyle = own.createPattern(canvasOf(textureTile(state, ratio, theme)), "repeat")!;
      own.fillRect(-width, -height, 3 * width, 3 * height);
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.drawImage(layer, 0, 0);
    }
  }

  /** Slanting lines over the rows that are not done, and a line before them. */
  #hatch({ rows, columns, left, top, scale, rowScale }: Viewport, rowsDone: number, theme: Theme): void {
    const context = this.#context, { stage, hatch, accent } = mapColours[theme];
    const first = top + rowsDone * rowScale,
      end = top + rows * rowScale,
      length = columns * scale,
      tall = end - first;
    context.save();
    context.beginPath();
    context.rect(left, first, length, tall);
    context.clip();
    context.fillStyle = css(stage);
    context.fillRect(left, first, length, tall);
    context.beginPath();
    // Lines go on where those of a later row would be: their distance is counted from the corner of the picture.
    for (let at = hatchSpacing - (first - top) % hatchSpacing; at < length + tall; at += hatchSpacing) {
      context.moveTo(left + at, first);
      context.lineTo(left + at - tall, end);
    }
    context.strokeStyle = css(hatch);
    context.lineWidth = 1;
    context.stroke();
    context.restore();
    context.fillStyle = css(accent);
    context.fillRect(left, first - 1, length, 2);
  }
}

/** Pixels on a canvas of their own. */
function canvasOf({ width, height, data }: RgbaPixels): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}

/** Whether all that two pictures show is the same, array by array. */
function samePicture(one: Picture, other: Picture): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Picture>;
  return Array.from(names).every((name) => one[name] === other[name]);
}

function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

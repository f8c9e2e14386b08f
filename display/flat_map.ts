/// <reference lib="dom" />
/** Maps drawn on a 2D canvas, where there is no WebGL2: the same pictures, pixel for pixel of the data. */

import {
  clusterRgba,
  hairlineShare,
  hatchSpacing,
  leastHairlineScale,
  mapColours,
  type MapScene,
  type Picture,
  type Theme,
} from "./map_scene.ts";
import type { Rgb } from "../report/image.ts";
import { paintScalar, type RgbaPixels } from "./pattern_scale.ts";
import type { Viewport } from "./viewport.ts";

/** Draws scenes on one 2D context. */
export class FlatMap {
  readonly #context: CanvasRenderingContext2D;
  /** The picture at one pixel each, and the picture and theme that it was painted from. */
  readonly #small: OffscreenCanvas;
  #painted: { readonly picture: Picture; readonly theme: Theme } | undefined;

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
    this.#small = new OffscreenCanvas(1, 1);
  }

  draw({ picture, theme, rowsDone = picture.rows }: MapScene, viewport: Viewport): void {
    const context = this.#context, colours = mapColours[theme], { rows, columns } = picture;
    const { ratio, scale, left, top, width, height } = viewport;
    this.#paint(picture, theme);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = css(colours.stage);
    context.fillRect(0, 0, width, height);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#small, 0, 0, columns, rowsDone, left, top, columns * scale, rowsDone * scale);
    if (picture.kind === "clusters" && theme === "light" && scale >= leastHairlineScale) {
      context.strokeStyle = `rgb(0 0 0 / ${hairlineShare})`;
      context.lineWidth = 1;
      context.stroke(edgePath(picture.labels, columns, rowsDone, viewport));
    }
    if (rowsDone < rows) this.#hatch(viewport, rowsDone, css(colours.hatch), css(colours.accent));
  }

  #paint(picture: Picture, theme: Theme): void {
    if (this.#painted?.picture === picture && this.#painted.theme === theme) return;
    const { width, height, data } = paintPicture(picture, theme);
    if (this.#small.width !== width) this.#small.width = width;
    if (this.#small.height !== height) this.#small.height = height;
    this.#small.getContext("2d")!.putImageData(new ImageData(data, width, height), 0, 0);
    this.#painted = { picture, theme };
  }

  /** Slanting lines over the rows that are not done, and a line before them. */
  #hatch(
    { rows, columns, left, top, scale }: Viewport,
    rowsDone: number,
    line: string,
    border: string,
  ): void {
    const context = this.#context, first = top + rowsDone * scale, end = top + rows * scale;
    const length = columns * scale, tall = end - first;
    context.save();
    context.beginPath();
    context.rect(left, first, length, tall);
    context.clip();
    context.beginPath();
    for (let at = 0; at < length + tall; at += hatchSpacing) {
      context.moveTo(left + at, first);
      context.lineTo(left + at - tall, end);
    }
    context.strokeStyle = line;
    context.lineWidth = 1;
    context.stroke();
    context.restore();
    context.fillStyle = border;
    context.fillRect(left, first - 1, length, 2);
  }
}

/** A picture at one pixel for each of its own. */
export function paintPicture(picture: Picture, theme: Theme): RgbaPixels {
  const { rows, columns } = picture, colours = mapColours[theme];
  if (picture.kind === "scalar") return paintScalar(picture.values, rows, columns, picture);
  const data = new Uint8ClampedArray(4 * rows * columns), { mask } = picture;
  const clusters = picture.kind === "clusters" ? clusterRgba(picture.colours) : undefined;
  for (let probe = 0; probe < mask.length; probe++) {
    const label = picture.kind === "clusters" ? picture.labels[probe] : -1;
    if (clusters && label >= 0) {
      data.set(clusters.subarray(4 * label, 4 * label + 4), 4 * probe);
      continue;
    }
    const [inside, outside] = clusters
      ? [colours.noCluster, colours.outsideMask]
      : [colours.inMask, colours.outOfMask];
    data.set(mask[probe] ? inside : outside, 4 * probe);
    data[4 * probe + 3] = 255;
  }
  return { width: columns, height: rows, data };
}

/** Lines along the pixel edges between clusters. */
function edgePath(labels: Int32Array, columns: number, rows: number, { left, top, scale }: Viewport): Path2D {
  const path = new Path2D();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const label = labels[row * columns + column];
      const right = column + 1 < columns ? labels[row * columns + column + 1] : -1;
      const below = row + 1 < rows ? labels[(row + 1) * columns + column] : -1;
      const x = left + (column + 1) * scale, y = top + (row + 1) * scale;
      if (label !== right) {
        path.moveTo(x, y - scale);
        path.lineTo(x, y);
      }
      if (label !== below) {
        path.moveTo(x - scale, y);
        path.lineTo(x, y);
      }
    }
  }
  return path;
}

function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

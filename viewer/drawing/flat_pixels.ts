/** Pictures as pixels, for canvases without WebGL2: one for each of their own, or each pixel of the canvas with hairlines. Pure. */

import type { Rgb } from "../../library/report/image.ts";
import {
  edgeTolerance,
  hairlineShare,
  type LabelPicture,
  labelRgba,
  mapColours,
  onTexture,
  type Picture,
  probeState,
  textureSize,
  type Theme,
} from "./map_scene.ts";
import { paintScalar, type RgbaPixels } from "./pattern_scale.ts";
import type { Viewport } from "./viewport.ts";

/** A picture at one pixel for each of its own. */
export function paintPicture(picture: Picture, theme: Theme): RgbaPixels {
  const { rows, columns } = picture, colours = mapColours[theme];
  if (picture.kind === "scalar") return paintScalar(picture.values, rows, columns, picture);
  const { mask } = picture, words = new Uint32Array(rows * columns);
  if (picture.kind === "mask") {
    const inside = pack(colours.inMask), outside = pack(colours.outOfMask);
    for (let probe = 0; probe < words.length; probe++) words[probe] = mask[probe] ? inside : outside;
  } else {
    const { labels } = picture, clusters = packAll(labelRgba(picture));
    const none = pack(colours.noCluster), outside = pack(colours.outsideMask);
    for (let probe = 0; probe < words.length; probe++) {
      const label = labels[probe];
      words[probe] = label >= 0 ? clusters[label] : mask[probe] === probeState.outOfMask ? outside : none;
    }
  }
  return { width: columns, height: rows, data: new Uint8ClampedArray(words.buffer) };
}

/** The probes of a map that are in no cluster and in one state, opaque in black; `null` where there are none. */
export function paintState({ labels, mask, rows, columns }: LabelPicture, state: number): RgbaPixels | null {
  const words = new Uint32Array(rows * columns), opaque = pack([0, 0, 0]);
  let found = false;
  for (let probe = 0; probe < words.length; probe++) {
    if (labels[probe] >= 0 || mask[probe] !== state) continue;
    words[probe] = opaque;
    found = true;
  }
  return found ? { width: columns, height: rows, data: new Uint8ClampedArray(words.buffer) } : null;
}

/** One period of the texture of a state, transparent between its lines or dots. */
export function textureTile(state: number, ratio: number, theme: Theme): RgbaPixels {
  const size = textureSize(ratio), { period } = size, words = new Uint32Array(period * period);
  const ink = pack(mapColours[theme].textureInk);
  for (let y = 0; y < period; y++) {
    for (let x = 0; x < period; x++) if (onTexture(state, x, y, size)) words[y * period + x] = ink;
  }
  return { width: period, height: period, data: new Uint8ClampedArray(words.buffer) };
}

/**
 * A map of labels at one pixel for each of the canvas, with a dark line along the edges of clusters: the same as the shader
 * draws (map_shader.ts).
 *
 * @param small the picture at one pixel for each of its own
 */
export function paintHairlines(
  { labels, mask, rows, columns }: LabelPicture,
  small: RgbaPixels,
  viewport: Viewport,
  theme: Theme,
): RgbaPixels {
  const { ratio, width, height, left, top, scale, rowScale } = viewport;
  const across = placesOf(Math.round(width * ratio), Math.round(left * ratio), { scale, ratio }, columns);
  const down = placesOf(
    Math.round(height * ratio),
    Math.round(top * ratio),
    { scale: rowScale, ratio },
    rows,
  );
  const words = new Uint32Array(small.data.buffer), stage = pack(mapColours[theme].stage);
  const ink = pack(mapColours[theme].textureInk), texture = textureSize(ratio);
  const corner = { x: Math.round(left * ratio), y: Math.round(top * ratio) };
  const painted = new Uint32Array(across.at.length * down.at.length).fill(stage);
  for (let y = 0, pixel = 0; y < down.at.length; y++) {
    const row = down.at[y], above = down.before[y], below = down.after[y];
    if (row < 0) {
      pixel += across.at.length;
      continue;
    }
    for (let x = 0; x < across.at.length; x++, pixel++) {
      const column = across.at[x];
      if (column < 0) continue;
      const probe = row * columns + column, label = labels[probe];
      const edge = across.before[x] && column > 0 && labels[probe - 1] !== label ||
        above && row > 0 && labels[probe - columns] !== label ||
        across.after[x] && column + 1 < columns && labels[probe + 1] !== label ||
        below && row + 1 < rows && labels[probe + columns] !== label;
      const inked = label < 0 && onTexture(mask[probe], x - corner.x, y - corner.y, texture);
      const word = inked ? ink : words[probe];
      painted[pixel] = edge ? darken(word) : word;
    }
  }
  return {
    width: across.at.length,
    height: down.at.length,
    data: new Uint8ClampedArray(painted.buffer),
  };
}

/** For each device pixel along one axis: the pixel of the picture, -1 beside it, and whether either edge is near. */
function placesOf(
  length: number,
  start: number,
  { scale, ratio }: Pick<Viewport, "scale" | "ratio">,
  count: number,
) {
  const at = new Int32Array(length).fill(-1), before = new Uint8Array(length), after = new Uint8Array(length);
  const size = scale * ratio, lower = ratio / 2 - edgeTolerance, upper = ratio / 2 + edgeTolerance;
  for (let pixel = 0; pixel < length; pixel++) {
    const place = (pixel + 0.5 - start) / size, index = Math.floor(place), within = (place - index) * size;
    if (index < 0 || index >= count) continue;
    at[pixel] = index;
    before[pixel] = within < lower ? 1 : 0;
    after[pixel] = size - within <= upper ? 1 : 0;
  }
  return { at, before, after };
}

/** Colours one after the other as words. */
function packAll(rgba: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(rgba).buffer);
}

/** RGBA in the order of the bytes in memory. */
function pack([red, green, blue]: Rgb): number {
  return new Uint32Array(Uint8Array.of(red, green, blue, 255).buffer)[0];
}

/** Mixes black into a colour; where its opacity lies depends on the machine. */
function darken(word: number): number {
  const share = 1 - hairlineShare;
  let result = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const channel = word >>> shift & 0xff;
    result |= (shift === opaqueShift ? channel : Math.round(channel * share)) << shift;
  }
  return result;
}

/** Place of the opacity in a packed colour. */
const opaqueShift = new Uint32Array(Uint8Array.of(0, 0, 0, 255).buffer)[0] === 255 ? 0 : 24;

/** The legend of orientation maps: the wedge of directions in stereographic projection, coloured by the maps' own rule. */

import type { Vector3 } from "../crystal/matrix.ts";
import { wedgeOf } from "../crystal/wedge.ts";
import { apply, inverse, type Matrix3, transpose } from "../crystal/matrix.ts";
import type { DirectionColours } from "../mapping/orientation_colours.ts";
import type { RgbImage } from "./image.ts";

/** Pixels along the longer side, and around the wedge. */
const side = 360, margin = 12;

/** The key of a symmetry as a picture on white. */
export function renderDirectionKey(colours: DirectionColours): RgbImage {
  const triangles = wedgeOf(colours.group), frame = colours.group.frame;
  const inverses = triangles.map(([a, b, c]) => inverse(transpose([...a, ...b, ...c])));
  const corners = triangles.flat().map((corner) => project(apply(frame, corner)));
  const low = [0, 1].map((axis) => Math.min(0, ...corners.map((place) => place[axis])));
  const high = [0, 1].map((axis) =>
    Math.max(...corners.map((place) => place[axis])) + bulge(triangles.length)
  );
  const scale = (side - 2 * margin) / Math.max(high[0] - low[0], high[1] - low[1]);
  const width = Math.ceil((high[0] - low[0]) * scale) + 2 * margin;
  const height = Math.ceil((high[1] - low[1]) * scale) + 2 * margin;
  const data = new Uint8Array(3 * width * height).fill(255);
  const toCrystal: Matrix3 = transpose(frame);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = low[0] + (column + 0.5 - margin) / scale, y = high[1] - (row + 0.5 - margin) / scale;
      const direction = apply(toCrystal, onSphere(x, y));
      if (!inverses.some((into) => apply(into, direction).every((value) => value >= 0))) continue;
      const colour = colours.of(direction).map((value) => Math.round(255 * value));
      data.set(colour, 3 * (row * width + column));
    }
  }
  return { width, height, data };
}

/** Sides of triangles curve outwards; hemispheres hold all of their circle. */
function bulge(triangles: number): number {
  return triangles > 1 ? 0 : 0.06;
}

function project([x, y, z]: Vector3): [x: number, y: number] {
  return [x / (1 + z), y / (1 + z)];
}

function onSphere(x: number, y: number): Vector3 {
  const square = x * x + y * y;
  return [2 * x / (1 + square), 2 * y / (1 + square), (1 - square) / (1 + square)];
}

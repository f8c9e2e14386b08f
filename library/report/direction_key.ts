/** The legend of orientation maps: the wedge of directions in stereographic projection, coloured by the maps' own rule. */

import { wedgeOf } from "../crystal/wedge.ts";
import { apply, inverse, type Matrix3, transpose } from "../crystal/matrix.ts";
import type { DirectionColours } from "../mapping/orientation_colours.ts";
import { directionName } from "../mapping/euler.ts";
import { project, unproject } from "../mapping/projection.ts";
import type { UnitCell } from "../crystal/unit_cell.ts";
import { drawText, textHeight, textWidth } from "./bitmap_font.ts";
import type { Rgb, RgbImage } from "./image.ts";

/** Pixels along the longer side, and around the wedge: room for the names of corners. */
const side = 420, margin = 48;
/** Pixels for each dot of the names. */
const dot = 2;

const ink: Rgb = [0x1a, 0x1b, 0x1d];

/** The key of a crystal as a picture on white, its corners named by their directions in the cell. */
export function renderDirectionKey(colours: DirectionColours, cell: UnitCell): RgbImage {
  const triangles = wedgeOf(colours.group), frame = colours.group.frame;
  const inverses = triangles.map(([a, b, c]) => inverse(transpose([...a, ...b, ...c])));
  const corners = triangles.flat().map((corner) => project(apply(frame, corner), "stereographic"));
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
      const place = unproject(x, y, "stereographic");
      if (place === undefined) continue;
      const direction = apply(toCrystal, place);
      if (!inverses.some((into) => apply(into, direction).every((value) => value >= 0))) continue;
      const colour = colours.of(direction).map((value) => Math.round(255 * value));
      data.set(colour, 3 * (row * width + column));
    }
  }
  const image = { width, height, data };
  const named = new Map(triangles.flat().map((corner) => [directionName(cell, corner), corner]));
  for (const [name, corner] of named) {
    const [x, y] = project(apply(frame, corner), "stereographic"), text = name.replaceAll(" ", "");
    const row = margin + (high[1] - y) * scale, column = margin + (x - low[0]) * scale;
    const below = row > height / 2;
    drawText(
      image,
      text,
      Math.round(below ? row + 8 : row - 8 - textHeight(dot)),
      Math.round(Math.max(2, Math.min(width - textWidth(text, dot) - 2, column - textWidth(text, dot) / 2))),
      dot,
      ink,
    );
  }
  return image;
}

/** Sides of triangles curve outwards; hemispheres hold all of their circle. */
function bulge(triangles: number): number {
  return triangles > 1 ? 0 : 0.06;
}

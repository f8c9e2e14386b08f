/** The legend of orientation maps: the wedge of directions in stereographic projection, coloured by the maps' own rule. */

import { wedgeOf } from "../crystal/wedge.ts";
import { apply, inverse, type Matrix3, transpose, type Vector3 } from "../crystal/matrix.ts";
import type { DirectionColours } from "../mapping/orientation_colours.ts";
import { directionName } from "../mapping/euler.ts";
import { project, unproject } from "../mapping/projection.ts";
import type { UnitCell } from "../crystal/unit_cell.ts";
import { drawText, textHeight, textWidth } from "./bitmap_font.ts";
import type { Rgb, RgbImage } from "./image.ts";

/** How a key is drawn. */
export interface KeyLook {
  /** Pixels along the longer side, and around the wedge: room for the names of corners. */
  readonly side: number;
  readonly margin: number;
  /** Colours behind the wedge, and of the names of its corners. */
  readonly paper: Rgb;
  readonly ink: Rgb;
}

/** As the report has it: dark on white. */
const reportLook: KeyLook = { side: 420, margin: 48, paper: [255, 255, 255], ink: [0x1a, 0x1b, 0x1d] };
/** Pixels for each dot of the names. */
const dot = 2;

/** Corners of the wedge in the cell's directions, such as `[0 1 1]`, by their places on the sphere. */
export function keyCorners({ group }: DirectionColours, cell: UnitCell): Map<string, Vector3> {
  return new Map(wedgeOf(group).flat().map((corner) => [directionName(cell, corner), corner]));
}

/** The key of a crystal as a picture, its corners named by their directions in the cell. */
export function renderDirectionKey(
  colours: DirectionColours,
  cell: UnitCell,
  { side, margin, paper, ink }: KeyLook = reportLook,
): RgbImage {
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
  const data = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) data.set(paper, 3 * pixel);
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
  for (const [name, corner] of keyCorners(colours, cell)) {
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

/** Pole figures and inverse pole figures as SVG: density as colours, grains as points, sample axes or corners named. */

import { apply, scale, transpose, type Vector3 } from "../crystal/matrix.ts";
import type { LaueGroup } from "../crystal/point_group.ts";
import type { UnitCell } from "../crystal/unit_cell.ts";
import { between, DirectionReducer, type Triangle, wedgeOf } from "../crystal/wedge.ts";
import type { DirectionDensity } from "../mapping/direction_density.ts";
import { directionName } from "../mapping/euler.ts";
import { project, type Projection, unproject } from "../mapping/projection.ts";
import { colourGradientStops } from "./colour_maps.ts";
import type { RgbImage } from "./image.ts";
import { renderScalarMap } from "./map_image.ts";
import { fixed, type Markup, markup } from "./markup.ts";
import { formatNumber } from "./number_format.ts";
import { pngDataAddress } from "./png.ts";

/** A grain on the figure: in the sample's frame or the crystal's, as the figure is. */
export interface GrainPoint {
  readonly direction: Vector3;
  /** Share of the area, 0 to 1. */
  readonly share: number;
}

/** What both kinds of figures show. */
export interface DirectionFigure {
  /** Of letters, digits, `-` and `_`; unique on its page. */
  readonly id: string;
  /** What it is, for people: `Au {111}`. */
  readonly title: string;
  readonly density: DirectionDensity;
  readonly projection: Projection;
  readonly points: readonly GrainPoint[];
}

/** Numbers of SVG units: half the picture's width, radius of the disk, and where the disk begins. */
const middle = 130, radius = 100, top = 34;
/** Pixels along a side of the picture of the density. */
const pixels = 121;
/** Points along a side of a triangle. */
const sidePoints = 24;

/** What is drawn on the plane: x to the right and y down, in units of the radius. */
interface Plane {
  readonly low: readonly [x: number, y: number];
  /** Side of the square that is drawn. */
  readonly size: number;
  readonly directionAt: (x: number, y: number) => Vector3;
  /** Outlines, closed. */
  readonly outlines: readonly (readonly (readonly [x: number, y: number])[])[];
  readonly names: readonly { readonly text: string; readonly place: readonly [x: number, y: number] }[];
  readonly points: readonly { readonly place: readonly [x: number, y: number]; readonly share: number }[];
}

/**
 * Where planes of a family point in the sample, on the hemisphere towards the source: x runs down, y to the right, as the
 * detector's axes do.
 */
export function poleFigure(figure: DirectionFigure): Markup {
  const { projection, points } = figure;
  const circle = Array.from({ length: 120 }, (_, index) => {
    const turn = index / 120 * 2 * Math.PI;
    return [Math.cos(turn), Math.sin(turn)] as const;
  });
  return draw(figure, {
    ...{ low: [-1, -1], size: 2, outlines: [circle] },
    directionAt: (across, down) => onHemisphere(down, across, projection),
    names: [{ text: "x", place: [0, 1] }, { text: "y", place: [1, 0] }],
    points: points.map(({ direction, share }) => {
      const [down, across] = project(direction[2] < 0 ? scale(direction, -1) : direction, projection);
      return { place: [across, down], share };
    }),
  });
}

/** Which directions of the crystal lie along one of the sample's, in the wedge that symmetry leaves different. */
export function inversePoleFigure(figure: DirectionFigure, group: LaueGroup, cell: UnitCell): Markup {
  const { projection, points } = figure, { frame } = group, toCrystal = transpose(frame);
  const triangles = wedgeOf(group), reducer = new DirectionReducer(group);
  const placeOf = (direction: Vector3): readonly [number, number] => {
    const [x, y] = project(apply(frame, direction), projection);
    return [x, -y];
  };
  const outlines = triangles.map((triangle) => outlineOf(triangle).map(placeOf));
  const all = outlines.flat();
  const low = [0, 1].map((axis) => Math.min(...all.map((place) => place[axis])));
  const high = [0, 1].map((axis) => Math.max(...all.map((place) => place[axis])));
  const size = Math.max(high[0] - low[0], high[1] - low[1]);
  const named = new Map(triangles.flat().map((corner) => [directionName(cell, corner), placeOf(corner)]));
  return draw(figure, {
    ...{ low: [(low[0] + high[0] - size) / 2, (low[1] + high[1] - size) / 2], size, outlines },
    directionAt: (x, y) => apply(toCrystal, onHemisphere(x, -y, projection)),
    names: Array.from(named, ([name, place]) => ({ text: name.replaceAll(" ", ""), place })),
    points: points.map(({ direction, share }) => ({
      place: placeOf(reducer.reduce(direction).direction),
      share,
    })),
  });
}

/** The direction at a place; at the rim outside of the disk, so that colours reach its edge. */
function onHemisphere(x: number, y: number, projection: Projection): Vector3 {
  const inside = unproject(x, y, projection);
  if (inside) return inside;
  const far = Math.sqrt(x * x + y * y);
  return [x / far, y / far, 0];
}

function outlineOf(corners: Triangle): Vector3[] {
  return corners.flatMap((corner, index) =>
    Array.from(
      { length: sidePoints },
      (_, step) => between(corner, corners[(index + 1) % 3], step / sidePoints),
    )
  );
}

function draw({ id, title, density }: DirectionFigure, plane: Plane): Markup {
  const { low, size, outlines, names, points } = plane, zoom = 2 * radius / size;
  const left = middle - radius;
  const x = (place: readonly [number, number]) => fixed(left + (place[0] - low[0]) * zoom);
  const y = (place: readonly [number, number]) => fixed(top + (place[1] - low[1]) * zoom);
  const most = density.maximum(), image = densityImage(density, plane, most);
  const paths = outlines.map((places) => `M${places.map((place) => `${x(place)} ${y(place)}`).join("L")}Z`);
  const described = `${title}: up to ${formatNumber(most, 3)} times as dense as a random distribution`;
  const bar = top + 2 * radius + 34;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="pole-figure" viewBox="0 0 ${2 * middle} ${
    bar + 30
  }" role="img"
  aria-label="${described}" font-family="system-ui, sans-serif" font-size="13" fill="currentColor">
<defs><clipPath id="${id}-edge">${paths.map((path) => markup`<path d="${path}"/>`)}</clipPath>
<linearGradient id="${id}-scale">${
    colourGradientStops("viridis").map(([share, colour]) =>
      markup`<stop offset="${share}" stop-color="${colour}"/>`
    )
  }</linearGradient></defs>
<image x="${left}" y="${top}" width="${2 * radius}" height="${2 * radius}" clip-path="url(#${id}-edge)"
  href="${pngDataAddress(image)}"/>
${paths.map((path) => markup`<path d="${path}" fill="none" stroke="currentColor"/>`)}
${
    points.map(({ place, share }) =>
      markup`<circle cx="${x(place)}" cy="${y(place)}" r="${
        fixed(Math.max(0.7, 10 * Math.sqrt(share)))
      }" fill="#fff" fill-opacity="0.75" stroke="#000" stroke-width="0.6"/>`
    )
  }
${names.map(({ text, place }) => nameOf(text, Number(x(place)), Number(y(place))))}
<text x="${middle}" y="14" text-anchor="middle" font-weight="600">${title}</text>
<rect x="${middle - 60}" y="${bar}" width="120" height="8" fill="url(#${id}-scale)"/>
<text x="${middle - 66}" y="${bar + 9}" text-anchor="end">0</text>
<text x="${middle + 66}" y="${bar + 9}">${formatNumber(most, 3)}</text>
<text x="${middle}" y="${bar + 24}" text-anchor="middle" font-size="11">times random</text></svg>`;
}

/** Names stand outside of what is drawn: below its lower half, above its upper one, beside the right rim. */
function nameOf(text: string, x: number, y: number): Markup {
  if (x >= middle + radius - 1 && y < top + 1.5 * radius && y > top + radius / 2) {
    return markup`<text x="${x + 6}" y="${y + 4}">${text}</text>`;
  }
  const anchor = x < middle - radius / 2 ? "start" : "middle";
  return markup`<text x="${x}" y="${
    y + (y > top + radius ? 16 : -6)
  }" text-anchor="${anchor}">${text}</text>`;
}

function densityImage(density: DirectionDensity, { low, size, directionAt }: Plane, most: number): RgbImage {
  const step = size / pixels;
  const values = Float32Array.from({ length: pixels * pixels }, (_, index) => {
    const row = Math.floor(index / pixels), column = index % pixels;
    return density.at(directionAt(low[0] + (column + 0.5) * step, low[1] + (row + 0.5) * step));
  });
  return renderScalarMap(values, { rows: pixels, columns: pixels }, { low: 0, high: most }, "viridis");
}

/** Parts that drawings share: pictures of pixels, scale bars, colour bars. Pure. */

import { colourGradientStops, type ColourMapName } from "../../../library/report/colour_maps.ts";
import { fixed, type Markup, markup } from "../../../library/report/markup.ts";
import { chooseScaleBar } from "../../../library/report/scale_bar.ts";
import type { PixelSize } from "../../../library/scan/calibration.ts";
import { textWidth } from "./text_width.ts";

/** Fonts that journals ask for, and what looks like them elsewhere. */
export const drawingFonts = "Arial, Helvetica, 'Liberation Sans', 'Nimbus Sans', sans-serif";

/** A picture at one pixel for each of its own. */
export interface DrawnPicture {
  /** Address of a PNG, mostly its data. */
  readonly href: string;
  readonly rows: number;
  readonly columns: number;
}

/** A rectangle in the unit of a drawing. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture whose pixels keep their edges. */
export function svgPicture({ href }: DrawnPicture, { x, y, width, height }: Box): Markup {
  return markup`<image x="${fixed(x)}" y="${fixed(y)}" width="${fixed(width)}" height="${
    fixed(height)
  }" preserveAspectRatio="none" image-rendering="pixelated" href="${href}"/>
`;
}

/**
 * A scale bar of a round length at the lower left of a picture; nothing where the size is unknown.
 *
 * @param columns of the picture
 * @param font size of its words
 */
export function svgScaleBar(
  columns: number,
  size: PixelSize | undefined,
  { x, y, width, height }: Box,
  font: number,
): Markup | null {
  const bar = chooseScaleBar(columns, size);
  if (!bar) return null;
  const length = bar.share * width, thick = 0.3 * font, margin = 0.8 * font;
  // Whichever is wider, bar or label, begins at the margin.
  const middle = x + margin + Math.max(length, textWidth(bar.label, font)) / 2, base = y + height - margin;
  return markup`<g class="scale-bar" fill="#fff" stroke="#000" stroke-linejoin="round"><rect x="${
    fixed(middle - length / 2)
  }" y="${fixed(base - thick)}" width="${fixed(length)}" height="${fixed(thick)}" stroke-width="${
    fixed(0.08 * font)
  }"/><text x="${fixed(middle)}" y="${
    fixed(base - thick - 0.4 * font)
  }" text-anchor="middle" font-size="${font}" font-weight="600" stroke-width="${
    fixed(0.22 * font)
  }" paint-order="stroke">${bar.label}</text></g>
`;
}

/** A colour map with the values of its ends. */
export interface DrawnBar {
  readonly map: ColourMapName;
  readonly low: string;
  readonly high: string;
  /** What the values are, where that is not said elsewhere. */
  readonly name?: string;
}

/**
 * A colour bar, its ends below it, its name beside it.
 *
 * @param id of its gradient in the drawing
 * @param font size of its words
 */
export function svgColourBar(
  { map, low, high, name }: DrawnBar,
  id: string,
  { x, y, width, height }: Box,
  font: number,
): Markup {
  const stops = colourGradientStops(map).map(([share, colour]) =>
    markup`<stop offset="${share}" stop-color="${hexOf(colour)}"/>`
  );
  const below = fixed(y + height + 1.1 * font);
  return markup`<g class="colour-bar" font-size="${font}"><linearGradient id="${id}">${stops}</linearGradient><rect x="${
    fixed(x)
  }" y="${fixed(y)}" width="${fixed(width)}" height="${
    fixed(height)
  }" fill="url(#${id})" stroke="#666" stroke-width="${fixed(0.05 * font)}"/><text x="${
    fixed(x)
  }" y="${below}">${low}</text><text x="${fixed(x + width)}" y="${below}" text-anchor="end">${high}</text>${
    name &&
    markup`<text x="${fixed(x + width + 0.7 * font)}" y="${fixed(y + height)}">${name}</text>`
  }</g>
`;
}

/** `rgb(1 2 3)` is not in the first edition of SVG. */
function hexOf(colour: string): string {
  const channels = colour.match(/\d+/g)!.map(Number);
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

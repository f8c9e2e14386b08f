/** What explains the colours of the map of a figure: a colour bar, swatches with names, or keys of directions. Pure. */

import { fixed, type Markup, markup } from "../../../library/report/markup.ts";
import { type Box, type DrawnBar, svgColourBar } from "../svg/pieces.ts";
import { textWidth } from "../svg/text_width.ts";

/** A key of directions as a picture. */
export interface DrawnKey {
  readonly href: string;
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly name: string;
}

/** What colours mean. */
export type FigureLegend =
  | ({ readonly kind: "bar" } & DrawnBar)
  | {
    readonly kind: "swatches";
    readonly entries: readonly { readonly colour: string; readonly name: string }[];
  }
  | { readonly kind: "keys"; readonly keys: readonly DrawnKey[]; readonly note: string };

/** Size of words, height of colour bars and of keys, all in points. */
const legendFont = 6.5;
const barHeight = 4.5, longestBar = 130, keyHeight = 62, swatch = 6, lineHeight = 10;

/** Height of a legend for a width, in points. */
export function legendHeight(legend: FigureLegend | null, width: number): number {
  switch (legend?.kind) {
    case undefined:
      return 0;
    case "bar":
      return barHeight + 1.5 * legendFont;
    case "swatches":
      return lineHeight * swatchLines(legend.entries, width).lines;
    case "keys":
      return keyHeight + 2 * lineHeight;
  }
}

/** Draws a legend; `id` is that of its gradient. */
export function svgLegend(
  legend: FigureLegend,
  id: string,
  { x, y, width }: Pick<Box, "x" | "y" | "width">,
): Markup {
  switch (legend.kind) {
    case "bar": {
      const named = legend.name === undefined ? 0 : textWidth(legend.name, legendFont) + legendFont;
      const long = Math.max(40, Math.min(longestBar, width - named));
      return svgColourBar(legend, id, { x, y, width: long, height: barHeight }, legendFont);
    }
    case "swatches": {
      const { places } = swatchLines(legend.entries, width);
      return markup`${
        legend.entries.map(({ colour, name }, entry) => {
          const left = x + places[entry].x, top = y + places[entry].line * lineHeight;
          return markup`<rect x="${fixed(left)}" y="${
            fixed(top + 1)
          }" width="${swatch}" height="${swatch}" fill="${colour}" stroke="#666" stroke-width="0.3"/><text x="${
            fixed(left + swatch + 3)
          }" y="${fixed(top + swatch + 0.5)}" font-size="${legendFont}">${name}</text>
`;
        })
      }`;
    }
    case "keys": {
      let left = x;
      const keys = legend.keys.map(({ href, width: across, height: down, name }) => {
        const wide = across / down * keyHeight, start = left;
        left += Math.max(wide, textWidth(name, legendFont)) + 8;
        return markup`<image x="${fixed(start)}" y="${fixed(y)}" width="${
          fixed(wide)
        }" height="${keyHeight}" href="${href}"/><text x="${fixed(start)}" y="${
          fixed(y + keyHeight + 7)
        }" font-size="${legendFont}">${name}</text>
`;
      });
      return markup`${keys}<text x="${fixed(x)}" y="${
        fixed(y + keyHeight + 7 + lineHeight)
      }" font-size="${legendFont}">${legend.note}</text>
`;
    }
  }
}

/** Swatches one after the other, in as many lines as they need. */
function swatchLines(entries: readonly { readonly name: string }[], width: number) {
  let x = 0, line = 0;
  const places = entries.map(({ name }) => {
    const wide = swatch + 3 + textWidth(name, legendFont) + 8;
    if (x > 0 && x + wide - 8 > width) {
      x = 0;
      line++;
    }
    const place = { x, line };
    x += wide;
    return place;
  });
  return { places, lines: entries.length === 0 ? 0 : line + 1 };
}

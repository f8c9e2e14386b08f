/** One figure for a publication: the map with numbers, patterns, scale bars, colour bars and a caption, as SVG. Pure. */

import { fixed, type Markup, markup } from "../../../library/report/markup.ts";
import type { PixelSize } from "../../../library/scan/calibration.ts";
import type { SpotsAnswer } from "../../protocol/crystals.ts";
import type { OutlineLines } from "../join_segments.ts";
import { drawOutline, outlinePath } from "../overlay.ts";
import { drawSpotMarks } from "../spot_marks.ts";
import {
  type Box,
  drawingFonts,
  type DrawnBar,
  type DrawnPicture,
  svgPicture,
  svgScaleBar,
} from "../svg/pieces.ts";
import { SvgInk } from "../svg/svg_ink.ts";
import { textWidth, wrapText } from "../svg/text_width.ts";
import { fitViewport } from "../viewport.ts";
import { type Arrangement, layFigure, pointsPerMillimetre, titleHeight } from "./figure_layout.ts";
import { type FigureLegend, legendHeight, svgLegend } from "./figure_legend.ts";

/** A number on the map, at the middle of a probe. */
export interface FigureNumber {
  readonly text: string;
  readonly row: number;
  readonly column: number;
  /** Probes to the border of what it numbers: it is left out where it does not fit. */
  readonly depth: number;
}

/** A picture of a figure with its title. */
export interface FigurePicture extends DrawnPicture {
  /** From the longest to the shortest: the first that fits is taken. */
  readonly titles: readonly string[];
  /** Sizes of its pixels, where they are known and wanted. */
  readonly pixelSize?: PixelSize;
}

/** What a figure shows. */
export interface Figure {
  /** In millimetres. */
  readonly width: number;
  readonly arrangement: Arrangement;
  /** Patterns side by side. */
  readonly columns: number;
  readonly map: FigurePicture & {
    readonly numbers: readonly FigureNumber[];
    readonly outlines?: OutlineLines;
    readonly legend: FigureLegend | null;
  };
  readonly patterns: readonly (FigurePicture & {
    /** Colour of what it is the average of, on the map. */
    readonly colour?: string;
    readonly marks?: Pick<SpotsAnswer, "measured" | "spots" | "diskRadius">;
  })[];
  /** Of the patterns, which share one scale. */
  readonly bar?: DrawnBar;
  /** Empty for none. */
  readonly caption: string;
}

/** A drawing with its size. */
export interface FigureDrawing {
  readonly svg: string;
  /** In millimetres. */
  readonly width: number;
  readonly height: number;
}

/** Sizes of words in points, and from line to line of the caption. */
const font = 7, letterFont = 8, numberFont = 6.5, captionLine = 9;
/** Marks are drawn as on the screen, where a pixel is so many points. */
const markScale = 0.55;

/** Draws the figure. */
export function drawFigure(
  { width: millimetres, arrangement, columns, map, patterns, bar, caption }: Figure,
): FigureDrawing {
  const width = millimetres * pointsPerMillimetre, lines = wrapText(caption, font, width);
  const legend: FigureLegend | null = bar ? { kind: "bar", ...bar } : null,
    [pattern = { rows: 1, columns: 1 }] = patterns;
  const parts = {
    ...{ width, arrangement, columns, map, pattern, patterns: patterns.length },
    patternLegend: legendHeight(legend, width),
    caption: lines.length * captionLine,
  };
  // Swatches may need more lines beside patterns than below them.
  const first = layFigure({ ...parts, mapLegend: 0 });
  const layout = layFigure({ ...parts, mapLegend: legendHeight(map.legend, first.mapLegend.width) });
  const height = Math.ceil(layout.height),
    size = { width: millimetres, height: height / pointsPerMillimetre };
  const shown = patterns.map((pattern, place) => {
    const box = layout.patterns[place];
    return markup`<g class="pattern">${svgTitle(pattern.titles, place + 1, box, pattern.colour)}${
      svgPicture(pattern, box)
    }${pattern.marks && svgMarks(pattern, pattern.marks, box)}${
      svgScaleBar(pattern.columns, pattern.pixelSize, box, fittingFont(box))
    }</g>
`;
  });
  const svg = markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${fixed(width)} ${height}" width="${
    fixed(size.width)
  }mm" height="${fixed(size.height)}mm" font-family="${drawingFonts}" font-size="${font}" fill="#000">
<title>${caption || map.titles[0]}</title>
<rect width="${fixed(width)}" height="${height}" fill="#fff"/>
<g class="map">${svgTitle(map.titles, 0, layout.map)}${svgPicture(map, layout.map)}${
    map.outlines && svgOutlines(map, map.outlines, layout.map)
  }${svgNumbers(map.numbers, layout.map.width / map.columns, layout.map)}${
    svgScaleBar(map.columns, map.pixelSize, layout.map, font)
  }${map.legend && svgLegend(map.legend, "map-colours", layout.mapLegend)}</g>
${shown}${legend && patterns.length > 0 ? svgLegend(legend, "pattern-colours", layout.patternLegend) : null}
<g class="caption">${
    lines.map((text, line) =>
      markup`<text x="0" y="${fixed(layout.caption + (line + 0.8) * captionLine)}">${text}</text>
`
    )
  }</g></svg>
`;
  return { svg: String(svg), ...size };
}

/** The letter of a part and the longest title that fits beside it. */
function svgTitle(titles: readonly string[], place: number, { x, y, width }: Box, colour?: string): Markup {
  const letter = letterOf(place), base = fixed(y - titleHeight + 7.5);
  const start = textWidth(letter, letterFont) + 4, chip = colour ? 8 : 0;
  const title = titles.find((title) => start + chip + textWidth(title, font) <= width) ?? titles.at(-1);
  return markup`<text x="${
    fixed(x)
  }" y="${base}" font-size="${letterFont}" font-weight="700">${letter}</text>${
    colour &&
    markup`<rect x="${fixed(x + start)}" y="${
      fixed(y - titleHeight + 1.8)
    }" width="6" height="6" fill="${colour}" stroke="#000" stroke-width="0.3"/>`
  }<text x="${fixed(x + start + chip)}" y="${base}">${title}</text>
`;
}

function svgNumbers(numbers: readonly FigureNumber[], scale: number, { x, y }: Box): Markup {
  const fitting = numbers.filter(({ text, depth }) =>
    Math.max(textWidth(text, numberFont), numberFont) / 2 <= (depth - 0.5) * scale
  );
  return markup`<g class="numbers" text-anchor="middle" font-size="${numberFont}" font-weight="700" fill="#fff" stroke="#000" stroke-width="1.4" stroke-linejoin="round" paint-order="stroke">${
    fitting.map(({ text, row, column }) =>
      markup`<text x="${fixed(x + (column + 0.5) * scale)}" y="${
        fixed(y + (row + 0.5) * scale + 0.36 * numberFont)
      }">${text}</text>`
    )
  }</g>
`;
}

/** What is drawn as on the screen, in a window of the figure. */
function window({ x, y, width, height }: Box, content: Markup): Markup {
  return markup`<svg x="${fixed(x)}" y="${fixed(y)}" width="${fixed(width)}" height="${
    fixed(height)
  }" viewBox="0 0 ${fixed(width / markScale)} ${fixed(height / markScale)}">${content}</svg>
`;
}

function viewportOf({ rows, columns }: DrawnPicture, { width, height }: Box) {
  const canvas = { width: width / markScale, height: height / markScale, ratio: 1 };
  const scale = canvas.width / columns, rowScale = canvas.height / rows;
  return { ...fitViewport({ rows, columns }, canvas), scale, rowScale, left: 0, top: 0 };
}

function svgOutlines(map: DrawnPicture, lines: OutlineLines, box: Box): Markup {
  const ink = new SvgInk();
  drawOutline(ink, viewportOf(map, box), outlinePath(lines), "all");
  return window(box, markup`<g class="outlines">${ink.toMarkup()}</g>`);
}

function svgMarks(pattern: DrawnPicture, marks: Parameters<typeof drawSpotMarks>[2], box: Box): Markup {
  const ink = new SvgInk();
  drawSpotMarks(ink, viewportOf(pattern, box), marks);
  return window(box, markup`<g class="spots">${ink.toMarkup()}</g>`);
}

/** Words on small pictures are smaller. */
function fittingFont({ width }: Box): number {
  return Math.min(font, Math.max(5, Math.round(width / 8)));
}

/** `a` to `z`, then `aa`, `ab` and so on, for the parts of a figure. */
function letterOf(place: number): string {
  const last = String.fromCharCode(97 + place % 26);
  return place < 26 ? last : letterOf(Math.floor(place / 26) - 1) + last;
}

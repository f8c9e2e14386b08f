/** One figure for a publication: the map with numbers, patterns, scale bars, a colour bar and a caption, as SVG. Pure. */

import { colourGradientStops, type ColourMapName } from "../../library/report/colour_maps.ts";
import { type Markup, markup } from "../../library/report/markup.ts";
import { chooseScaleBar } from "../../library/report/scale_bar.ts";
import type { PixelSize } from "../../library/scan/calibration.ts";

/** A picture at one pixel for each of its own. */
export interface FigurePicture {
  /** Address of a PNG, mostly its data. */
  readonly href: string;
  readonly rows: number;
  readonly columns: number;
  /** Sizes of its pixels, where they are known. */
  readonly pixelSize?: PixelSize;
}

/** A number on the map, at the middle of a probe. */
export interface FigureNumber {
  readonly text: string;
  readonly row: number;
  readonly column: number;
  /** Probes to the border of what it numbers: it is left out where it does not fit. */
  readonly depth: number;
}

/** A colour map with the values of its ends. */
export interface FigureBar {
  readonly map: ColourMapName;
  readonly low: string;
  readonly high: string;
}

/** What a figure shows. */
export interface Figure {
  readonly map: FigurePicture & { readonly numbers: readonly FigureNumber[]; readonly bar?: FigureBar };
  readonly patterns: readonly (FigurePicture & { readonly title: string })[];
  /** Of the patterns, which share one scale. */
  readonly bar?: FigureBar;
  readonly caption: string;
}

/** Widths of the map and of a pattern, what is between them, heights of a line of text and of a bar with its numbers. */
const mapWidth = 560, patternSide = 170, gap = 16, line = 18, barHeight = 34;
/** Characters of a line of the caption: about as wide as the figure. */
const captionLength = 132;

/** The figure, its text in the fonts of whoever looks at it. */
export function figureSvg({ map, patterns, bar, caption }: Figure): string {
  const scale = Math.min(mapWidth / map.columns, mapWidth * 1.2 / map.rows);
  const mapHeight = map.rows * scale, across = patterns.length > 0 ? 2 : 0;
  const left = mapWidth + gap, cell = patternSide + line + gap;
  const patternRows = Math.ceil(patterns.length / 2);
  const below = (height: number, has: unknown) => height + (has ? barHeight : 0);
  const plots = Math.max(
    below(mapHeight, map.bar),
    below(patternRows * cell - gap * Math.min(1, patternRows), bar),
  );
  const width = mapWidth + across * (patternSide + gap),
    lines = wrap(caption, Math.floor(captionLength * width / 932));
  const height = Math.ceil(plots + gap + lines.length * line);
  const shown = patterns.map((pattern, place) => {
    const x = left + place % 2 * (patternSide + gap), y = Math.floor(place / 2) * cell;
    const side = patternSide / Math.max(pattern.columns, pattern.rows);
    return markup`<text x="${x}" y="${y + 13}" font-size="12" font-weight="600">${
      letter(place + 1)
    }  ${pattern.title}</text>
${placed(pattern, x, y + line, side)}`;
  });
  const numbers = map.numbers.flatMap(({ text, row, column, depth }) => {
    const fits = Math.max(8 * text.length, 14) / 2 <= depth * scale;
    return fits
      ? [
        markup`<text x="${fixed((column + 0.5) * scale)}" y="${
          fixed((row + 0.5) * scale + 5)
        }">${text}</text>`,
      ]
      : [];
  });
  return String(
    markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif" font-size="13">
<rect width="${width}" height="${height}" fill="#fff"/>
${placed(map, 0, 0, scale)}
<g text-anchor="middle" font-weight="600" font-size="14" fill="#fff" stroke="#000" stroke-width="3" stroke-linejoin="round" paint-order="stroke">
${numbers}
</g>
<text x="8" y="20" font-size="16" font-weight="700" fill="#fff" stroke="#000" stroke-width="3" paint-order="stroke">a</text>
${map.bar && colourBar(map.bar, "map-colours", 0, mapHeight + 10)}
${shown}
${bar && colourBar(bar, "pattern-colours", left, patternRows * cell - gap + 10)}
${
      lines.map((text, place) =>
        markup`<text x="0" y="${fixed(plots + gap + (place + 0.75) * line)}" fill="#222">${text}</text>\n`
      )
    }</svg>
`,
  );
}

/** A picture with its scale bar. */
function placed(
  { href, rows, columns, pixelSize }: FigurePicture,
  x: number,
  y: number,
  scale: number,
): Markup {
  const width = columns * scale, height = rows * scale, bar = chooseScaleBar(columns, pixelSize);
  const length = bar ? bar.share * width : 0;
  // Whichever is wider, bar or label, begins at the margin.
  const middle = x + 10 + Math.max(length, 7.2 * (bar?.label.length ?? 0)) / 2;
  return markup`<image x="${x}" y="${y}" width="${fixed(width)}" height="${
    fixed(height)
  }" preserveAspectRatio="none" style="image-rendering:pixelated" href="${href}"/>
${
    bar &&
    markup`<rect x="${fixed(middle - length / 2)}" y="${fixed(y + height - 14)}" width="${
      fixed(length)
    }" height="4" fill="#fff" stroke="#000" stroke-width="0.8"/>
<text x="${fixed(middle)}" y="${
      fixed(y + height - 19)
    }" text-anchor="middle" font-size="12" font-weight="600" fill="#fff" stroke="#000" stroke-width="2.6" stroke-linejoin="round" paint-order="stroke">${bar.label}</text>`
  }`;
}

function colourBar({ map, low, high }: FigureBar, id: string, x: number, y: number): Markup {
  const stops = colourGradientStops(map).map(([share, colour]) =>
    markup`<stop offset="${share}" stop-color="${colour}"/>`
  );
  return markup`<linearGradient id="${id}">${stops}</linearGradient>
<text x="${x}" y="${fixed(y + 11)}">${low}</text>
<rect x="${x + 64}" y="${
    fixed(y)
  }" width="140" height="12" fill="url(#${id})" stroke="#888" stroke-width="0.5"/>
<text x="${x + 212}" y="${fixed(y + 11)}">${high}</text>`;
}

/** `a`, `b`, … for the parts of a figure. */
function letter(place: number): string {
  return String.fromCharCode(97 + place);
}

/** Text in lines of at most so many characters, where its words allow. */
export function wrap(text: string, most: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (current !== "" && current.length + 1 + word.length > most) {
      lines.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return current === "" ? lines : [...lines, current];
}

function fixed(value: number): string {
  return String(Math.round(value * 100) / 100);
}

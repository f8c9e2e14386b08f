/** A font of lines through 5 x 7 dots for scale bars: digits, units and the few words drawn into images. */

import { mixPixel, type Rgb, type RgbImage } from "./image.ts";

/** Height of a glyph in dots; one more row below is used by descenders. */
const glyphHeight = 8;
/** Empty dots between glyphs. */
const spacing = 1;

/** Rows from the top, `#` = ink; widths differ. */
const glyphs: Readonly<Record<string, string>> = {
  " ": ".../.../.../.../.../.../.../...",
  "0": ".###./#...#/#..##/#.#.#/##..#/#...#/.###./.....",
  "1": "..#../.##../..#../..#../..#../..#../.###./.....",
  "2": ".###./#...#/....#/...#./..#../.#.../#####/.....",
  "3": ".###./#...#/....#/..##./....#/#...#/.###./.....",
  "4": "...#./..##./.#.#./#..#./#####/...#./...#./.....",
  "5": "#####/#..../####./....#/....#/#...#/.###./.....",
  "6": "..##./.#.../#..../####./#...#/#...#/.###./.....",
  "7": "#####/....#/...#./..#../.#.../.#.../.#.../.....",
  "8": ".###./#...#/#...#/.###./#...#/#...#/.###./.....",
  "9": ".###./#...#/#...#/.####/....#/...#./.##../.....",
  ".": "../../../../../##/##/..",
  ",": "../../../../../.#/.#/#.",
  ":": "../../##/##/../##/##/..",
  "-": "..../..../..../####/..../..../..../....",
  "+": "...../..#../..#../#####/..#../..#../...../.....",
  "[": "###/#../#../#../#../#../###/...",
  "]": "###/..#/..#/..#/..#/..#/###/...",
  "Å": "..#../.#.#./..#../.###./#...#/#####/#...#/.....",
  "µ": "...../...../#...#/#...#/#...#/#..##/##.##/#....",
  "⁻": ".../.../###/.../.../.../.../...",
  "¹": ".#./##./.#./.#./.../.../.../...",
  "a": "...../...../.###./....#/.####/#...#/.####/.....",
  "b": "#..../#..../####./#...#/#...#/#...#/####./.....",
  "c": "...../...../.####/#..../#..../#..../.####/.....",
  "d": "....#/....#/.####/#...#/#...#/#...#/.####/.....",
  "e": "...../...../.###./#...#/#####/#..../.####/.....",
  "f": "..##/.#../####/.#../.#../.#../.#../....",
  "g": "...../...../.####/#...#/#...#/.####/....#/.###.",
  "h": "#..../#..../####./#...#/#...#/#...#/#...#/.....",
  "i": "#/./#/#/#/#/#/.",
  "k": "#..../#..../#..#./#.#../###../#..#./#...#/.....",
  "l": "#/#/#/#/#/#/#/.",
  "m": "...../...../##.#./#.#.#/#.#.#/#.#.#/#.#.#/.....",
  "n": "...../...../####./#...#/#...#/#...#/#...#/.....",
  "o": "...../...../.###./#...#/#...#/#...#/.###./.....",
  "p": "...../...../####./#...#/#...#/####./#..../#....",
  "r": "..../..../#.##/##../#.../#.../#.../....",
  "s": "...../...../.####/#..../.###./....#/####./.....",
  "t": ".#../.#../####/.#../.#../.#../..##/....",
  "u": "...../...../#...#/#...#/#...#/#...#/.####/.....",
  "v": "...../...../#...#/#...#/#...#/.#.#./..#../.....",
  "w": "...../...../#...#/#...#/#.#.#/#.#.#/.#.#./.....",
  "x": "...../...../#...#/.#.#./..#../.#.#./#...#/.....",
  "y": "...../...../#...#/#...#/#...#/.####/....#/.###.",
  "z": "...../...../#####/...#./..#../.#.../#####/.....",
};

/** An empty box for what the font lacks, as fonts do. */
const unknownGlyph = "#####/#...#/#...#/#...#/#...#/#...#/#####/.....";

/** Height of a line of text in pixels. */
export function textHeight(dotSize: number): number {
  return glyphHeight * dotSize;
}

/** Width of a text in pixels. */
export function textWidth(text: string, dotSize: number): number {
  const dots = [...text].reduce((width, character) => width + glyphRows(character)[0].length + spacing, 0);
  return Math.max(0, dots - spacing) * dotSize;
}

/**
 * Draws a text with its upper left corner at (row, column); characters the font lacks become boxes. Dots of a glyph that
 * touch are joined by lines with round ends, one dot wide, whose edges are mixed with what lies behind them.
 *
 * @param dotSize pixels per dot of the font
 */
export function drawText(
  image: RgbImage,
  text: string,
  row: number,
  column: number,
  dotSize: number,
  colour: Rgb,
): void {
  let left = column;
  for (const character of text) {
    const { width, shares } = glyphInk(character, dotSize);
    shares.forEach((share, place) => {
      if (share === 0) return;
      mixPixel(image, row + Math.floor(place / width), left + place % width, share, colour);
    });
    left += width + spacing * dotSize;
  }
}

/** How much of each pixel a glyph covers, 0 to 1, (row, column). */
interface GlyphInk {
  readonly width: number;
  readonly shares: Float64Array;
}

const inks = new Map<string, GlyphInk>();

/** The ink of a glyph in one size, worked out once. */
function glyphInk(character: string, dotSize: number): GlyphInk {
  const key = `${character in glyphs ? character : ""} ${dotSize}`, known = inks.get(key);
  if (known) return known;
  const rows = glyphRows(character), lines = linesOf(rows);
  const width = rows[0].length * dotSize, height = rows.length * dotSize;
  const shares = Float64Array.from({ length: width * height }, (_, place) => {
    const y = (Math.floor(place / width) + 0.5) / dotSize, x = (place % width + 0.5) / dotSize;
    const nearest = Math.min(...lines.map((line) => distanceTo(line, x, y)));
    return Math.min(1, Math.max(0, (0.5 - nearest) * dotSize + 0.5));
  });
  const ink = { width, shares };
  inks.set(key, ink);
  return ink;
}

/** From one place to another, in dots; as long as 0 where a dot is alone. */
type Line = readonly [x: number, y: number, toX: number, toY: number];

/** Lines between the middles of dots that touch; those at a corner are joined by the dots beside them, where there are any. */
function linesOf(rows: readonly string[]): Line[] {
  const isInk = (x: number, y: number) => rows[y]?.[x] === "#";
  return rows.flatMap((dots, y) =>
    [...dots].flatMap((dot, x): Line[] => {
      if (dot !== "#") return [];
      const steps = [[0, 0], [1, 0], [0, 1], [1, 1], [-1, 1]].filter(([right, down]) => {
        const corner = right !== 0 && down !== 0;
        return isInk(x + right, y + down) && (!corner || isInk(x + right, y) === isInk(x, y + down));
      });
      return steps.map(([right, down]) => [x + 0.5, y + 0.5, x + right + 0.5, y + down + 0.5]);
    })
  );
}

function distanceTo([x, y, toX, toY]: Line, atX: number, atY: number): number {
  const right = toX - x, down = toY - y, square = right * right + down * down;
  const along = square === 0 ? 0 : ((atX - x) * right + (atY - y) * down) / square;
  const share = Math.min(1, Math.max(0, along)), dx = atX - x - share * right, dy = atY - y - share * down;
  return Math.sqrt(dx * dx + dy * dy);
}

function glyphRows(character: string): string[] {
  return (glyphs[character] ?? unknownGlyph).split("/");
}

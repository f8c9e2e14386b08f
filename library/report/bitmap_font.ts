/** A 5 x 7 font for scale bars: digits, units and the few words drawn into images. */

import { fillRectangle, type Rgb, type RgbImage } from "./image.ts";

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
  "g": "...../...../.####/#...#/#...#/.####/....#/.###.",
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
  "w": "...../...../#...#/#...#/#.#.#/#.#.#/.#.#./.....",
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
 * Draws a text with its upper left corner at (row, column); characters the font lacks become boxes.
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
    const rows = glyphRows(character);
    rows.forEach((dots, y) => {
      [...dots].forEach((dot, x) => {
        if (dot !== "#") return;
        fillRectangle(image, row + y * dotSize, left + x * dotSize, dotSize, dotSize, colour);
      });
    });
    left += (rows[0].length + spacing) * dotSize;
  }
}

function glyphRows(character: string): string[] {
  return (glyphs[character] ?? unknownGlyph).split("/");
}

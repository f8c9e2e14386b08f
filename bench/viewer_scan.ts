/** A scan of grains for measuring the viewer: made in seconds however large, with noise. */

import { NpyWriter } from "../mod.ts";

/** Numbers from 0 to below 1, the same in every run. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Writes 16-bit counts: every probe has the pattern of the nearest of some random places, with noise. */
export function writeGrains(
  path: string,
  [rows, columns, patternRows, patternColumns]: readonly [number, number, number, number],
  grains: number,
): void {
  const next = numbers(7), pixels = patternRows * patternColumns;
  const places = Array.from({ length: grains }, () => ({
    row: next() * rows,
    column: next() * columns,
    pattern: Float32Array.from({ length: pixels }, () => 4 + 400 * next() ** 8),
  }));
  const writer = NpyWriter.create(path, "u16", [rows, columns, patternRows, patternColumns]);
  const line = new Uint16Array(columns * pixels);
  let noise = 1;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let nearest = places[0], least = Infinity;
      for (const place of places) {
        const distance = (place.row - row) ** 2 + (place.column - column) ** 2;
        if (distance < least) [nearest, least] = [place, distance];
      }
      const { pattern } = nearest, start = column * pixels;
      for (let pixel = 0; pixel < pixels; pixel++) {
        noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
        line[start + pixel] = pattern[pixel] * (0.75 + 0.5 * noise / 2 ** 32);
      }
    }
    writer.write(line);
  }
  writer.close();
}

/** Parts of maps and of sketches. */

import type { Sketch } from "../../passes/sketch/sketch.ts";
import type { Window } from "../../passes/sketch/windows.ts";

/**
 * A rectangle of a map (row, column), or of `length` numbers for each probe.
 *
 * @param columns of the whole map
 */
export function croppedMap<T extends Uint8Array | Int32Array | Float32Array>(
  map: T,
  columns: number,
  { top, left, rows, columns: width }: Window,
  length = 1,
): T {
  const part = new (map.constructor as new (length: number) => T)(rows * width * length);
  for (let row = 0; row < rows; row++) {
    const start = ((top + row) * columns + left) * length;
    part.set(map.subarray(start, start + width * length), row * width * length);
  }
  return part;
}

/** The sketch of a rectangle of probe positions. */
export function croppedSketch(sketch: Sketch, window: Window): Sketch {
  const { columns, length, features, noise } = sketch;
  return {
    ...sketch,
    rows: window.rows,
    columns: window.columns,
    features: croppedMap(features, columns, window, length),
    noise: croppedMap(noise, columns, window),
  };
}

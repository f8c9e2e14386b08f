/** Parts of maps and of sketches: rectangles of probe positions, and every so many of them. */

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
  const { columns, length, features, noise, beam } = sketch;
  return {
    ...sketch,
    rows: window.rows,
    columns: window.columns,
    features: croppedMap(features, columns, window, length),
    noise: croppedMap(noise, columns, window),
    ...beam && { beam: croppedMap(beam, columns, window) },
  };
}

/** How far the probe positions of a coarser sampling lie apart. */
export interface SamplingStep {
  /** Every so many rows are taken, from the first on. */
  readonly down: number;
  /** The same of columns. */
  readonly right: number;
}

/**
 * A map (row, column), or one of `length` numbers for each probe, as a coarser sampling would have given it.
 *
 * @param columns of the map
 */
export function sampledMap<T extends Uint8Array | Int32Array | Float32Array>(
  map: T,
  columns: number,
  { down, right }: SamplingStep,
  length = 1,
): T {
  const rows = map.length / (columns * length), width = Math.ceil(columns / right);
  const part = new (map.constructor as new (length: number) => T)(Math.ceil(rows / down) * width * length);
  for (let row = 0, to = 0; row < rows; row += down) {
    for (let column = 0; column < columns; column += right, to += length) {
      const from = (row * columns + column) * length;
      for (let i = 0; i < length; i++) part[to + i] = map[from + i];
    }
  }
  return part;
}

/** The sketch of a coarser sampling: fewer probes, each as it is. */
export function sampledSketch(sketch: Sketch, step: SamplingStep): Sketch {
  const { rows, columns, length, features, noise, beam } = sketch;
  return {
    ...sketch,
    rows: Math.ceil(rows / step.down),
    columns: Math.ceil(columns / step.right),
    features: sampledMap(features, columns, step, length),
    noise: sampledMap(noise, columns, step),
    ...beam && { beam: sampledMap(beam, columns, step) },
  };
}

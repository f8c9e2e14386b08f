/** Sketches made up for tests: grains with known mean features and Gaussian noise. */

import type { Sketch } from "../../library/passes/sketch/sketch.ts";
import { seededRandom } from "./random.ts";

/** A map of grains drawn as text: one letter per probe, rows divided by spaces; each letter has its own mean features. */
export interface Drawing {
  readonly map: string;
  /** Numbers per pattern; default 12. */
  readonly length?: number;
  /** Length of the noise in a pattern's features; the signal has length 1. Default 0.2. */
  readonly noise?: number;
  readonly seed?: number;
  /** Letters whose features are 0: vacuum. */
  readonly empty?: string;
}

/** A normally distributed number. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Random features of length about 1. */
export function randomFeatures(random: () => number, length: number): number[] {
  return Array.from({ length }, () => gaussian(random) / Math.sqrt(length));
}

/** The sketch of a drawing, and its map as numbers. */
export function drawnSketch(drawing: Drawing): { sketch: Sketch; labels: number[] } {
  const { map, length = 12, noise = 0.2, seed = 1, empty = "" } = drawing;
  const lines = map.trim().split(/\s+/);
  const rows = lines.length, columns = lines[0].length;
  const random = seededRandom(seed);
  const letters = Array.from(new Set(lines.join(""))).sort();
  const means = new Map(letters.map((letter) => {
    const mean = randomFeatures(random, length);
    const size = Math.hypot(...mean);
    return [letter, mean.map((value) => empty.includes(letter) ? 0 : value / size)];
  }));
  const probes = lines.join("").split("");
  const features = Float32Array.from(
    probes.flatMap((letter) =>
      means.get(letter)!.map((value) => value + noise * gaussian(random) / Math.sqrt(length))
    ),
  );
  const sketch = {
    rows,
    columns,
    length,
    features,
    noise: new Float32Array(rows * columns).fill(noise ** 2),
    degreesOfFreedom: length,
  };
  return { sketch, labels: probes.map((letter) => letters.indexOf(letter)) };
}

/** A drawing of `columns` columns in which every letter of `widths` fills as many, repeated over `rows` rows. */
export function stripes(rows: number, widths: Readonly<Record<string, number>>): string {
  const line = Object.entries(widths).map(([letter, width]) => letter.repeat(width)).join("");
  return Array.from({ length: rows }, () => line).join(" ");
}

/** A sketch of random features and noise, in which regions are found by chance. */
export function randomSketch(seed: number, largest = 7): Sketch {
  const random = seededRandom(seed);
  const rows = 1 + Math.floor(random() * largest), columns = 1 + Math.floor(random() * largest);
  const length = 1 + Math.floor(random() * 9);
  const kinds = Array.from(
    { length: 1 + Math.floor(random() * 4) },
    () => randomFeatures(random, length),
  );
  const noise = 2 * random() ** 2;
  const features = new Float32Array(rows * columns * length);
  for (let probe = 0; probe < rows * columns; probe++) {
    const mean = kinds[Math.floor(random() * kinds.length)];
    features.set(mean.map((value) => value + noise * gaussian(random) / Math.sqrt(length)), probe * length);
  }
  return {
    rows,
    columns,
    length,
    features,
    noise: new Float32Array(rows * columns).map(() => noise ** 2 * (0.8 + 0.4 * random()) + 1e-3),
    degreesOfFreedom: 1 + random() * length,
  };
}

/** The same scan with rows and columns exchanged. */
export function transposed(sketch: Sketch): Sketch {
  const { rows, columns, length, features, noise } = sketch;
  const source = (probe: number) => (probe % rows) * columns + Math.floor(probe / rows);
  return {
    ...sketch,
    rows: columns,
    columns: rows,
    features: features.map((_, i) => features[source(Math.floor(i / length)) * length + i % length]),
    noise: noise.map((_, probe) => noise[source(probe)]),
  };
}

/** The same scan upside down. */
export function upsideDown(sketch: Sketch): Sketch {
  const { rows, columns, length, features, noise } = sketch;
  const source = (probe: number) => (rows - 1 - Math.floor(probe / columns)) * columns + probe % columns;
  return {
    ...sketch,
    features: features.map((_, i) => features[source(Math.floor(i / length)) * length + i % length]),
    noise: noise.map((_, probe) => noise[source(probe)]),
  };
}

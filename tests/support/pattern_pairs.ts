/** Pairs of patterns to compare: what detectors record, and what a shortcut may find hard. */

import { seededRandom } from "./random.ts";

/** Two patterns of (height, width) pixels, row-major, whole counts. */
export type PatternPair = readonly [Float64Array, Float64Array];

/** Makes a pair; the same seed gives the same pair. */
export type PairMaker = (height: number, width: number, seed: number) => PatternPair;

/** Soft disks of 4 pixels with a halo and a bright direct beam, recorded twice with so many electrons on average. */
export function poissonDisks(electrons: number): PairMaker {
  return (height, width, seed) => {
    const random = seededRandom(seed);
    const expected = disks(height, width, random, (distance) => 1 / (1 + Math.exp((distance - 4) / 0.4)), 25);
    const sigma = Math.min(height, width) / 6;
    let sum = 0;
    for (let i = 0; i < expected.length; i++) {
      const row = Math.floor(i / width) - height / 2, column = i % width - width / 2;
      sum += expected[i] += 0.5 * Math.exp(-(row ** 2 + column ** 2) / (2 * sigma ** 2));
    }
    const record = () => expected.map((value) => poisson(value * electrons / sum, random));
    return [record(), record()];
  };
}

/** Flat disks with sharp rims, no noise; the second pattern has half of the first one's disks' intensity and its own. */
export function sharpDisks(radius: number): PairMaker {
  return (height, width, seed) => {
    const random = seededRandom(seed);
    const [first, second] = [0, 1].map(() =>
      disks(height, width, random, (distance) => distance <= radius ? 1 : 0, 15)
    );
    return [
      first.map((value) => Math.round(50 * value)),
      second.map((v, i) => Math.round(25 * (v + first[i]))),
    ];
  };
}

/** One bright pixel each, two rows and a column apart. */
export const brightPixels: PairMaker = (height, width, seed) => {
  const random = seededRandom(seed);
  const row = Math.floor(random() * (height - 4)), column = Math.floor(random() * (width - 4));
  const pixel = (index: number) => new Float64Array(height * width).fill(1000, index, index + 1);
  return [pixel(row * width + column), pixel((row + 2) * width + column + 1)];
};

/** Slopes in both directions. */
export const gradients: PairMaker = (height, width, seed) => {
  const random = seededRandom(seed);
  const slope = () => {
    const down = 5 * random(), right = 5 * random();
    return Float64Array.from(
      { length: height * width },
      (_, i) => Math.round(100 + down * Math.floor(i / width) + right * (i % width)),
    );
  };
  return [slope(), slope()];
};

/** All signal within 4 pixels of the border, most of it common. */
export const borderPixels: PairMaker = (height, width, seed) => {
  const random = seededRandom(seed);
  const pair = [new Float64Array(height * width), new Float64Array(height * width)] as const;
  for (let k = 0; k < 300; k++) {
    const depth = Math.floor(4 * random()), side = Math.floor(4 * random());
    const along = (size: number) => Math.floor(random() * size);
    const row = side === 0 ? depth : side === 1 ? height - 1 - depth : along(height);
    const column = side === 2 ? depth : side === 3 ? width - 1 - depth : along(width);
    pair[random() < 0.5 ? 0 : 1][row * width + column] += Math.floor(100 * random());
    if (random() < 0.7) { for (const pattern of pair) pattern[row * width + column] += 50; }
  }
  return pair;
};

/** Single electrons anywhere, nothing in common. */
export function vacuum(electrons: number): PairMaker {
  return (height, width, seed) => {
    const random = seededRandom(seed);
    const record = () => {
      const pattern = new Float64Array(height * width);
      for (let k = 0; k < electrons; k++) pattern[Math.floor(random() * pattern.length)]++;
      return pattern;
    };
    return [record(), record()];
  };
}

/** A direct beam in the middle, and `count` weaker disks anywhere. */
function disks(
  height: number,
  width: number,
  random: () => number,
  profile: (distance: number) => number,
  count: number,
): Float64Array {
  const pattern = new Float64Array(height * width);
  const add = (row: number, column: number, intensity: number) => {
    for (let i = 0; i < pattern.length; i++) {
      pattern[i] += intensity * profile(Math.hypot(Math.floor(i / width) - row, i % width - column));
    }
  };
  add((height - 1) / 2, (width - 1) / 2, 20);
  for (let k = 0; k < count; k++) add(random() * height, random() * width, 1 + 4 * random());
  return pattern;
}

/** A Poisson number, by a normal one where the mean is large. */
function poisson(mean: number, random: () => number): number {
  if (mean > 50) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const limit = Math.exp(-mean);
  let count = -1;
  for (let product = 1; product > limit; count++) product *= random();
  return count;
}

/** Random numbers for tests: seeded, so that a failure can be repeated. */

/** A generator of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed + 0x6d2b79f5 | 0;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let x = Math.imul(state ^ state >>> 15, 1 | state);
    x = x + Math.imul(x ^ x >>> 7, 61 | x) ^ x;
    return ((x ^ x >>> 14) >>> 0) / 4294967296;
  };
}

/** Array of `length` counts, mostly small, with some bright pixels up to `largest`. */
export function randomCounts(random: () => number, length: number, largest: number): number[] {
  return Array.from({ length }, () => Math.floor(random() ** 6 * (largest + 1)));
}

/**
 * Poisson-distributed counts, exact for every mean and fast where detectors need it: at a few electrons per pixel.
 *
 * A Poisson variable of mean m is the sum of independent ones of means m1 + m2 = m. Below {@link tabulatedBelow} m1 is
 * the largest multiple of 1/32 that m holds, drawn by inversion through a table, and m2 < 1/32 is what is left, nearly
 * always 0 and seen to be so in one comparison. One 32-bit number mostly serves both: its upper 8 bits pick the count,
 * its lower 24 decide about the rest. Large means take Hörmann's transformed rejection.
 */

import { exponential, logarithm } from "../scan/portable_math.ts";
import type { Random } from "./random.ts";

/** Means from here on are drawn by rejection; below, by tables. */
const tabulatedBelow = 16;
/** Tabulated means per unit. */
const resolution = 32;
/** Length of a tabulated distribution: P(X >= 80) < 1e-27 at the largest tabulated mean. */
const support = 80;
/** Marks an upper byte that does not determine the count. */
const undecided = 255;

/** Cumulative probabilities P(X <= k), `support` for each tabulated mean. */
const cumulative = new Float64Array(tabulatedBelow * resolution * support);
/** The count that the upper 8 bits of the random number determine, 256 for each tabulated mean, or `undecided`. */
const guide = new Uint8Array(tabulatedBelow * resolution * 256);

for (let row = 0; row < tabulatedBelow * resolution; row++) {
  const start = row * support;
  let probability = exponential(-row / resolution), sum = 0;
  for (let count = 0; count < support; count++) {
    sum += probability;
    cumulative[start + count] = sum;
    probability *= row / resolution / (count + 1);
  }
  cumulative[start + support - 1] = 2; // the search ends here for every uniform number
  for (let byte = 0, count = 0; byte < 256; byte++) {
    while (cumulative[start + count] <= byte / 256) count++;
    guide[row * 256 + byte] = cumulative[start + count] >= (byte + 1) / 256 ? count : undecided;
  }
}

const logFactorials = new Float64Array(32);
for (let n = 2; n < logFactorials.length; n++) logFactorials[n] = logFactorials[n - 1] + logarithm(n);

/** ln(n!), by Stirling's series where n is large. */
function logFactorial(n: number): number {
  if (n < logFactorials.length) return logFactorials[n];
  const inverse = 1 / n, square = inverse * inverse;
  return (n + 0.5) * logarithm(n) - n + 0.9189385332046727 +
    inverse * (1 / 12 - square * (1 / 360 - square / 1260));
}

/**
 * Replaces expected counts by Poisson-distributed ones.
 *
 * @param means expected counts, finite and not negative
 * @param into receives the counts from element `start`; counts above 65535 saturate, as in a 16-bit counter
 */
export function drawPoissonCounts(
  means: Float32Array,
  into: Uint16Array,
  start: number,
  random: Random,
): void {
  for (let pixel = 0; pixel < means.length; pixel++) {
    const count = poisson(means[pixel], random);
    into[start + pixel] = count < 65535 ? count : 65535;
  }
}

/** One Poisson-distributed whole number of the given mean, which is finite and not negative. */
export function poisson(mean: number, random: Random): number {
  if (mean >= tabulatedBelow) return poissonByRejection(mean, random);
  const scaled = mean * resolution;
  const row = Math.floor(scaled);
  const bits = random.bits();
  const count = guide[row * 256 + (bits >>> 24)];
  const rest = (scaled - row) / resolution;
  if (count === undecided) {
    return searchTable(row, bits, random) + poissonOfRest(rest, random.bits() & 0xffffff, random);
  }
  return count + poissonOfRest(rest, bits & 0xffffff, random);
}

/** Inversion of a tabulated distribution, with 21 more bits below the 32 in hand. */
function searchTable(row: number, bits: number, random: Random): number {
  const uniform = ((bits >>> 0) + (random.bits() >>> 11) / 2097152) / 4294967296;
  const start = row * support;
  let count = 0;
  while (cumulative[start + count] <= uniform) count++;
  return count;
}

/** Inversion for a mean below 1 / `resolution` by 24 random bits, and 29 more where those don't decide. */
function poissonOfRest(mean: number, bits: number, random: Random): number {
  // exp(-m) >= 1 - m: whatever the further bits are, the count is 0
  if (bits + 1 <= (1 - mean) * 16777216) return 0;
  const uniform = (bits + (random.bits() >>> 3) / 536870912) / 16777216;
  let probability = exponential(-mean), sum = probability, count = 0;
  while (sum <= uniform && count < 16) {
    count++;
    probability *= mean / count;
    sum += probability;
  }
  return count;
}

/** Transformed rejection PTRS of W. Hörmann, Insurance: Math. Econ. 12, 39 (1993), doi:10.1016/0167-6687(93)90997-4. */
function poissonByRejection(mean: number, random: Random): number {
  const logMean = logarithm(mean);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const u = random.uniform() - 0.5, v = 1 - random.uniform();
    const distance = 0.5 - Math.abs(u);
    const count = Math.floor((2 * a / distance + b) * u + mean + 0.43);
    if (distance >= 0.07 && v <= squeeze) return count;
    if (!(count >= 0) || (distance < 0.013 && v > distance)) continue;
    const logAcceptance = logarithm(v * inverseAlpha / (a / (distance * distance) + b));
    if (logAcceptance <= count * logMean - mean - logFactorial(count)) return count;
  }
}

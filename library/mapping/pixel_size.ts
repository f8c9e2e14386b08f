/** The size of a detector pixel from the rings of a known crystal. */

import { exponential, logarithm, power } from "../scan/portable_math.ts";
import { BadParameter } from "../scan/errors.ts";
import type { Reflections } from "../crystal/structure_factors.ts";
import { GroupedVariance } from "./grouped_errors.ts";

/** Distances of peaks from the direct beam. */
export interface PeakDistances {
  /** In detector pixels. */
  readonly pixels: Float64Array;
  /** Heights in any unit. */
  readonly height: Float64Array;
}

/** A pixel size and how certain it is. */
export interface FittedPixelSize {
  /** Å^-1 per detector pixel. */
  readonly qPixelSize: number;
  /**
   * Standard error relative to it, from how much groups of peaks differ, and at least 0.05 %; `Infinity` where there is but
   * one group.
   */
  readonly error: number;
  /** Score of the best other size more than 3 % away, relative to its own: near 1 or above it means that the size is not certain. */
  readonly rival: number;
  /** Number of peaks that lie on rings. */
  readonly peaks: number;
}

/** Width in Å^-1 of the Gaussians of the search, and distance from a ring up to which a peak belongs to it. */
const width = 0.015, nearRing = 0.015;
/** Sizes that are tried within the search range, and rounds of refinement. */
const tried = 1200, rounds = 10;
/** The search goes by about so many peaks, evenly taken from all; refinement goes by every one. */
const searched = 3000;
/** The same where nothing is known of the size, and the logarithm of the step between sizes: rings that are long move by half their width. */
const searchedWidely = 800, finestStep = 0.004;
/**
 * Relative error that no number of peaks takes away: spots that are seen beside the Ewald sphere lie nearer to the beam than
 * their ring, by up to so much in the mean.
 */
const projection = 5e-4;
/** Of sizes whose score is so near to the best one, as a part of it, the nearest to the guess is taken. */
const asGood = 0.93;
/** The search goes from the guess divided to multiplied by this. */
const range = 1.6;

/**
 * Looks for the size at which peaks lie on the crystal's rings, on a logarithmic grid from 0.625 to 1.6 times the guess,
 * and refines it by least squares. Correct ellipses first.
 *
 * @param guess Å^-1 per pixel
 * @param groups group of each peak, such as its grain: peaks of one are strained alike; default each is one of its own
 * @throws {BadParameter} when there are no peaks or rings, or the guess is no size
 */
export function fitPixelSize(
  { pixels, height }: PeakDistances,
  reflections: Reflections,
  guess: number,
  groups?: Int32Array,
): FittedPixelSize {
  const rings = ringsOf(reflections);
  if (!(guess > 0 && pixels.length > 0 && rings.length > 0)) {
    throw new BadParameter("the pixel size cannot be fitted", {
      expected: "peaks beside the direct beam, rings of the crystal, and a first guess above 0",
      found: `${pixels.length} peaks, ${rings.length} rings, guess ${guess} Å^-1`,
      parameter: "qPixelSize",
      remedy: "give a rough pixel size",
    });
  }
  const weights = weightsOf(height), score = ringScore(pixels, weights, rings, searched);
  const step = 2 * logarithm(range) / (tried - 1);
  const sizes = Float64Array.from({ length: tried }, (_, index) => guess / range * exponential(index * step));
  const scores = sizes.map(score);
  const best = chosen(scores);
  const rival = scores.reduce(
    (most, value, index) => Math.abs(sizes[index] / sizes[best] - 1) > 0.03 ? Math.max(most, value) : most,
    0,
  );
  return { ...refine(sizes[best], pixels, weights, rings, groups), rival: rival / scores[best] };
}

/** The fourth root, so that many faint disks count more than a bright one. */
function weightsOf(height: Float64Array): Float64Array {
  return height.map((value) => power(Math.max(value, 1e-12), 0.25));
}

/**
 * How well about `most` of the peaks lie on rings, for a size in Å^-1 per pixel.
 *
 * @param rings the shortest first
 */
function ringScore(
  pixels: Float64Array,
  weights: Float64Array,
  rings: readonly { readonly length: number; readonly weight: number }[],
  most: number,
): (size: number) => number {
  const limit = rings.at(-1)!.length + 2 * width, stride = Math.ceil(pixels.length / most);
  return (size) => {
    let sum = 0, inside = 0;
    for (let peak = 0; peak < pixels.length; peak += stride) {
      const q = size * pixels[peak];
      if (q > limit) continue;
      inside++;
      let best = 0;
      for (const { length, weight } of rings) {
        const off = (q - length) / width;
        if (off * off < 18) best = Math.max(best, weight * exponential(-off * off / 2));
      }
      sum += weights[peak] * best;
    }
    return sum / Math.sqrt(inside + 1);
  };
}

/**
 * Sizes from one to another, in Å^-1 per pixel, at which more peaks lie on the crystal's rings than at sizes nearby: the
 * likeliest first. Which of them is right, rings alone do not tell; one far from the truth may hold as many peaks.
 *
 * @param most so many at the most
 */
export function likelyPixelSizes(
  { pixels, height }: PeakDistances,
  reflections: Reflections,
  [from, to]: readonly [from: number, to: number],
  most: number,
): number[] {
  const rings = ringsOf(reflections);
  if (!(from > 0 && to > from && pixels.length > 0 && rings.length > 0)) return [];
  const score = ringScore(pixels, weightsOf(height), rings, searchedWidely);
  const count = Math.ceil(logarithm(to / from) / finestStep) + 1;
  const sizes = Float64Array.from({ length: count }, (_, index) => from * exponential(index * finestStep));
  const scores = sizes.map(score);
  return [...scores.keys()]
    .filter((index) => scores[index] >= (scores[index - 1] ?? 0) && scores[index] > (scores[index + 1] ?? 0))
    .sort((one, other) => scores[other] - scores[one] || one - other)
    .slice(0, most)
    .map((index) => sizes[index]);
}

/**
 * The grid's middle is the guess. Where rings fit nearly as well at several sizes, as those of one zone at the root of two times
 * the right one, nothing but the guess can tell.
 */
function chosen(scores: Float64Array): number {
  const most = scores.reduce((most, value) => Math.max(most, value), 0), middle = (scores.length - 1) / 2;
  return [...scores.keys()]
    .filter((index) => scores[index] >= asGood * most)
    .filter((index) => scores[index] >= (scores[index - 1] ?? 0) && scores[index] > (scores[index + 1] ?? 0))
    .reduce(
      (near, index) => Math.abs(index - middle) < Math.abs(near - middle) ? index : near,
      scores.indexOf(most),
    );
}

/** Rings of equal |g| in Å^-1 with the fourth root of their summed intensity, the shortest first, the direct beam left out. */
export function ringsOf({ count, lengths, intensities }: Reflections): { length: number; weight: number }[] {
  const rings = new Map<number, { length: number; sum: number; members: number }>();
  for (let index = 0; index < count; index++) {
    const key = Math.round(lengths[index] * 1000);
    if (key === 0) continue;
    const ring = rings.get(key) ?? { length: 0, sum: 0, members: 0 };
    ring.length += lengths[index];
    ring.sum += intensities[index];
    ring.members++;
    rings.set(key, ring);
  }
  return Array.from(rings.values(), ({ length, sum, members }) => ({
    length: length / members,
    weight: power(sum, 0.25),
  })).sort((one, other) => one.length - other.length);
}

function refine(
  start: number,
  pixels: Float64Array,
  weights: Float64Array,
  rings: readonly { readonly length: number }[],
  groups: Int32Array | undefined,
): Omit<FittedPixelSize, "rival"> {
  let qPixelSize = start, peaks = 0, error = NaN;
  for (let round = 0; round < rounds; round++) {
    const scatter = new GroupedVariance();
    let cross = 0, square = 0;
    peaks = 0;
    for (let peak = 0; peak < pixels.length; peak++) {
      const q = qPixelSize * pixels[peak];
      const ring = rings.reduce(
        (near, { length }) => Math.abs(length - q) < Math.abs(near - q) ? length : near,
        Infinity,
      );
      if (Math.abs(ring - q) > nearRing) continue;
      cross += weights[peak] * ring * pixels[peak];
      square += weights[peak] * pixels[peak] * pixels[peak];
      scatter.add(groups ? groups[peak] : peak, weights[peak] * pixels[peak] * (ring - q));
      peaks++;
    }
    if (square === 0) break;
    qPixelSize = cross / square;
    error = Math.sqrt(
      scatter.variance / (square * square * qPixelSize * qPixelSize) + projection * projection,
    );
  }
  return { qPixelSize, error, peaks };
}

/** How much of a crystal a probe at the border to the background has: by its pattern, and by what it takes from the direct beam. */

import { innerProduct, type Sketch } from "../../passes/sketch/sketch.ts";
import { nonNegativeSolution } from "../non_negative.ts";
import { smoothedError } from "./shade.ts";

/** A probe with less than this part of a region's signal belongs to the background, ... */
export const leastPart = 0.35;
/** ... and so does one with less than this part of its shade. Half of a probe would be right were crystals no thinner at rims. */
export const leastShade = 0.42;
/** Shade counts where crystal and background differ by this many standard errors of the smoothed bright field. */
const leastContrast = 5;
/** It is taken from the probe alone where its standard error is below this part of the contrast: smoothing fills narrow gaps. */
const leastSmoothed = 0.055;
/** What thickness and diffraction make of shade and of pattern, beside noise: squares of the usual error of the part. */
const shadeVariance = 0.01, patternVariance = 0.07;
/** Crystals that a probe may be a mixture of: those nearest to it. */
const mostMixed = 3;

/** A region that a probe may belong to. */
export interface Candidate {
  region: number;
  /** Mean features of the region's probes nearby, its squared noise, and its squared length without noise. */
  readonly mean: Float32Array;
  noise: number;
  square: number;
  /** Electrons of the direct beam in a pattern of the region nearby. */
  beam: number;
  /** Inner product of the probe's features with the mean. */
  product: number;
  /** The larger, the nearer the mean is to the probe. */
  score: number;
}

/** A probe, and what it may belong to. */
export interface PartAsked {
  readonly probe: number;
  /** The crystal that is asked about, and all that are near. */
  readonly grain: Candidate;
  readonly grains: readonly Candidate[];
  /** Electrons of the direct beam in a pattern of the background nearby. */
  readonly open: number;
}

/**
 * How much more of a crystal a probe has than it needs to belong there and not to the background, with the standard error that
 * noise gives that: by its shade and its pattern, each with the weight of its error, or by its pattern alone where crystal and
 * background do not differ plainly in the bright field.
 *
 * @param smoothed of `smoothBeam`, `null` where there is no bright field
 */
export function partBeyondLeast(
  sketch: Sketch,
  smoothed: Float32Array | null,
  { probe, grain, grains, open }: PartAsked,
): { beyond: number; error: number } {
  const { noise, degreesOfFreedom, beam, length } = sketch;
  // A region without signal above its noise tells nothing from the background: any difference may be chance.
  const pattern = {
    beyond: grain.product / Math.max(grain.square, Number.MIN_VALUE) - leastPart,
    error: grain.square > 0 ? Math.sqrt(noise[probe] / degreesOfFreedom / grain.square) : Infinity,
  };
  if (!smoothed || !beam) return pattern;
  // What is dark in a narrow gap is dark by the crystals on both sides of it, of which none need have the larger part.
  const { share, level } = shareOf(grain, grains, length);
  const contrast = open - level, deviation = Math.sqrt(Math.max(open, 0));
  if (!(contrast > leastContrast * smoothedError * deviation)) return pattern;
  const plain = deviation < leastSmoothed * contrast;
  const shade = (open - (plain ? beam : smoothed)[probe]) / contrast;
  const beyond = shade - leastShade / (leastShade + (1 - leastShade) * share);
  const error = (plain ? 1 : smoothedError) * deviation / contrast;
  if (pattern.error === Infinity) return { beyond, error };
  const first = 1 / (error ** 2 + shadeVariance), second = 1 / (pattern.error ** 2 + patternVariance);
  return {
    beyond: (first * beyond + second * pattern.beyond) / (first + second),
    error: Math.sqrt((first * error) ** 2 + (second * pattern.error) ** 2) / (first + second),
  };
}

/** The part of a crystal in what a probe has of crystals, and the electrons of the direct beam behind such a mixture. */
function shareOf(
  grain: Candidate,
  grains: readonly Candidate[],
  length: number,
): { share: number; level: number } {
  const alone = { share: 1, level: grain.beam };
  if (grains.length < 2) return alone;
  const mixed = grains.toSorted((a, b) => b.score - a.score).slice(0, mostMixed);
  const parts = nonNegativeSolution(
    mixed.flatMap((one) =>
      mixed.map((other) =>
        one === other ? Math.max(one.square, 0) : innerProduct(one.mean, 0, other.mean, 0, length)
      )
    ),
    mixed.map(({ product }) => product),
  );
  const whole = parts.reduce((sum, part) => sum + part, 0), own = parts[mixed.indexOf(grain)];
  if (!(own > 0)) return alone;
  return { share: own / whole, level: mixed.reduce((sum, { beam }, i) => sum + parts[i] / whole * beam, 0) };
}

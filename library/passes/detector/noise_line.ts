/** The line that noise follows over brightness: its slope is what one electron adds, its rest what is the same in every pixel. */

/** Noise of pixels of about one brightness. */
export interface NoiseLevel {
  /** Mean value. */
  readonly mean: number;
  /** Squared noise, in squared values. */
  readonly variance: number;
}

/** Variance = slope * value + rest. */
export interface NoiseLine {
  readonly slope: number;
  /** Of reading out, less slope times what values stand on: negative where that is more. */
  readonly rest: number;
}

/** A line with a rest fits this much better than one without, where it is believed. */
const worthRest = 0.5;
/** Dark pixels of counts that stand on nothing have a squared noise of their value; below this part of it they stand on more. */
const darkNoise = 0.5;

/**
 * The line with the least sum of distances in parts of the variance: single levels, such as those of disks that change from
 * probe to probe, do not move it. It goes through two of the levels, or through 0 and one of them.
 *
 * @returns nothing where noise does not rise with brightness
 */
export function lineThrough(levels: readonly NoiseLevel[]): NoiseLine | undefined {
  const usable = levels.filter(({ variance }) => variance > 0);
  const distance = ({ slope, rest }: NoiseLine) =>
    usable.reduce((sum, { mean, variance }) => sum + Math.abs(slope * mean + rest - variance) / variance, 0);
  const nearest = (lines: readonly NoiseLine[]) =>
    lines.filter(({ slope }) => slope > 0 && Number.isFinite(slope))
      .map((line) => ({ line, far: distance(line) }))
      .reduce<{ line: NoiseLine; far: number } | undefined>(
        (best, next) => best && best.far <= next.far ? best : next,
        undefined,
      );
  const plain = nearest(usable.map(({ mean, variance }) => ({ slope: variance / mean, rest: 0 })));
  const risen = nearest(usable.flatMap((a, index) =>
    usable.slice(index + 1).map((b) => {
      const slope = (b.variance - a.variance) / (b.mean - a.mean);
      return { slope, rest: a.variance - slope * a.mean };
    })
  ));
  return risen && (!plain || risen.far < worthRest * plain.far) ? risen.line : plain?.line;
}

/**
 * The whole number of counts that all pixels stand on. Dark pixels tell: their noise is that of what was counted, which is less
 * than their value.
 *
 * @param step value of a count
 * @param least smallest value of all; at 0 they stand on nothing
 */
export function constantUnder(levels: readonly NoiseLevel[], step: number, least: number): number {
  // Where nothing varies, all may be signal as well.
  if (!(least > 0) || !levels.some(({ variance }) => variance > 0)) return 0;
  const dark = levels.reduce((a, b) => b.mean < a.mean ? b : a);
  if (!(dark.variance < darkNoise * dark.mean * step)) return 0;
  return Math.min(Math.floor(least / step), Math.round((dark.mean - dark.variance / step) / step));
}

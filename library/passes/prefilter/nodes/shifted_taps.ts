/** Taps that give the blurred value between two pixels, as real numbers and as 16-bit integers. */

import { cosine, exponential, sine } from "../../../scan/portable_math.ts";

/** Taps of one node. */
export interface NodeTaps {
  /** Pixel, on the axis continued beyond its ends, of the first tap. */
  readonly first: number;
  /** float64: two-sided taps; their sum is 1. */
  readonly values: Float64Array;
}

/** Places nearer to a pixel than this lie on it. */
const onPixel = 1e-9;

/** The two-sided taps of the blur itself, float64: cut at 4 sigma, sum 1, as `gaussianTaps`. */
export function blurTaps(sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const taps = Float64Array.from(
    { length: 2 * radius + 1 },
    (_, k) => radius === 0 ? 1 : exponential(-0.5 * ((k - radius) / sigma) ** 2),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

/**
 * Taps whose response at `position` is that of the blur at all frequencies, as near as 2 radius + 2 taps of sum 1 can come:
 * the least squares over all frequencies are the blur's taps, interpolated by sinc functions.
 *
 * @param blur what {@link blurTaps} gives
 */
export function shiftedTaps(blur: Float64Array, position: number): NodeTaps {
  const radius = (blur.length - 1) / 2;
  const base = Math.floor(position + onPixel), fraction = position - base;
  if (Math.abs(fraction) < onPixel) return { first: base - radius, values: blur };
  const values = Float64Array.from({ length: 2 * radius + 2 }, (_, m) => {
    let sum = 0;
    for (let n = 0; n < blur.length; n++) {
      const x = Math.PI * (m - n - fraction);
      // sin(pi (k - f)) changes but its sign from one pixel to the next, and f is no whole number.
      sum += blur[n] * sine(x) / x;
    }
    return sum;
  });
  const missing = (1 - values.reduce((total, tap) => total + tap, 0)) / values.length;
  return { first: base - radius, values: values.map((tap) => tap + missing) };
}

/** Taps fit 16 bits with a sign, and the products of counts with all of them together 32. */
const largestTap = 2 ** 15 - 1, largestProduct = 2 ** 31 - 1;
/** Room for the rounding of the taps. */
const headroom = 1 - 2 ** -9;
/** Scales that are tried, from `leastScale` of the largest possible to that. */
const scales = 3000, leastScale = 0.7;
/** Frequencies at which the response is looked at. */
const frequencies = 97;
/** Errors count as much as blurred patterns have at a frequency, but no less than this: they mix with low ones. */
const leastImportance = 0.03;

/** Searches integer taps for one blur. */
export class IntegerTaps {
  readonly #importance: Float64Array;

  constructor(readonly sigma: number) {
    this.#importance = Float64Array.from(
      { length: frequencies },
      (_, i) => Math.max(leastImportance, exponential(-((Math.PI * i / (frequencies - 1) * sigma) ** 2) / 2)),
    );
  }

  /**
   * Integer taps whose response, divided by their sum, errs least of all scales tried: rounded at one given scale they
   * would err 5 to 20 times as much.
   *
   * @param largestCount of the patterns; the larger it is, the coarser are the taps
   */
  search(taps: Float64Array, largestCount: number): Int16Array {
    const length = taps.length, waves = this.#waves(length);
    const top = taps.reduce((most, tap) => Math.max(most, Math.abs(tap)), 0);
    const total = taps.reduce((sum, tap) => sum + Math.abs(tap), 0);
    const largest = Math.floor(Math.min(largestTap / top, largestProduct / largestCount / total) * headroom);
    const errors = new Float64Array(length);
    let least = Infinity, found = new Int16Array(length);
    for (let i = 0; i < scales; i++) {
      const scale = largest * (leastScale + (1 - leastScale) * i / (scales - 1));
      let sum = 0;
      for (let k = 0; k < length; k++) sum += Math.round(taps[k] * scale);
      for (let k = 0; k < length; k++) errors[k] = Math.round(taps[k] * scale) / sum - taps[k];
      const error = largestResponse(errors, waves, least);
      if (error >= least) continue;
      least = error;
      found = Int16Array.from(taps, (tap) => Math.round(tap * scale));
    }
    return found;
  }

  /** Cosine and sine of each frequency at each tap, times its importance. */
  #waves(length: number): Float64Array {
    const waves = new Float64Array(2 * frequencies * length);
    for (let i = 0; i < frequencies; i++) {
      for (let k = 0; k < length; k++) {
        const phase = Math.PI * i / (frequencies - 1) * (k - (length - 1) / 2);
        waves[2 * i * length + k] = this.#importance[i] * cosine(phase);
        waves[(2 * i + 1) * length + k] = this.#importance[i] * sine(phase);
      }
    }
    return waves;
  }
}

/** Square of the largest amplitude of the errors at any frequency; some number from `enough` on once that is reached. */
function largestResponse(errors: Float64Array, waves: Float64Array, enough: number): number {
  const length = errors.length;
  let most = 0;
  for (let i = 0; i < 2 * frequencies * length; i += 2 * length) {
    let real = 0, imaginary = 0;
    for (let k = 0; k < length; k++) {
      real += errors[k] * waves[i + k];
      imaginary += errors[k] * waves[i + length + k];
    }
    most = Math.max(most, real * real + imaginary * imaginary);
    if (most >= enough) return most;
  }
  return most;
}

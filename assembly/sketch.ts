// Short linear features of patterns: a binned pattern x (float32, exact for counts) times a matrix W of 8 columns a block,
// F[p][8 b + j] = sum over pixels q of x_p[q] W[b][q][j], summed in float32 in the order of the pixels, whatever patterns are
// computed together. Beside them the features of a thinned pattern, of which each count was kept with probability 1/2.
//
// Patterns of whole counts up to 32767, no more than 65535 of them among 512 pixels that follow each other, are multiplied
// with weights in fixed point, two pixels to a product sum of 32 bits: exactly, and twice as fast. Weights of a column are
// multiples of its scale, the largest of them 32767 times that. Which way a pattern goes depends on nothing but its counts.

import { bin, rescale } from "./binning";
import { BLOCK, multiply, multiplyFour } from "./products";
import { halve, thin } from "./thinning";

// Patterns that products the other way take at a time: as many lines as the first-level cache holds.
const tilePatterns: i32 = 128;

// Features of `count` patterns one after the other, four at a time; scratch holds a line of the pattern in whole vectors,
// eight binned patterns, the random bits of a block, and four patterns of counts in whole vectors of 16 bits.
function sketch<T>(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, weights: usize, integers: usize,
  blocks: i32, output: usize, thinned: usize, seed: f64, probe: i32, scale: f32, whole: i32, rest: f32, scratch: usize,
): void {
  const patternBytes = <usize>(patternRows * patternColumns) * sizeof<T>();
  const pixels = (patternRows / binning) * (patternColumns / binning);
  const binnedBytes = <usize>pixels << 2, length = <usize>blocks * BLOCK;
  const binned = scratch + (<usize>((patternColumns + 3) & ~3) << 2), halved = binned + 4 * binnedBytes;
  const words = halved + 4 * binnedBytes, packed = words + 512;
  // What is binned already is multiplied where it is.
  const asIs = isFloat<T>() && binning == 1 && scale == 1 && (whole == 0 || rest == 0);
  // What is beyond one electron each is so in every pixel that a bin sums.
  const binnedRest = rest * f32(binning * binning);
  for (let first = 0; first < count; first += 4) {
    const have = min(4, count - first), x = asIs ? patterns + <usize>first * binnedBytes : binned;
    for (let i = 0; i < have; i++) {
      const at = x + <usize>i * binnedBytes;
      if (!asIs) bin<T>(patterns + <usize>(first + i) * patternBytes, patternRows, patternColumns, binning, at, scratch);
      if (scale != 1 || whole != 0 && rest != 0) rescale(at, pixels, scale, whole != 0, -binnedRest);
      if (!thinned) continue;
      const half = halved + <usize>i * binnedBytes, number = <u64>(probe + first + i);
      if (whole != 0) thin(at, pixels, <u64>seed, number, half, words);
      else halve(at, pixels, binnedRest, <u64>seed, number, half);
    }
    const before = <usize>first * length;
    multiply(x, have, pixels, weights, integers, blocks, output + before, packed);
    if (thinned) multiply(halved, have, pixels, weights, integers, blocks, thinned + before, packed);
  }
}

/**
 * Features of 8-bit counts.
 *
 * @param patterns address of the first of `count` patterns
 * @param weights float32 (block, binned pixel, 8)
 * @param integers the same in fixed point: float32 scales (block, 8), then i16 (block, pair of pixels, 8, 2), pairs filled up
 * to fours with zeros; 0 = there are none
 * @param output float32 (count, 8 blocks)
 * @param thinned the same for thinned patterns; 0 = not wanted
 * @param seed of the thinning, a whole number; the bits of a pattern follow from it and the number of its probe
 * @param probe number of the first pattern's probe
 * @param scale what a binned value is multiplied with to be in counts; 1 = it is
 * @param whole 1 where scaled values are whole numbers but for rounding
 * @param rest squared noise of a pixel beyond its scaled value; of whole numbers what they stand on, with the sign turned, which is
 * taken away
 */
export function sketchU8(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, weights: usize, integers: usize,
  blocks: i32, output: usize, thinned: usize, seed: f64, probe: i32, scale: f32, whole: i32, rest: f32, scratch: usize,
): void {
  sketch<u8>(
    patterns, count, patternRows, patternColumns, binning, weights, integers, blocks, output, thinned, seed, probe, scale,
    whole, rest, scratch,
  );
}

/** Features of 16-bit counts; see sketchU8. */
export function sketchU16(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, weights: usize, integers: usize,
  blocks: i32, output: usize, thinned: usize, seed: f64, probe: i32, scale: f32, whole: i32, rest: f32, scratch: usize,
): void {
  sketch<u16>(
    patterns, count, patternRows, patternColumns, binning, weights, integers, blocks, output, thinned, seed, probe, scale,
    whole, rest, scratch,
  );
}

/** Features of float32 patterns; see sketchU8. */
export function sketchF32(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, weights: usize, integers: usize,
  blocks: i32, output: usize, thinned: usize, seed: f64, probe: i32, scale: f32, whole: i32, rest: f32, scratch: usize,
): void {
  sketch<f32>(
    patterns, count, patternRows, patternColumns, binning, weights, integers, blocks, output, thinned, seed, probe, scale,
    whole, rest, scratch,
  );
}

/**
 * Products the other way: G[b][q][j] = sum over patterns p of x_p[q] F[p][8 b + j] for binned pixels from..to-1, in float32 in
 * the order of the patterns. With `more` the sums go on from those that are in G, as if the patterns before came in the same call.
 *
 * @param binned float32 (pattern, pixel)
 * @param features float32 (pattern, 8 blocks)
 * @param output float32 (block, pixel, 8)
 * @param more 1: goes on, 0: begins
 */
export function sketchAdjoint(
  binned: usize, patterns: i32, pixels: i32, from: i32, to: i32, features: usize, blocks: i32, output: usize, more: i32,
): void {
  const length = <usize>blocks * BLOCK, stride = <usize>pixels << 2;
  for (let pattern = 0; pattern < patterns; pattern += tilePatterns) {
    const count = min(tilePatterns, patterns - pattern);
    const x = binned + <usize>pattern * stride, weights = features + <usize>pattern * length;
    for (let pixel = from; pixel < to; pixel += 4) {
      // The last pixels are computed again in place of those that lack, to the same result.
      const last = min(4, to - pixel) - 1;
      const second = <usize>min(1, last), third = <usize>min(2, last), fourth = <usize>min(3, last);
      const at = x + (<usize>pixel << 2);
      for (let block: usize = 0; block < <usize>blocks; block++) {
        const out = output + (block * <usize>pixels + <usize>pixel) * BLOCK;
        multiplyFour(
          at, at + (second << 2), at + (third << 2), at + (fourth << 2), stride, count, weights + block * BLOCK, length,
          out, out + second * BLOCK, out + third * BLOCK, out + fourth * BLOCK, pattern > 0 || more != 0,
        );
      }
    }
  }
}

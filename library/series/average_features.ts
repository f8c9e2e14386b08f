/**
 * Linear features of averaged patterns, of one meaning in every frame of a series: those that regions are found by, on the
 * grid and with the weights of the first frame.
 */

import { findDirectBeam } from "../passes/detector/bad_pixels_and_beam.ts";
import { type DetectorGrid, detectorGrid } from "../passes/sketch/detector_grid.ts";
import { LinearFeatures } from "../passes/sketch/linear_features.ts";
import { pixelCount, type ScanShape } from "../scan/shape.ts";

/** Finer grids tell crystals apart no better, and a thousand regions of them fill memory. */
const mostPixels = 64 * 64;

/** Averages of the regions of a frame. */
export interface FrameAverages {
  /** The mean pattern (qy, qx) of a region in the values of the file; what is not finite counts as 0. */
  readonly pattern: (region: number) => ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Patterns in each. */
  readonly sizes: ArrayLike<number>;
  /** Direct beam in detector pixels. */
  readonly center: { readonly row: number; readonly column: number };
  /** What one electron adds to the values. */
  readonly gain: number;
}

/** Makes features of averages, all alike. */
export class AverageFeatures {
  readonly #shape: ScanShape;
  readonly #center: { readonly row: number; readonly column: number };
  readonly #grid: DetectorGrid;
  readonly #features: LinearFeatures;
  /** Squared length that one electron in each binned pixel adds to the noise. */
  readonly #noisePerCount: Float64Array;

  private constructor(shape: ScanShape, first: FrameAverages, mean: Float64Array) {
    const { radius } = findDirectBeam({ mean }, shape);
    this.#shape = shape;
    this.#center = first.center;
    this.#grid = detectorGrid(shape, first.center, radius, mostPixels);
    this.#features = new LinearFeatures(this.#grid, this.#binned(mean, first.center));
    this.#noisePerCount = noisePerCount(this.#features);
  }

  /**
   * Learns grid and weights.
   *
   * @param shape of the scans of the series
   * @param first the first frame; the mean of its averages stands for the mean pattern
   * @throws {BadParameter} when the detector is too small for features
   */
  static async learn(shape: ScanShape, first: FrameAverages): Promise<AverageFeatures> {
    const mean = new Float64Array(pixelCount(shape));
    const patterns = Array.from(first.sizes).reduce((sum, size) => sum + size, 0);
    for (let region = 0; region < first.sizes.length; region++) {
      const pattern = await first.pattern(region), share = first.sizes[region] / patterns / first.gain;
      for (let pixel = 0; pixel < mean.length; pixel++) mean[pixel] += share * finite(pattern[pixel]);
    }
    return new AverageFeatures(shape, first, mean);
  }

  /** Features and noise of the averages of a frame, moved to where the direct beam of the first frame was. */
  async of(
    { pattern, sizes, center, gain }: FrameAverages,
  ): Promise<{ features: Float64Array; noise: Float64Array }> {
    const count = sizes.length, { length } = this.#features;
    const features = new Float64Array(count * length), noise = new Float64Array(count);
    // Plain loops: a series of many regions spends most of its time here.
    const electrons = new Float64Array(pixelCount(this.#shape)), perCount = this.#noisePerCount;
    for (let region = 0; region < count; region++) {
      const counts = await pattern(region);
      for (let pixel = 0; pixel < electrons.length; pixel++) electrons[pixel] = finite(counts[pixel]) / gain;
      const binned = this.#binned(electrons, center);
      this.#features.apply(binned, features.subarray(region * length, (region + 1) * length));
      let squared = 0;
      for (let pixel = 0; pixel < binned.length; pixel++) squared += binned[pixel] * perCount[pixel];
      noise[region] = squared / sizes[region];
    }
    return { features, noise };
  }

  /** The pattern moved by whole and parts of pixels (bilinear), and binned. */
  #binned(pattern: Float64Array, center: { readonly row: number; readonly column: number }): Float64Array {
    const { patternRows, patternColumns } = this.#shape, { binning, rows, columns } = this.#grid;
    const binned = new Float64Array(rows * columns);
    const down = center.row - this.#center.row, right = center.column - this.#center.column;
    const value = (row: number, column: number) =>
      row >= 0 && row < patternRows && column >= 0 && column < patternColumns
        ? pattern[row * patternColumns + column]
        : 0;
    for (let row = 0; row < rows * binning; row++) {
      const y = row + down, top = Math.floor(y), below = y - top;
      const inside = top >= 0 && top + 1 < patternRows, into = Math.floor(row / binning) * columns;
      for (let column = 0; column < columns * binning; column++) {
        const x = column + right, left = Math.floor(x), beside = x - left;
        let one, two, three, four;
        if (inside && left >= 0 && left + 1 < patternColumns) {
          const place = top * patternColumns + left, under = place + patternColumns;
          one = pattern[place], two = pattern[place + 1], three = pattern[under], four = pattern[under + 1];
        } else {
          one = value(top, left), two = value(top, left + 1);
          three = value(top + 1, left), four = value(top + 1, left + 1);
        }
        binned[into + Math.floor(column / binning)] += (1 - below) * ((1 - beside) * one + beside * two) +
          below * ((1 - beside) * three + beside * four);
      }
    }
    return binned;
  }
}

/** For every binned pixel the sum over features of the squared weight that it has in them. */
function noisePerCount(features: LinearFeatures): Float64Array {
  const squares = new Float64Array(features.pixels), row = new Float64Array(features.pixels);
  const one = new Float64Array(features.length);
  for (let feature = 0; feature < features.length; feature++) {
    one.fill(0);
    one[feature] = 1;
    features.applyTransposed(one, row);
    for (let pixel = 0; pixel < row.length; pixel++) squares[pixel] += row[pixel] * row[pixel];
  }
  return squares;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

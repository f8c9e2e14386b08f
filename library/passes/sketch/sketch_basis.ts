/**
 * The few directions in which the linear features of a scan differ from each other by more than counting noise: leading
 * eigenvectors of their second moment, less the part that noise has in it.
 */

import type { Engine } from "../../engine/engine.ts";
import type { RunOptions } from "../../engine/options.ts";
import { turn } from "../../engine/turn.ts";
import type { BinnedSample } from "./binned_sample.ts";
import { beamReach, type DetectorGrid } from "./detector_grid.ts";
import { LinearFeatures } from "./linear_features.ts";
import { type SampledPatterns, SecondMoment } from "./second_moment.ts";
import { symmetricEigen } from "./symmetric_eigen.ts";
import { combinations, innerProducts, orthonormal, startVectors } from "./vectors.ts";
import {
  beamColumn,
  blockColumns,
  blockedWeights,
  mostBlocks,
  mostColumns,
  noiseColumn,
  sketchColumns,
  usualBlocks,
} from "./weight_blocks.ts";

/** Fewest features of a pattern. */
const fewestFeatures = 6;
/**
 * More features are looked for in scans of so many probes, which may hold more crystals than features tell apart, and where the
 * last of the usual ones has this many times the squared signal of its noise: with weaker signals more features add noise.
 */
const manyProbes = 128 * 128, worthwhile = 25;
/** Rounds of subspace iteration: features that matter stand far above the noise, so that few rounds find them; and from there. */
const firstRounds = 4, moreRounds = 2;

/** Weights that make a sketch. */
export interface SketchBasis {
  /**
   * float32 (block, binned pixel, 8): features in the first `length` columns, the direct beam in the last but one, the noise of the
   * features in the last.
   */
  readonly weights: Float32Array;
  readonly length: number;
  /** float32 (linear feature, k): the directions, orthonormal, so that they times the features are the linear features. */
  readonly directions: Float32Array;
  readonly degreesOfFreedom: number;
  /** Noise of every pattern's features beyond that of its electrons: of reading out, less what values stand on. */
  readonly restNoise: number;
}

/** A basis as large as any with nothing in it, for planning. */
export function expectedBasis({ rows, columns }: DetectorGrid): SketchBasis {
  const none = new Float32Array(0);
  return {
    weights: new Float32Array(mostColumns * rows * columns),
    length: mostColumns - 1,
    directions: none,
    degreesOfFreedom: 0,
    restNoise: 0,
  };
}

/**
 * Finds the basis by subspace iteration on a sample.
 *
 * @returns `null` where the sample holds nothing but the direct beam
 * @throws {Aborted} when the signal fires
 */
export async function sketchBasis(
  engine: Engine,
  grid: DetectorGrid,
  sample: BinnedSample,
  options: RunOptions,
): Promise<SketchBasis | null> {
  const operator = new LinearFeatures(grid, sample.variance);
  if (operator.length === 0) return null;
  const subject = { engine, grid, sample, operator };
  const usual = await iterate(subject, usualBlocks, firstRounds, [], options);
  if (!usual.crowded) return usual.basis();
  return (await iterate(subject, mostBlocks, moreRounds, usual.vectors, options)).basis();
}

/** What a basis is made of. */
interface BasisSubject extends SampledPatterns {
  readonly operator: LinearFeatures;
}

/** Some rounds of subspace iteration, from known vectors on. */
async function iterate(
  subject: BasisSubject,
  blocks: number,
  rounds: number,
  known: readonly Float64Array[],
  options: RunOptions,
): Promise<SubspaceIteration> {
  const mark = subject.engine.mark();
  try {
    const iteration = new SubspaceIteration(subject, blocks, known);
    for (let round = 0; round < rounds; round++) {
      await turn(options.signal);
      await iteration.step(options);
    }
    return iteration;
  } finally {
    subject.engine.release(mark);
  }
}

/** One round: a subspace, and how its vectors turn to the eigenvectors of the debiased second moment within it. */
interface Round {
  /** float64 (direction, feature), orthonormal, and each as a binned pattern. */
  readonly vectors: readonly Float64Array[];
  readonly patterns: readonly Float64Array[];
  /** The vectors times the moment. */
  readonly images: readonly Float64Array[];
  /** Eigenvalues, largest first, and float64 (direction, eigenvector). */
  readonly values: Float64Array;
  readonly turns: Float64Array;
}

class SubspaceIteration {
  /** The subspace to begin with: float64 (direction, feature), orthonormal. */
  readonly #start: readonly Float64Array[];
  #round: Round | null = null;
  /** Directions that are looked for. */
  readonly #count: number;
  readonly #moment: SecondMoment;

  /** @param known vectors to begin with, of which there may be fewer */
  constructor(readonly subject: BasisSubject, blocks: number, known: readonly Float64Array[]) {
    const { operator } = subject;
    this.#count = Math.min(blockColumns * blocks - 1, operator.length);
    this.#moment = new SecondMoment(subject, blocks);
    const others = startVectors(this.#count, operator.length).slice(known.length);
    this.#start = orthonormal([...known, ...others]);
  }

  /** The subspace after the last round. */
  get vectors(): readonly Float64Array[] {
    const round = this.#round;
    if (!round) return this.#start;
    return orthonormal(combinations(round.images, round.turns, [0, this.#count]));
  }

  /** Whether the scan may have more directions that tell crystals apart than were looked for. */
  get crowded(): boolean {
    const { operator, sample } = this.subject, last = this.#count - 1;
    return last + 1 < operator.length && sample.probes >= manyProbes &&
      this.#round!.values[last] > worthwhile * this.#noiseAlong(last, 1)[0];
  }

  /** The noise along eigenvectors of the last round, of `count` from one on. */
  #noiseAlong(first: number, count: number): number[] {
    const { variance } = this.subject.sample, { patterns, turns } = this.#round!;
    return combinations(patterns, turns, [first, count]).map((pattern) => {
      let sum = 0;
      for (let pixel = 0; pixel < pattern.length; pixel++) {
        sum += variance[pixel] * pattern[pixel] * pattern[pixel];
      }
      return sum;
    });
  }

  /** What chance alone gives a direction, in parts of the noise along it. */
  get #level(): number {
    const { operator, sample } = this.subject;
    return Math.sqrt(2 * operator.length / sample.patterns);
  }

  /** One round: multiplies the subspace by the moment and turns it to the eigenvectors within. */
  async step(options: RunOptions): Promise<void> {
    const { operator, sample: { variance } } = this.subject, count = this.#count;
    const vectors = this.vectors;
    const patterns = vectors.map((vector) => {
      const pattern = new Float64Array(operator.pixels);
      operator.applyTransposed(vector, pattern);
      return pattern;
    });
    const moments = await this.#moment.times(patterns, options);
    const images = patterns.map((pattern, k) => {
      const image = new Float64Array(operator.length), rest = moments[k];
      for (let pixel = 0; pixel < rest.length; pixel++) rest[pixel] -= variance[pixel] * pattern[pixel];
      operator.apply(rest, image);
      return image;
    });
    // Rayleigh-Ritz: the small matrix V^T C V says how to turn the images.
    const products = innerProducts(vectors, images), small = new Float64Array(count * count);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) {
        const value = (products[i * count + j] + products[j * count + i]) / 2;
        small[i * count + j] = small[j * count + i] = value;
      }
    }
    const { values, vectors: turns } = symmetricEigen(small, count);
    this.#round = { vectors, patterns, images, values, turns };
  }

  /** The directions that stand above the noise, as weights. */
  basis(): SketchBasis {
    const { operator, sample } = this.subject, count = this.#count;
    let length = Math.min(fewestFeatures, count);
    const round = this.#round!, noises = this.#noiseAlong(0, count);
    while (length < count && round.values[length] > this.#level * noises[length]) length++;
    // The most that there can be have to leave a column to the direct beam.
    length = Math.min(length, mostColumns - beamColumn);
    const { pixels } = operator, { variance } = sample;
    const found = combinations(round.vectors, round.turns, [0, length]);
    const patterns = found.map((vector) => {
      const pattern = new Float64Array(pixels);
      operator.applyTransposed(vector, pattern);
      // What was not recorded is 0 in every pattern; halves would give it noise.
      return sample.rest === 0 ? pattern : pattern.map((value, pixel) => variance[pixel] > 0 ? value : 0);
    });
    const squares = new Float64Array(pixels);
    for (const pattern of patterns) pattern.forEach((value, pixel) => squares[pixel] += value * value);
    const columns: (Float64Array | null)[] = Array.from(
      { length: sketchColumns(length) },
      (_, k) => patterns[k] ?? null,
    );
    columns[columns.length - beamColumn] = beamPixels(this.subject.grid);
    columns[columns.length - noiseColumn] = squares;
    let trace = 0, square = 0;
    for (let i = 0; i < length; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let pixel = 0; pixel < pixels; pixel++) {
          sum += variance[pixel] * patterns[i][pixel] * patterns[j][pixel];
        }
        if (i === j) trace += sum;
        square += (i === j ? 1 : 2) * sum * sum;
      }
    }
    const degreesOfFreedom = square > 0 ? trace * trace / square : length;
    const directions = new Float32Array(operator.length * length);
    for (let i = 0; i < operator.length; i++) {
      for (let k = 0; k < length; k++) directions[i * length + k] = found[k][i];
    }
    const restNoise = sample.rest * squares.reduce((sum, value) => sum + value, 0);
    return { weights: blockedWeights(columns, pixels), length, directions, degreesOfFreedom, restNoise };
  }
}

/** 1 in the binned pixels of the direct beam, which features leave out: what is missing there was scattered away. */
function beamPixels({ rows, columns, center, beamRadius }: DetectorGrid): Float64Array {
  const reach = beamReach(beamRadius);
  return Float64Array.from({ length: rows * columns }, (_, pixel) => {
    const row = Math.floor(pixel / columns), column = pixel - row * columns;
    return Math.hypot(row - center.row, column - center.column) <= reach ? 1 : 0;
  });
}

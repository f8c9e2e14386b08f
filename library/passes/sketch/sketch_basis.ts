/**
 * The few directions in which the linear features of a scan differ from each other by more than counting noise: leading
 * eigenvectors of their second moment, less the part that noise has in it.
 */

import { type Address, at, nowhere } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import type { RunOptions } from "../../engine/options.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import { turn } from "../../engine/turn.ts";
import { counts } from "../detector/gain.ts";
import { type BinnedPatterns, type BinnedSample, binningScratchBytes, scaling } from "./binned_sample.ts";
import type { DetectorGrid } from "./detector_grid.ts";
import { LinearFeatures } from "./linear_features.ts";
import { symmetricEigen } from "./symmetric_eigen.ts";
import { combine, dot, orthonormal, startVectors } from "./vectors.ts";

/** Columns of a block of weights, and blocks: as many numbers as one pass of the kernel gives. */
export const blockColumns = 8;
/** Blocks of a sketch, and of one whose features are used up and still tell crystals apart. */
const usualBlocks = 4, mostBlocks = 8;
/** Most columns that a sketch has in all: the features and, in the last, their noise. */
export const mostColumns = blockColumns * mostBlocks;
/** Fewest features of a pattern. */
const fewestFeatures = 6;
/**
 * More features are looked for in scans of so many probes, which may hold more crystals than features tell apart, and where the
 * last of the usual ones has this many times the squared signal of its noise: with weaker signals more features add noise.
 */
const manyProbes = 128 * 128, worthwhile = 25;
/** Rounds of subspace iteration: features that matter stand far above the noise, so that few rounds find them; and from there. */
const firstRounds = 4, moreRounds = 2;
/** Patterns that one call projects, and pixels. */
const callPatterns = 64, callPixels = 128;

/** Columns of a sketch with so many features; whole blocks. */
export function sketchColumns(length: number): number {
  return blockColumns * (length < blockColumns * usualBlocks ? usualBlocks : mostBlocks);
}

/** Weights that make a sketch. */
export interface SketchBasis {
  /** float32 (block, binned pixel, 8): features in the first `length` columns, their noise in the last. */
  readonly weights: Float32Array;
  readonly length: number;
  /** float32 (linear feature, k): the directions, orthonormal, so that they times the features are the linear features. */
  readonly directions: Float32Array;
  readonly degreesOfFreedom: number;
}

/** Bytes of scratch that the sketch kernels want: a line, eight binned patterns, random bits, and four patterns of 16 bits. */
export function sketchScratchBytes(patternColumns: number, binnedPixels: number): number {
  return binningScratchBytes(patternColumns) + 8 * 4 * binnedPixels + 512 +
    4 * 16 * Math.ceil(binnedPixels / 8);
}

/** A basis as large as any with nothing in it, for planning. */
export function expectedBasis({ rows, columns }: DetectorGrid): SketchBasis {
  const none = new Float32Array(0);
  return {
    weights: new Float32Array(mostColumns * rows * columns),
    length: mostColumns - 1,
    directions: none,
    degreesOfFreedom: 0,
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
  const operator = new LinearFeatures(grid, sample.mean);
  if (operator.length === 0) return null;
  const subject = { engine, grid, sample, operator };
  const usual = await iterate(subject, usualBlocks, firstRounds, [], options);
  if (!usual.crowded) return usual.basis();
  return (await iterate(subject, mostBlocks, moreRounds, usual.vectors, options)).basis();
}

/** What a basis is made of. */
interface BasisSubject {
  readonly engine: Engine;
  readonly grid: DetectorGrid;
  readonly sample: BinnedSample;
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
  readonly #weights: Address;
  readonly #projected: Address;
  readonly #back: Address;

  /** Directions that are looked for. */
  readonly #count: number;
  readonly #columns: number;

  /** @param known vectors to begin with, of which there may be fewer */
  constructor(readonly subject: BasisSubject, readonly blocks: number, known: readonly Float64Array[]) {
    const { engine, grid, sample, operator } = subject;
    this.#columns = blockColumns * blocks;
    this.#count = Math.min(this.#columns - 1, operator.length);
    const table = 4 * this.#columns * operator.pixels;
    this.#weights = engine.allocate(table);
    this.#back = engine.allocate(table);
    this.#projected = engine.allocate(4 * this.#columns * sample.most);
    engine.allocateScratch(sketchScratchBytes(grid.columns, operator.pixels));
    const others = startVectors(this.#count, operator.length).slice(known.length);
    this.#start = orthonormal([...known, ...others]);
  }

  /** The subspace after the last round. */
  get vectors(): readonly Float64Array[] {
    const round = this.#round;
    if (!round) return this.#start;
    return orthonormal(this.#start.map((_, k) => turned(round, round.images, k)));
  }

  /** Whether the scan may have more directions that tell crystals apart than were looked for. */
  get crowded(): boolean {
    const { operator, sample } = this.subject, last = this.#count - 1;
    return last + 1 < operator.length && sample.probes >= manyProbes &&
      this.#round!.values[last] > worthwhile * this.#noiseAlong(last);
  }

  /** The noise along an eigenvector of the last round. */
  #noiseAlong(k: number): number {
    const { mean } = this.subject.sample;
    return turned(this.#round!, this.#round!.patterns, k)
      .reduce((sum, value, pixel) => sum + mean[pixel] * value * value, 0);
  }

  /** What chance alone gives a direction, in parts of the noise along it. */
  get #level(): number {
    const { operator, sample } = this.subject;
    return Math.sqrt(2 * operator.length / sample.patterns);
  }

  /** One round: multiplies the subspace by the moment and turns it to the eigenvectors within. */
  async step(options: RunOptions): Promise<void> {
    const { operator, sample: { mean } } = this.subject, count = this.#count;
    const vectors = this.vectors;
    const patterns = vectors.map((vector) => {
      const pattern = new Float64Array(operator.pixels);
      operator.applyTransposed(vector, pattern);
      return pattern;
    });
    const moments = await this.#secondMoment(patterns, options);
    const images = patterns.map((pattern, k) => {
      const image = new Float64Array(operator.length), rest = moments[k];
      for (let pixel = 0; pixel < rest.length; pixel++) rest[pixel] -= mean[pixel] * pattern[pixel];
      operator.apply(rest, image);
      return image;
    });
    // Rayleigh-Ritz: the small matrix V^T C V says how to turn the images.
    const small = new Float64Array(count * count);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) {
        const value = (dot(vectors[i], images[j]) + dot(vectors[j], images[i])) / 2;
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
    const round = this.#round!;
    while (length < count && round.values[length] > this.#level * this.#noiseAlong(length)) length++;
    const { pixels } = operator, { mean } = sample;
    const found = Array.from({ length }, (_, k) => turned(round, round.vectors, k));
    const patterns = found.map((vector) => {
      const pattern = new Float64Array(pixels);
      operator.applyTransposed(vector, pattern);
      return pattern;
    });
    const squares = new Float64Array(pixels);
    for (const pattern of patterns) pattern.forEach((value, pixel) => squares[pixel] += value * value);
    const columns: (Float64Array | null)[] = Array.from(
      { length: sketchColumns(length) },
      (_, k) => patterns[k] ?? null,
    );
    columns[columns.length - 1] = squares;
    let trace = 0, square = 0;
    for (let i = 0; i < length; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let pixel = 0; pixel < pixels; pixel++) {
          sum += mean[pixel] * patterns[i][pixel] * patterns[j][pixel];
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
    return { weights: blockedWeights(columns, pixels), length, directions, degreesOfFreedom };
  }

  /** Mean over the sample of x x^T w for each pattern w. */
  async #secondMoment(patterns: readonly Float64Array[], options: RunOptions): Promise<Float64Array[]> {
    const { engine, sample, operator: { pixels } } = this.subject, columns = this.#columns;
    const padded = Array.from({ length: columns }, (_, k) => patterns[k] ?? null);
    engine.view(Float32Array, this.#weights, columns * pixels).set(blockedWeights(padded, pixels));
    await sample.each(options, async (some) => {
      await engine.run(this.#forth(some));
      await engine.run(this.#adjoint(some));
    });
    const sums = engine.view(Float32Array, this.#back, columns * pixels);
    return patterns.map((_, k) => {
      const start = Math.floor(k / blockColumns) * pixels * blockColumns + k % blockColumns;
      return Float64Array.from(
        { length: pixels },
        (_, q) => sums[start + q * blockColumns] / sample.patterns,
      );
    });
  }

  /** Products of patterns and weights. */
  #forth({ address, count }: BinnedPatterns): KernelCall[] {
    const { grid, operator: { pixels } } = this.subject;
    const calls: KernelCall[] = [];
    for (let first = 0; first < count; first += callPatterns) {
      calls.push([
        "sketchF32",
        at(address, 4 * pixels * first),
        Math.min(callPatterns, count - first),
        grid.rows,
        grid.columns,
        1,
        this.#weights,
        nowhere,
        this.blocks,
        at(this.#projected, 4 * this.#columns * first),
        nowhere,
        0,
        0,
        ...scaling(counts),
        threadScratch,
      ]);
    }
    return calls;
  }

  /** Sums of the patterns times these products, which go on from part to part of the sample. */
  #adjoint({ address, first, count }: BinnedPatterns): KernelCall[] {
    const { pixels } = this.subject.operator;
    const calls: KernelCall[] = [];
    for (let from = 0; from < pixels; from += callPixels) {
      const to = Math.min(pixels, from + callPixels), more = first > 0 ? 1 : 0;
      calls.push([
        "sketchAdjoint",
        ...[address, count, pixels, from, to, this.#projected, this.blocks, this.#back, more] as const,
      ]);
    }
    return calls;
  }
}

/** The k-th eigenvector of a round in terms of what stands for its vectors. */
function turned({ turns }: Round, of: readonly Float64Array[], k: number): Float64Array {
  return combine(of, (i) => turns[i * of.length + k]);
}

/** Patterns as columns of weights, blocked as the kernels take them; whole blocks of columns. */
function blockedWeights(columns: readonly (Float64Array | null)[], pixels: number): Float32Array {
  const weights = new Float32Array(columns.length * pixels);
  columns.forEach((column, k) => {
    if (!column) return;
    const start = Math.floor(k / blockColumns) * pixels * blockColumns + k % blockColumns;
    for (let pixel = 0; pixel < pixels; pixel++) weights[start + pixel * blockColumns] = column[pixel];
  });
  return weights;
}

/**
 * Where blurred patterns are sampled. A blur of `sigma` pixels leaves so little above the frequency of one period in
 * 2 sigma pixels that inner products of blurred patterns need no more than every 3rd sample of an axis (sigma >= 3) or
 * every 2nd (sigma >= 2); tests/library/passes/sampling_test.ts says how large the error is for which patterns.
 */

import type { ScanShape } from "../../scan/shape.ts";
import { fitWeights } from "./quadrature.ts";

/** Largest distance of neighbouring samples; more would save little, since blurring costs more than comparing. */
export const largestStep = 3;
/** Smallest side of a detector that is sampled: on smaller ones the borders are everywhere. */
export const smallestSide = 64;
/** Nodes at either end of an axis whose weights are fitted. */
const fittedNodes = 16;
/** Smallest weight of a node: samples are multiplied with its root. */
const smallestWeight = 0.05;

/** Samples along one axis of a detector. */
export interface AxisSampling {
  /** Pixels along the axis. */
  readonly side: number;
  /** Distance of most neighbouring nodes. */
  readonly step: number;
  /** Pixels that are sampled, ascending. */
  readonly nodes: readonly number[];
  /** Positive weight of each node: sum(weight f(node)) stands for the sum of f over all pixels. */
  readonly weights: Float64Array;
}

/** Samples of a pattern: the nodes of the rows times those of the columns. */
export interface PatternSampling {
  /** Standard deviation of the blur in pixels. */
  readonly sigma: number;
  readonly rows: AxisSampling;
  readonly columns: AxisSampling;
}

/**
 * The samples that stand for patterns blurred by `sigma` pixels, or `undefined` where all pixels are needed: blurs of
 * less than 2 pixels, sides of less than 64.
 */
export function chooseSampling(
  shape: Pick<ScanShape, "patternRows" | "patternColumns">,
  sigma: number,
): PatternSampling | undefined {
  const step = Math.min(largestStep, Math.floor(sigma));
  const side = Math.min(shape.patternRows, shape.patternColumns);
  if (!(step >= 2) || side < smallestSide) return undefined;
  const rows = chooseAxis(shape.patternRows, step, sigma);
  const columns = shape.patternColumns === shape.patternRows
    ? rows
    : chooseAxis(shape.patternColumns, step, sigma);
  return { sigma, rows, columns };
}

/** Nodes of an axis `step` pixels apart, as far as its side allows, with weights for products of patterns blurred by `sigma`. */
export function chooseAxis(side: number, step: number, sigma: number): AxisSampling {
  const nodes = step === 2 ? everySecond(side) : everyThird(side);
  // To start with, each node stands for the pixels nearer to it than to others, mirrored nodes being others.
  const widths = nodes.map((node, i) =>
    ((nodes[i + 1] ?? 2 * side - 1 - node) - (nodes[i - 1] ?? -1 - node)) / 2
  );
  const free = nodes.map((_, i) => i).filter((i) => i < fittedNodes || i >= nodes.length - fittedNodes);
  const weights = fitWeights({ side, sigma, nodes }, widths, free, smallestWeight);
  return { side, step, nodes, weights };
}

/**
 * 1, 4, 7 ..: mirrored at the borders these stay 3 apart, and equal weights are exact but for modes that the blur takes
 * away. A side that leaves a remainder takes it up in one or two places, where gaps of 2 and 2 replace one of 3; of
 * the ways tried this has the least error.
 */
function everyThird(side: number): number[] {
  const gaps = new Array<number>((side - side % 3) / 3 - 1).fill(3);
  if (side % 3 >= 1) gaps.splice(narrowGaps, 1, 2, 2);
  if (side % 3 === 2) gaps.splice(gaps.length - 1 - narrowGaps, 1, 2, 2);
  return positions(1, gaps);
}

/** Where an axis takes up its remainder, in nodes from its end: away from the border and from the direct beam. */
const narrowGaps = 4;

/** 0, 1, 3, 5 .., likewise at the other end, and once more by a gap of 1 where the side is even. */
function everySecond(side: number): number[] {
  const middle = new Array<number>((side - 3 - (side % 2 ? 0 : 1)) / 2).fill(2);
  return positions(0, side % 2 ? [1, ...middle, 1] : [1, 1, ...middle, 1]);
}

function positions(first: number, gaps: readonly number[]): number[] {
  const nodes = [first];
  for (const gap of gaps) nodes.push(nodes[nodes.length - 1] + gap);
  return nodes;
}

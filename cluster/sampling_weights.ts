/** The weights of the correlative prefilter for sampled patterns. */

import { fitWeights } from "./quadrature.ts";
import type { AxisSampling, PatternSampling } from "./sampling.ts";
import { rowStride } from "./sampling_tables.ts";

/** Nodes beside a cut whose weights are fitted. */
const fittedNodes = 16;
/** Powers of the distance from the centre that the weights, and their squares, consist of. */
const powers = [0, 2, 4] as const;

/**
 * What the kernel `weightSamples` multiplies samples with, each laid out as the samples of a pattern.
 *
 * A sample is f = u sqrt(q), u being the blurred pattern and q the weight of its node. The kernel makes of it
 * g = (f gain - mean offset) / norm, with mean = sum(f share): inner products of g stand for those of the prefilter's
 * weighted patterns.
 */
export interface SampledWeights {
  /** Part of a sample in the weighted mean <u, w> / sum(w). */
  readonly shares: Float32Array;
  /** sqrt(Q / q), Q being the quadrature weight of products of patterns with w^2. */
  readonly gains: Float32Array;
  /** sqrt(Q). */
  readonly offsets: Float32Array;
}

/**
 * The weight function of the prefilter, w(q) = |q - q_mean|^2 / (Qy Qx) and zero within `edge` pixels of the border, as
 * quadrature weights at the nodes. The cut at the edge is taken up by the weights near it. Masked pixels have no
 * place here: a hole in the weights needs all pixels.
 */
export function sampledWeights(sampling: PatternSampling, edge: number): SampledWeights {
  const { rows, columns, sigma } = sampling;
  const rowParts = powers.map((power) => axisWeights(rows, sigma, edge, power));
  const columnParts = rows === columns
    ? rowParts
    : powers.map((power) => axisWeights(columns, sigma, edge, power));
  const stride = rowStride(rows), area = rows.side * columns.side;
  const [shares, gains, offsets] = [0, 1, 2].map(() => new Float32Array(columns.nodes.length * stride));
  const means = new Float64Array(shares.length);
  let total = 0;
  for (let j = 0; j < columns.nodes.length; j++) {
    const [c0, c2, c4] = columnParts.map((part) => part[j]);
    for (let i = 0; i < rows.nodes.length; i++) {
      const [r0, r2, r4] = rowParts.map((part) => part[i]);
      const root = Math.sqrt(rows.weights[i] * columns.weights[j]);
      const square = (r4 * c0 + 2 * r2 * c2 + r0 * c4) / area ** 2;
      const at = j * stride + i;
      const mean = (r2 * c0 + r0 * c2) / area;
      means[at] = mean / root;
      total += mean;
      gains[at] = Math.sqrt(square) / root;
      offsets[at] = Math.sqrt(square);
    }
  }
  // Divided by the sum of themselves, so that the mean of a constant pattern is that constant.
  means.forEach((mean, at) => shares[at] = mean / total);
  return { shares, gains, offsets };
}

/** Weights with which sums over the nodes stand for sums of |n - centre|^power f(n) over the pixels inside the edge. */
function axisWeights(axis: AxisSampling, sigma: number, edge: number, power: number): Float64Array {
  const { side, nodes, weights, step } = axis;
  const last = side - 1 - edge, middle = (side - 1) / 2;
  // Relative to the half side, so that all powers are fitted with numbers of one size.
  const factor = (pixel: number) => ((pixel - middle) / (side / 2)) ** power;
  const factors = Float64Array.from({ length: side }, (_, n) => n >= edge && n <= last ? factor(n) : 0);
  const start = nodes.map((node, i) => node >= edge && node <= last ? weights[i] * factor(node) : 0);
  const near = (node: number) => Math.min(node, side - 1 - node) - edge;
  const free = nodes.map((_, i) => i).filter((i) =>
    near(nodes[i]) >= -step && near(nodes[i]) < fittedNodes * step
  );
  // Square roots are wanted, so no weight may be negative.
  const fitted = fitWeights({ side, sigma, nodes, factors }, start, free, 0);
  return fitted.map((weight) => weight * (side / 2) ** power);
}

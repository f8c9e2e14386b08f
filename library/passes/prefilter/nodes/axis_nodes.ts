/** The nodes of one axis of the detector at which the prefilter weighs blurred patterns: where they lie and what they stand for. */

import { choleskyInPlace } from "./dense.ts";
import { BlurredAxis, type NodeQuadrature } from "./node_quadrature.ts";
import { blurTaps, type NodeTaps } from "./shifted_taps.ts";
import type { AxisStep } from "./step_window.ts";

/** Standard deviations of the blur by the distance of nodes, the coarsest first. */
const ratios = [1.125, 1.25, 1.5];
/** Largest part of the pixels of an axis that are nodes: beyond that all pixels cost little more. */
const mostNodes = 0.8;
/** Sides with nodes: below, a strip is wider than the detector; above, the tables take too long. */
const smallestSide = 16, largestSide = 1024;
/** Largest predicted error; correlations near the weight's range err by half of it at 300 electrons, by a tenth at 20,000. */
const largestError = 8e-6;
/** Where one more node may lie at either end: so far from the first pixel with weight. */
const besideStep = [-1, -0.5, 0, 0.5];
/** Less distance from a uniform node adds nothing. */
const leastDistance = 0.05;
/** Rows of the transform shorter than this part of a uniform node's are dropped. */
const negligible = 3e-3;

/** The nodes of an axis. */
export interface AxisNodes {
  readonly axis: AxisStep;
  /** Number of uniform nodes, at (i + 1/2) side / uniform - 1/2, which come first. */
  readonly uniform: number;
  /** Pixels between uniform nodes. */
  readonly spacing: number;
  /** Positions in pixels: the uniform nodes, then those beside the step. */
  readonly positions: Float64Array;
  /** What makes the blurred value at each. */
  readonly taps: readonly NodeTaps[];
  /** Nodes of the blocks at both ends, or of one block, from the interior outwards. */
  readonly blocks: readonly Int32Array[];
  /** float64 (kept, nodes of a block), upper triangular but for dropped rows: T with T^T T the block's form. */
  readonly transform: Float64Array;
  /** Rows of the transform. */
  readonly kept: number;
  /** Nodes outside the blocks: multiplied with the root of `spacing`. */
  readonly interior: Int32Array;
  /** Features along the axis: those of the first block, of the interior, of the second block. */
  readonly features: number;
  /** float64: weights of the nodes in the sum over all pixels with weight of I, and of I times the squared distance. */
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  /** Predicted error. */
  readonly error: number;
}

/** The coarsest nodes that are accurate enough; `null`: all pixels are needed. */
export function chooseAxisNodes(axis: AxisStep): AxisNodes | null {
  const { side, sigma, edge } = axis;
  if (side < smallestSide || side > largestSide || 2 * edge >= side || !(sigma > 0)) return null;
  const counts = ratios.map((ratio) => Math.ceil(side * ratio / sigma - 1e-9));
  if (counts[0] > mostNodes * side) return null;
  const blurred = new BlurredAxis(axis, blurTaps(sigma));
  for (const count of counts) {
    if (count > mostNodes * side) return null;
    const nodes = axisNodes(blurred, count);
    if (nodes.error <= largestError) return nodes;
  }
  return null;
}

/** Nodes of an axis, so many of them uniform, with those beside the step that make the error least. */
function axisNodes(blurred: BlurredAxis, uniform: number): AxisNodes {
  const { side, edge } = blurred.axis, spacing = side / uniform;
  const regular = Array.from({ length: uniform }, (_, i) => (i + 0.5) * spacing - 0.5);
  const places = [null, ...besideStep.map((by) => edge + by)].filter((place) =>
    place === null || place >= 0 && regular.every((x) => Math.abs(x - place) > leastDistance)
  );
  let best: { positions: Float64Array; found: NodeQuadrature } | undefined;
  for (const place of places) {
    const positions = Float64Array.from(place === null ? regular : [...regular, place, side - 1 - place]);
    const found = blurred.quadrature(positions, uniform);
    if (!best || found.error < 0.999 * best.found.error) best = { positions, found };
  }
  const { positions, found } = best!, size = found.blocks[0].length;
  const rows = transformRows(found.form, size, spacing);
  const inBlocks = new Set(found.blocks.flatMap((block) => Array.from(block)));
  const interior = Int32Array.from(regular.keys()).filter((node) => !inBlocks.has(node));
  return {
    axis: blurred.axis,
    uniform,
    spacing,
    positions,
    taps: blurred.taps(positions),
    blocks: found.blocks,
    transform: Float64Array.from(rows.flatMap((row) => Array.from(row))),
    kept: rows.length,
    interior,
    features: interior.length + found.blocks.length * rows.length,
    sums: found.sums,
    squares: found.squares,
    error: found.error,
  };
}

/** Rows of T, the transposed Cholesky factor of a form, without those that are next to nothing. */
function transformRows(form: Float64Array, size: number, spacing: number): Float64Array[] {
  const lower = form.slice();
  for (let i = 0; i < size; i++) lower[i * size + i] += 1e-10 * spacing;
  choleskyInPlace(lower, size);
  const rows = Array.from(
    { length: size },
    (_, k) => Float64Array.from({ length: size }, (_, i) => i < k ? 0 : lower[i * size + k]),
  );
  const least = negligible ** 2 * spacing;
  return rows.filter((row) => row.reduce((sum, x) => sum + x * x, 0) > least);
}

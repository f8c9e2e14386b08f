/**
 * Quadrature along one axis of a detector: weights at few nodes with which sums over the nodes stand for sums over all
 * pixels, for products of two blurred patterns.
 *
 * Under half-sample reflection such a product is a sum of modes cos(pi m (n + 1/2) / side). Each of its two factors was
 * damped by exp(-(pi k sigma / side)^2 / 2) in its mode k, so mode m of the product is damped by
 * exp(-(pi m sigma / (2 side))^2) at the least: that is how much an error in the sum of mode m counts.
 */

/** Modes damped below this are left out. */
const negligible = 1e-9;
/** Keeps weights that the modes do not determine near where they started. */
const ridge = 1e-9;
/** The mean of a product matters more than any single mode of it. */
const meanImportance = 10;

/** Where along an axis which products are known. */
export interface QuadratureTask {
  /** Pixels along the axis. */
  readonly side: number;
  /** Standard deviation of the blur in pixels. */
  readonly sigma: number;
  /** Pixels at which the products are known, ascending. */
  readonly nodes: readonly number[];
}

/**
 * Improves weights so that sum(weight_i f(node_i)) comes as near as possible to the sum of f over all pixels.
 *
 * @param start weights to start with, one per node
 * @param free indices of the nodes whose weights may change
 * @param least no free weight becomes less than this
 */
export function fitWeights(
  task: QuadratureTask,
  start: ArrayLike<number>,
  free: readonly number[],
  least: number,
): Float64Array {
  const modes = modesOf(task);
  const weights = Float64Array.from(start);
  let open = free;
  while (open.length > 0) {
    const fitted = leastSquares(modes, weights, open);
    const lowest = open.reduce((a, b) => fitted[a] < fitted[b] ? a : b);
    if (fitted[lowest] >= least) return fitted;
    // The one that would go furthest below is held, and the others make up for it.
    weights[lowest] = least;
    open = open.filter((index) => index !== lowest);
  }
  return weights;
}

/** A mode at the nodes and its sum over all pixels, both times how much it counts. */
interface Mode {
  readonly atNodes: Float64Array;
  readonly sum: number;
}

function modesOf({ side, sigma, nodes }: QuadratureTask): Mode[] {
  const count = 1 +
    Math.min(2 * side - 1, Math.ceil(2 * side * Math.sqrt(-Math.log(negligible)) / (Math.PI * sigma)));
  // cos(pi m (n + 1/2) / side) has period 4 side in m (2 n + 1).
  const period = 4 * side;
  const cosines = Float64Array.from({ length: period }, (_, k) => Math.cos(2 * Math.PI * k / period));
  return Array.from({ length: count }, (_, mode) => {
    const importance = mode === 0 ? meanImportance : Math.exp(-((Math.PI * mode * sigma / (2 * side)) ** 2));
    const value = (pixel: number) => importance * cosines[mode * (2 * pixel + 1) % period];
    // Over all pixels, every mode sums to zero but that of the mean.
    return { atNodes: Float64Array.from(nodes, value), sum: mode === 0 ? importance * side : 0 };
  });
}

function leastSquares(modes: readonly Mode[], weights: Float64Array, free: readonly number[]): Float64Array {
  const normal = free.map(() => new Float64Array(free.length));
  const right = new Float64Array(free.length);
  for (const { atNodes, sum } of modes) {
    const missing = weights.reduce((missing, weight, i) => missing - weight * atNodes[i], sum);
    for (let i = 0; i < free.length; i++) {
      const value = atNodes[free[i]];
      right[i] += value * missing;
      for (let j = 0; j <= i; j++) normal[i][j] += value * atNodes[free[j]];
    }
  }
  for (let i = 0; i < free.length; i++) normal[i][i] += ridge;
  const fitted = weights.slice();
  solve(normal, right).forEach((change, i) => fitted[free[i]] += change);
  return fitted;
}

/** Solves a positive definite system, of which the lower triangle is given (and overwritten), by Cholesky's method. */
function solve(lower: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length, x = right.slice();
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = lower[i][j];
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(sum) : sum / lower[j][j];
    }
    for (let k = 0; k < i; k++) x[i] -= lower[i][k] * x[k];
    x[i] /= lower[i][i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= lower[k][i] * x[k];
    x[i] /= lower[i][i];
  }
  return x;
}

/**
 * Quadrature of products of weighted patterns along one axis, from blurred values at the nodes.
 *
 * The sum over the pixels with weight is split by a smooth window that vanishes at the step: what the window leaves is summed
 * on the uniform nodes, which stay uniform when mirrored at the borders. The rest lies near the step, or everywhere where
 * there is no room for a window; there J = w (I - m) is interpolated from the nodes of a block. Blurred patterns, and those
 * times the square of the distance from the centre, are interpolated with least error: what blurs white noise is what both have
 * in common.
 */

import { addOuter, choleskyInPlace, largestEigenvalue, products, solveCholesky } from "./dense.ts";
import { type NodeTaps, shiftedTaps } from "./shifted_taps.ts";
import { type AxisStep, hardStep, hasWindow, riseWidth, smoothWindow } from "./step_window.ts";
import { reflected } from "../../features/gaussian.ts";

/** Part of the largest eigenvalue that keeps interpolation from asking too much of the nodes. */
const ridge = 1e-10;

/** Nodes that are interpolated together, from the interior outwards, and the rest of the weight that each pixel has there. */
interface Block {
  readonly nodes: Int32Array;
  readonly rest: Float64Array;
}

/** What the nodes of an axis stand for. */
export interface NodeQuadrature {
  /** Places of the nodes of each block, from the interior outwards; the same order at both ends. */
  readonly blocks: readonly Int32Array[];
  /** The form of a block, float64 (nodes, nodes). */
  readonly form: Float64Array;
  /** Weight of each node outside the blocks' forms: that of the smooth window. */
  readonly diagonal: Float64Array;
  /** float64: weights of the nodes in the sum over all pixels with weight of I, and of I times the squared distance. */
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  /** Predicted error: of the form for white noise, or of the sums of 1, c^2 and c^4, whichever is larger. */
  readonly error: number;
}

/** The blurred axis, which is the same for all choices of nodes. */
export class BlurredAxis {
  /** Distance of each pixel from the centre. */
  readonly distance: Float64Array;
  /** float64 (pixel, pixel): what each pixel is made of. */
  readonly matrix: Float64Array;
  readonly step: Float64Array;
  /** float64 (pixel, pixel): the exact form. */
  readonly #target: Float64Array;

  constructor(readonly axis: AxisStep, readonly blur: Float64Array) {
    const { side } = axis;
    this.distance = Float64Array.from({ length: side }, (_, pixel) => pixel - (side - 1) / 2);
    this.step = hardStep(axis);
    const radius = (blur.length - 1) / 2;
    this.matrix = this.spread(Array.from({ length: side }, (_, p) => ({ first: p - radius, values: blur })));
    this.#target = new Float64Array(side * side);
    for (let pixel = 0; pixel < side; pixel++) {
      if (this.step[pixel] > 0) addOuter(this.#target, this.matrix, pixel, side);
    }
  }

  /** float64 (node, pixel): what each node is made of; pixels beyond the ends are mirrored. */
  spread(taps: readonly NodeTaps[]): Float64Array {
    const { side } = this.axis, spread = new Float64Array(taps.length * side);
    taps.forEach(({ first, values }, node) => {
      values.forEach((tap, k) => spread[node * side + reflected(first + k, side)] += tap);
    });
    return spread;
  }

  /** Taps at positions in pixels. */
  taps(positions: Float64Array): NodeTaps[] {
    const known = new Map<number, Float64Array>();
    return Array.from(positions, (position) => {
      const base = Math.floor(position + 1e-9), key = Math.round((position - base) * 1e9);
      const values = known.get(key);
      if (!values) {
        const taps = shiftedTaps(this.blur, position);
        known.set(key, taps.values);
        return taps;
      }
      return { first: base - (this.blur.length - 1) / 2, values };
    });
  }

  /** @param uniform number of uniform nodes, which come first */
  quadrature(positions: Float64Array, uniform: number): NodeQuadrature {
    const { axis, distance } = this, { side } = axis, count = positions.length, spacing = side / uniform;
    const nodes = this.spread(this.taps(positions));
    const windowed = hasWindow(axis);
    const diagonal = Float64Array.from(
      positions,
      (x, i) => windowed && i < uniform ? spacing * smoothWindow(axis, x) : 0,
    );
    const fromCentre = positions.map((x) => x - (side - 1) / 2);
    const sums = diagonal.slice(), squares = diagonal.map((weight, i) => weight * fromCentre[i] ** 2);
    const blocks = this.#blocks(fromCentre, windowed);
    const forms = blocks.map(({ nodes: places, rest }) => {
      const size = places.length;
      const own = new Float64Array(size * side);
      places.forEach((node, i) => own.set(nodes.subarray(node * side, (node + 1) * side), i * side));
      const inner = products(own, size, own, size, side);
      const outer = products(this.matrix, side, own, size, side);
      const [total, total2] = this.#sums(inner, outer, size, rest);
      places.forEach((node, i) => {
        sums[node] += total[i];
        squares[node] += total2[i];
      });
      const at = Float64Array.from(places, (node) => (2 * fromCentre[node] / side) ** 2);
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) inner[i * size + j] *= 1 + at[i] * at[j];
        for (let p = 0; p < side; p++) outer[p * size + i] *= 1 + (2 * distance[p] / side) ** 2 * at[i];
      }
      return formOf(inner, outer, size, rest);
    });
    const places = blocks.map((block) => block.nodes);
    // The nodes outside both ends are summed with the window alone.
    const error = Math.max(
      this.#formError(nodes, count, places, forms, diagonal),
      this.#sumError(fromCentre, places, forms, diagonal),
    );
    // Both ends are each other's mirror images.
    const form = forms[0].slice();
    places[0].forEach((node, i) => form[i * places[0].length + i] += diagonal[node]);
    return { blocks: places, form, diagonal, sums, squares, error };
  }

  #blocks(fromCentre: Float64Array, windowed: boolean): Block[] {
    const { axis, distance, step } = this, { side, sigma, edge } = axis;
    const all = Array.from(fromCentre.keys());
    if (!windowed) {
      const nodes = all.toSorted((a, b) => Math.abs(fromCentre[a]) - Math.abs(fromCentre[b]) || a - b);
      return [{ nodes: Int32Array.from(nodes), rest: step }];
    }
    const reach = edge + riseWidth * sigma - (side - 1) / 2;
    const left = all.filter((i) => fromCentre[i] < reach && fromCentre[i] < -1e-6)
      .sort((a, b) => fromCentre[b] - fromCentre[a]);
    const right = left.map((i) =>
      all.reduce((a, b) =>
        Math.abs(fromCentre[b] + fromCentre[i]) < Math.abs(fromCentre[a] + fromCentre[i]) ? b : a
      )
    );
    const rest = step.map((value, pixel) => value - smoothWindow(axis, pixel));
    return [
      { nodes: Int32Array.from(left), rest: rest.map((value, pixel) => distance[pixel] < 0 ? value : 0) },
      { nodes: Int32Array.from(right), rest: rest.map((value, pixel) => distance[pixel] > 0 ? value : 0) },
    ];
  }

  /** Weights of a block's nodes in the sums of the rest. */
  #sums(inner: Float64Array, outer: Float64Array, size: number, rest: Float64Array): Float64Array[] {
    const lower = inverted(inner, size);
    return [0, 2].map((power) => {
      const sum = new Float64Array(size);
      rest.forEach((weight, pixel) => {
        const factor = weight * this.distance[pixel] ** power;
        for (let i = 0; i < size; i++) sum[i] += factor * outer[pixel * size + i];
      });
      solveCholesky(lower, size, sum);
      return sum;
    });
  }

  /** Frobenius norm of the error of the form for white noise, by its trace. */
  #formError(
    nodes: Float64Array,
    count: number,
    places: readonly Int32Array[],
    forms: readonly Float64Array[],
    diagonal: Float64Array,
  ): number {
    const { side } = this.axis, error = this.#target.map((value) => -value);
    const weighted = new Float64Array(count * side);
    for (let i = 0; i < count; i++) {
      for (let p = 0; p < side; p++) weighted[i * side + p] = diagonal[i] * nodes[i * side + p];
    }
    forms.forEach((form, block) => {
      const own = places[block], size = own.length;
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          const value = form[i * size + j], from = own[j] * side, to = own[i] * side;
          for (let p = 0; p < side; p++) weighted[to + p] += value * nodes[from + p];
        }
      }
    });
    for (let i = 0; i < count; i++) {
      for (let p = 0; p < side; p++) {
        const value = nodes[i * side + p];
        if (value === 0) continue;
        for (let q = 0; q < side; q++) error[p * side + q] += value * weighted[i * side + q];
      }
    }
    let trace = 0;
    for (let p = 0; p < side; p++) trace += this.#target[p * side + p];
    return Math.sqrt(error.reduce((sum, x) => sum + x * x, 0)) / trace;
  }

  /** Largest relative error of the forms of 1, c^2 and c^4, that is of J = 1, c, c^2 by themselves. */
  #sumError(
    fromCentre: Float64Array,
    places: readonly Int32Array[],
    forms: readonly Float64Array[],
    diagonal: Float64Array,
  ): number {
    const { side } = this.axis;
    return Math.max(...[0, 1, 2].map((power) => {
      const values = fromCentre.map((x) => (2 * x / side) ** power);
      let sum = values.reduce((total, value, i) => total + diagonal[i] * value * value, 0), exact = 0;
      forms.forEach((form, block) => {
        const own = places[block], size = own.length;
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) sum += form[i * size + j] * values[own[i]] * values[own[j]];
        }
      });
      this.step.forEach((inside, p) => exact += inside * (2 * this.distance[p] / side) ** (2 * power));
      return Math.abs(sum / exact - 1);
    }));
  }
}

/** Form of a block: interpolated values of the pixels, squared, times the rest of their weights. */
function formOf(inner: Float64Array, outer: Float64Array, size: number, rest: Float64Array): Float64Array {
  const lower = inverted(inner, size), form = new Float64Array(size * size);
  rest.forEach((weight, pixel) => {
    if (weight === 0) return;
    const values = outer.slice(pixel * size, (pixel + 1) * size);
    solveCholesky(lower, size, values);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) form[i * size + j] += weight * values[i] * values[j];
    }
  });
  return form;
}

/** Cholesky factor of a matrix with a small ridge. */
function inverted(matrix: Float64Array, size: number): Float64Array {
  const lower = matrix.slice(), more = ridge * largestEigenvalue(matrix, size);
  for (let i = 0; i < size; i++) lower[i * size + i] += more;
  choleskyInPlace(lower, size);
  return lower;
}

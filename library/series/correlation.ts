/**
 * Correlation coefficients of two maps at many shifts. Sums and squares of any area come from integral images, so that only
 * products are summed for each shift; probes that are not finite are few, and are taken out again one by one.
 */

/** A map of a frame: anything that differs from place to place and moves with the specimen. */
export interface FrameMap {
  /** Scan rows. */
  readonly rows: number;
  /** Scan columns. */
  readonly columns: number;
  /** (row, column) row-major; what is not finite takes no part. */
  readonly values: ArrayLike<number>;
}

/** Part of the squares below which what differs is rounding: such a map is flat. */
const flatPart = 1e-12;

/** A map that is compared at many shifts. */
export class ComparedMap {
  readonly rows: number;
  readonly columns: number;
  /** Values less their mean, 0 where they are not finite. */
  readonly values: Float64Array;
  /** Mean of what is finite. */
  readonly mean: number;
  /** Probes that are not finite, ascending, and whether a probe is finite. */
  readonly missing: Int32Array;
  readonly known: Uint8Array;
  /** Sum of the values, and of their squares, above and left of each corner (rows + 1, columns + 1). */
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;

  constructor({ rows, columns, values }: FrameMap) {
    this.rows = rows;
    this.columns = columns;
    const probes = rows * columns, missing: number[] = [];
    this.values = new Float64Array(probes);
    this.known = new Uint8Array(probes).fill(1);
    let sum = 0;
    for (let probe = 0; probe < probes; probe++) {
      const value = values[probe];
      if (Number.isFinite(value)) sum += value;
      else missing.push(probe), this.known[probe] = 0;
    }
    this.missing = Int32Array.from(missing);
    this.mean = missing.length < probes ? sum / (probes - missing.length) : 0;
    const width = columns + 1, sums = this.#sums = new Float64Array(width * (rows + 1));
    const squares = this.#squares = new Float64Array(sums.length);
    for (let row = 0; row < rows; row++) {
      let lineSum = 0, lineSquare = 0;
      for (let column = 0; column < columns; column++) {
        const probe = row * columns + column, corner = (row + 1) * width + column + 1;
        const value = this.values[probe] = this.known[probe] === 1 ? values[probe] - this.mean : 0;
        lineSum += value;
        lineSquare += value * value;
        sums[corner] = sums[corner - width] + lineSum;
        squares[corner] = squares[corner - width] + lineSquare;
      }
    }
  }

  /** Sum of the values of an area, and of their squares; ends are not part of it. */
  sumsOf(top: number, bottom: number, left: number, right: number): [sum: number, square: number] {
    const width = this.columns + 1;
    const of = (all: Float64Array) =>
      all[bottom * width + right] - all[top * width + right] - all[bottom * width + left] +
      all[top * width + left];
    return [of(this.#sums), of(this.#squares)];
  }
}

/**
 * Correlation coefficients of the areas that two maps have in common at shifts.
 *
 * @param shifts in whole scan steps: what is at p of the one map is compared with p + shift of the other
 * @returns one for each shift; 0 where either map is flat there, or nothing is in common
 */
export function correlations(
  before: ComparedMap,
  now: ComparedMap,
  shifts: readonly { readonly row: number; readonly column: number }[],
): Float64Array {
  const { rows, columns } = before, products = new Float64Array(shifts.length);
  // Line by line, so that lines are read from memory once for all shifts.
  for (let row = 0; row < rows; row++) {
    for (let shift = 0; shift < shifts.length; shift++) {
      const { row: down, column: right } = shifts[shift];
      if (row + down < 0 || row + down >= rows) continue;
      const from = row * columns + Math.max(0, -right), to = (row + 1) * columns - Math.max(0, right);
      products[shift] += lineProduct(before.values, from, to, now.values, down * columns + right);
    }
  }
  return products.map((product, shift) => coefficient(before, now, shifts[shift], product));
}

/** The coefficient at a shift, where the sum of the products is known. */
function coefficient(
  before: ComparedMap,
  now: ComparedMap,
  { row: down, column: right }: { readonly row: number; readonly column: number },
  product: number,
): number {
  const { rows, columns } = before, step = down * columns + right;
  const top = Math.max(0, -down), bottom = rows - Math.max(0, down);
  const left = Math.max(0, -right), end = columns - Math.max(0, right);
  if (bottom <= top || end <= left) return 0;
  let n = (bottom - top) * (end - left);
  let [sumOne, squareOne] = before.sumsOf(top, bottom, left, end);
  let [sumOther, squareOther] = now.sumsOf(top + down, bottom + down, left + right, end + right);
  const inside = (probe: number) => {
    const row = Math.floor(probe / columns), column = probe % columns;
    return row >= top && row < bottom && column >= left && column < end;
  };
  for (const probe of before.missing) {
    if (!inside(probe)) continue;
    const value = now.values[probe + step];
    n--;
    sumOther -= value;
    squareOther -= value * value;
  }
  for (const there of now.missing) {
    const row = Math.floor(there / columns) - down, column = there % columns - right;
    if (row < top || row >= bottom || column < left || column >= end) continue;
    const probe = row * columns + column, value = before.values[probe];
    // Where neither is finite the pair is out already.
    if (before.known[probe] === 0) continue;
    n--;
    sumOne -= value;
    squareOne -= value * value;
  }
  if (n <= 0) return 0;
  const whole = ({ mean }: ComparedMap, sum: number, square: number) =>
    square + 2 * mean * sum + n * mean * mean;
  const spread = (square: number, sum: number) => Math.max(0, square - sum * sum / n);
  const both = Math.sqrt(spread(squareOne, sumOne) * spread(squareOther, sumOther));
  const most = whole(before, sumOne, squareOne) * whole(now, sumOther, squareOther);
  if (!(both > flatPart * Math.sqrt(Math.max(0, most)))) return 0;
  return (product - sumOne * sumOther / n) / both;
}

/** Sum of the products of a line of one map with that of the other. */
function lineProduct(one: Float64Array, from: number, to: number, other: Float64Array, step: number): number {
  // Four sums at a time do not wait for each other.
  const whole = from + ((to - from) & ~3);
  let a = 0, b = 0, c = 0, d = 0, i = from;
  for (; i < whole; i += 4) {
    a += one[i] * other[i + step];
    b += one[i + 1] * other[i + 1 + step];
    c += one[i + 2] * other[i + 2 + step];
    d += one[i + 3] * other[i + 3 + step];
  }
  for (; i < to; i++) a += one[i] * other[i + step];
  return a + b + (c + d);
}

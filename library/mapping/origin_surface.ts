/** Smooth surfaces through the places of the direct beam, whatever some of the probes say. */

/** How the origin may move over the scan. */
export type OriginModel = "constant" | "plane" | "parabola";

/** Powers of the place of a probe. */
export type Terms = (probe: number) => number[];

/** Powers of a probe's place, scaled to -1 .. 1. */
export function termsOf(
  model: OriginModel,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Terms {
  return (probe) => {
    const row = 2 * Math.floor(probe / columns) / Math.max(1, rows - 1) - 1;
    const column = 2 * (probe % columns) / Math.max(1, columns - 1) - 1;
    if (model === "constant") return [1];
    // A scan of one row or column says nothing of the slope across it.
    const plane = [1, ...(rows > 1 ? [row] : []), ...(columns > 1 ? [column] : [])];
    if (model === "plane" || rows < 3 || columns < 3) return plane;
    return [...plane, row * row, row * column, column * column];
  };
}

/** Height of a surface. */
export function valueAt(coefficients: Float64Array, terms: readonly number[]): number {
  return terms.reduce((sum, term, index) => sum + term * coefficients[index], 0);
}

/** Least squares by the normal equations; they are small and well scaled. */
export function fitSurface(
  probes: readonly number[],
  terms: Terms,
  value: (probe: number) => number,
): Float64Array {
  const size = terms(0).length, matrix = Array.from({ length: size }, () => new Float64Array(size + 1));
  for (const probe of probes) {
    const powers = terms(probe), wanted = value(probe);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) matrix[i][j] += powers[i] * powers[j];
      matrix[i][size] += powers[i] * wanted;
    }
  }
  return eliminate(matrix);
}

/** Solves linear equations, each row with its right side at the end; a term that nothing decides is 0. */
function eliminate(matrix: Float64Array[]): Float64Array {
  const size = matrix.length;
  for (let step = 0; step < size; step++) {
    let pivot = step;
    for (let row = step + 1; row < size; row++) {
      if (Math.abs(matrix[row][step]) > Math.abs(matrix[pivot][step])) pivot = row;
    }
    [matrix[step], matrix[pivot]] = [matrix[pivot], matrix[step]];
    if (Math.abs(matrix[step][step]) < 1e-9) {
      matrix[step].fill(0);
      matrix[step][step] = 1;
    }
    for (let row = 0; row < size; row++) {
      if (row === step) continue;
      const factor = matrix[row][step] / matrix[step][step];
      for (let column = step; column <= size; column++) matrix[row][column] -= factor * matrix[step][column];
    }
  }
  return Float64Array.from(matrix, (row, index) => row[size] / row[index]);
}

/** Squares of the distances of measured places from two surfaces, one of rows and one of columns. */
export function squaredDistances(
  probes: readonly number[],
  terms: Terms,
  measured: Float32Array,
  [rows, columns]: readonly Float64Array[],
): Float64Array {
  return Float64Array.from(probes, (probe) => {
    const powers = terms(probe);
    const down = measured[2 * probe] - valueAt(rows, powers);
    const across = measured[2 * probe + 1] - valueAt(columns, powers);
    return down * down + across * across;
  });
}

/** Surfaces that are tried: with half of the probes wrong, one of 64 parabolas goes through right ones only. */
const tries = 400;
/** Probes by which they are judged. */
const judges = 1500;
/** What is nearer to each other than some of these, in pixels, is no other disk: the model may be too stiff. */
const finest = 0.5;

/**
 * The probes that lie near one surface, that from which half of the probes are least away: each surface that is tried goes
 * through as few probes as decide it, which are spread over all of them by the fractions of powers of one irrational number.
 */
export function agreeingProbes(known: readonly number[], terms: Terms, measured: Float32Array): number[] {
  const size = terms(known[0]).length, step = Math.max(1, Math.floor(known.length / judges));
  const judging = known.filter((_, index) => index % step === 0);
  const ratio = generalisedGoldenRatio(size);
  let best: readonly Float64Array[] = [], least = Infinity;
  for (let attempt = 1; attempt <= tries; attempt++) {
    const through = Array.from(
      { length: size },
      (_, term) => known[Math.floor((0.5 + attempt / ratio ** (term + 1)) % 1 * known.length)],
    );
    const surfaces = [0, 1].map((axis) => fitSurface(through, terms, (probe) => measured[2 * probe + axis]));
    const squares = squaredDistances(judging, terms, measured, surfaces).sort();
    const median = squares[squares.length >> 1];
    if (median < least) [best, least] = [surfaces, median];
  }
  // The median of squares of two coordinates is 2 ln 2 variances; few probes lie too near a surface through some of them.
  const variance = least / (2 * Math.LN2) * (1 + 5 / Math.max(1, judging.length - size)) ** 2;
  const squares = squaredDistances(known, terms, measured, best);
  return known.filter((_, index) => squares[index] <= 8 * Math.max(variance, finest * finest));
}

/** The root of x^(dimensions + 1) = x + 1: its powers spread points most evenly over so many dimensions. */
function generalisedGoldenRatio(dimensions: number): number {
  let ratio = 2;
  for (let round = 0; round < 60; round++) ratio = (1 + ratio) ** (1 / (dimensions + 1));
  return ratio;
}

/** Small matrices, float64, row-major; those that are factored are symmetric and positive definite. */

/** Rounds of the power iteration: the ridge that it sets needs one digit. */
const rounds = 40;

/** Lower triangle L of the matrix L L^T, in place; what is above the diagonal stays as it was. */
export function choleskyInPlace(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k] * matrix[j * size + k];
      matrix[i * size + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * size + j];
    }
  }
}

/** Solves L L^T x = right in place. */
export function solveCholesky(lower: Float64Array, size: number, x: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= lower[i * size + k] * x[k];
    x[i] = sum / lower[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < size; k++) sum -= lower[k * size + i] * x[k];
    x[i] = sum / lower[i * size + i];
  }
}

/** Largest eigenvalue of a positive definite matrix, to about one digit. */
export function largestEigenvalue(matrix: Float64Array, size: number): number {
  let vector = new Float64Array(size).fill(1 / Math.sqrt(size)), value = 0;
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) next[i] += matrix[i * size + j] * vector[j];
    }
    value = Math.sqrt(next.reduce((sum, x) => sum + x * x, 0));
    vector = next.map((x) => x / value);
  }
  return value;
}

/** Inner products of the rows of two matrices: float64 (rows of a, rows of b). Most numbers of `a` are zero. */
export function products(
  a: Float64Array,
  m: number,
  b: Float64Array,
  n: number,
  length: number,
): Float64Array {
  const result = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < length; k++) {
      const value = a[i * length + k];
      if (value === 0) continue;
      for (let j = 0; j < n; j++) result[i * n + j] += value * b[j * length + k];
    }
  }
  return result;
}

/** target += row row^T of one row of a matrix, most of which is zero. */
export function addOuter(target: Float64Array, matrix: Float64Array, row: number, side: number): void {
  const own = matrix.subarray(row * side, (row + 1) * side);
  for (let i = 0; i < side; i++) {
    if (own[i] === 0) continue;
    for (let j = 0; j < side; j++) target[i * side + j] += own[i] * own[j];
  }
}

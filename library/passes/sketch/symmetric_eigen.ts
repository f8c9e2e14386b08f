/** Eigenvalues of small symmetric matrices. */

/** More sweeps than any matrix of doubles needs. */
const mostSweeps = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations, largest eigenvalue first. Only square
 * roots and the four operations are used, so that every machine finds the same bits.
 *
 * @param matrix float64 (n, n) row-major; only read
 * @returns values, and vectors (n, n) with the k-th eigenvector in column k
 */
export function symmetricEigen(
  matrix: Float64Array,
  n: number,
): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice(), v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0, total = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        total += a[i * n + j] * a[i * n + j];
        if (i !== j) off += a[i * n + j] * a[i * n + j];
      }
    }
    if (!(off > 1e-30 * total)) break;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
    }
  }
  const order = Array.from({ length: n }, (_, k) => k).sort((x, y) => a[y * n + y] - a[x * n + x] || x - y);
  const values = Float64Array.from(order, (k) => a[k * n + k]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, k) => {
    for (let i = 0; i < n; i++) vectors[i * n + k] = v[i * n + from];
  });
  return { values, vectors };
}

/** Makes element (p, q) zero. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const element = a[p * n + q];
  if (element === 0) return;
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * element);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1), s = t * c;
  for (let i = 0; i < n; i++) {
    const x = a[i * n + p], y = a[i * n + q];
    a[i * n + p] = c * x - s * y;
    a[i * n + q] = s * x + c * y;
  }
  for (let i = 0; i < n; i++) {
    const x = a[p * n + i], y = a[q * n + i];
    a[p * n + i] = c * x - s * y;
    a[q * n + i] = s * x + c * y;
  }
  for (let i = 0; i < n; i++) {
    const x = v[i * n + p], y = v[i * n + q];
    v[i * n + p] = c * x - s * y;
    v[i * n + q] = s * x + c * y;
  }
}

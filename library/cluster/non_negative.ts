/** Least squares with non-negative unknowns, for a handful of them. */

/** Columns that leave less than this part of their squared length beyond the others depend on them. */
const leastPivot = 1e-9;

/**
 * The non-negative x that makes |A x - y| least, from the products A^T A and A^T y.
 *
 * The best x is the plain least-squares solution on the unknowns that are not 0. With n unknowns there are 2^n - 1 choices
 * of those, and all are tried: exact, and faster than an active-set method for n up to 4 or 5.
 *
 * @param gram A^T A, (n, n) row-major, symmetric
 * @param product A^T y, n numbers
 * @returns x; unknowns whose columns depend on others may be 0
 *
 * @see Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23
 */
export function nonNegativeSolution(gram: ArrayLike<number>, product: ArrayLike<number>): Float64Array {
  const unknowns = product.length;
  const best = new Float64Array(unknowns), solution = new Float64Array(unknowns);
  const chosen = new Int32Array(unknowns), lower = new Float64Array(unknowns * unknowns);
  let gain = 0;
  for (let choice = 1; choice < 2 ** unknowns; choice++) {
    let count = 0;
    for (let i = 0; i < unknowns; i++) if (choice >> i & 1) chosen[count++] = i;
    if (!solve(chosen, count, gram, product, lower, solution)) continue;
    // |y|^2 - |A x - y|^2 where x solves the normal equations.
    let reached = 0, allowed = true;
    for (let i = 0; i < count; i++) {
      if (solution[i] < 0) allowed = false;
      reached += solution[i] * product[chosen[i]];
    }
    if (!allowed || reached <= gain) continue;
    gain = reached;
    best.fill(0);
    for (let i = 0; i < count; i++) best[chosen[i]] = solution[i];
  }
  return best;
}

/**
 * Normal equations of the first `count` chosen unknowns by Cholesky's method.
 *
 * @param lower room for the triangle, as many numbers as `gram` has
 * @param solution where the unknowns are written
 * @returns whether they do not depend on each other
 */
function solve(
  chosen: Int32Array,
  count: number,
  gram: ArrayLike<number>,
  product: ArrayLike<number>,
  lower: Float64Array,
  solution: Float64Array,
): boolean {
  const unknowns = product.length;
  for (let i = 0; i < count; i++) {
    const row = chosen[i];
    for (let j = 0; j <= i; j++) {
      let value = gram[row * unknowns + chosen[j]];
      for (let k = 0; k < j; k++) value -= lower[i * unknowns + k] * lower[j * unknowns + k];
      if (i > j) lower[i * unknowns + j] = value / lower[j * unknowns + j];
      else if (value > leastPivot * gram[row * unknowns + row]) lower[i * unknowns + i] = Math.sqrt(value);
      else return false;
    }
    solution[i] = product[row];
  }
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < i; k++) solution[i] -= lower[i * unknowns + k] * solution[k];
    solution[i] /= lower[i * unknowns + i];
  }
  for (let i = count - 1; i >= 0; i--) {
    for (let k = i + 1; k < count; k++) solution[i] -= lower[k * unknowns + i] * solution[k];
    solution[i] /= lower[i * unknowns + i];
  }
  return true;
}

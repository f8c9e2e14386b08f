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
  let best = new Float64Array(unknowns), gain = 0;
  for (let choice = 1; choice < 2 ** unknowns; choice++) {
    const chosen = Array.from({ length: unknowns }, (_, i) => i).filter((i) => choice >> i & 1);
    const solution = solve(chosen, gram, product);
    if (solution === null || solution.some((value) => value < 0)) continue;
    // |y|^2 - |A x - y|^2 where x solves the normal equations.
    const reached = solution.reduce((sum, value, i) => sum + value * product[chosen[i]], 0);
    if (reached <= gain) continue;
    gain = reached;
    best = new Float64Array(unknowns);
    chosen.forEach((unknown, i) => best[unknown] = solution[i]);
  }
  return best;
}

/** Normal equations of the chosen unknowns by Cholesky's method; `null` where they depend on each other. */
function solve(
  chosen: readonly number[],
  gram: ArrayLike<number>,
  product: ArrayLike<number>,
): number[] | null {
  const unknowns = product.length;
  const lower: number[][] = [];
  for (const [i, row] of chosen.entries()) {
    lower.push([]);
    for (let j = 0; j <= i; j++) {
      let value = gram[row * unknowns + chosen[j]];
      for (let k = 0; k < j; k++) value -= lower[i][k] * lower[j][k];
      if (i > j) lower[i].push(value / lower[j][j]);
      else if (value > leastPivot * gram[row * unknowns + row]) lower[i].push(Math.sqrt(value));
      else return null;
    }
  }
  const solution = chosen.map((row) => product[row]);
  for (let i = 0; i < chosen.length; i++) {
    for (let k = 0; k < i; k++) solution[i] -= lower[i][k] * solution[k];
    solution[i] /= lower[i][i];
  }
  for (let i = chosen.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < chosen.length; k++) solution[i] -= lower[k][i] * solution[k];
    solution[i] /= lower[i][i];
  }
  return solution;
}

/** The few statistics that the tables of scores need. */

/**
 * Spearman's rank correlation; equal values share the mean of their ranks.
 *
 * @returns -1 to 1; NaN where all values of one side are equal
 */
export function spearman(first: readonly number[], second: readonly number[]): number {
  const a = ranks(first), b = ranks(second), mean = (a.length + 1) / 2;
  let product = 0, squareA = 0, squareB = 0;
  for (let index = 0; index < a.length; index++) {
    product += (a[index] - mean) * (b[index] - mean);
    squareA += (a[index] - mean) ** 2;
    squareB += (b[index] - mean) ** 2;
  }
  return product / Math.sqrt(squareA * squareB);
}

function ranks(values: readonly number[]): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const result = new Float64Array(values.length);
  for (let first = 0, end = 0; first < order.length; first = end) {
    while (end < order.length && values[order[end]] === values[order[first]]) end++;
    // Ranks begin at 1.
    for (let place = first; place < end; place++) result[order[place]] = (first + 1 + end) / 2;
  }
  return result;
}

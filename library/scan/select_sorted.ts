/** Values at given places of the sorted order, without sorting. */

/**
 * The value that sorting would put at `place` (0-based). Rearranges the values between `from` and the end, so that none
 * before `place` is larger and none after it smaller: further places can be asked for from there on.
 *
 * @param values without NaN
 * @param from first place that may be touched; those before are known to hold the smallest values
 */
export function selectSorted(values: Float64Array, place: number, from = 0): number {
  // Quickselect (Hoare 1961) with the middle value of three as pivot.
  let low = from, high = values.length - 1;
  while (low < high) {
    const pivot = middle(values[low], values[(low + high) >> 1], values[high]);
    let left = low, right = high;
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left > right) break;
      const value = values[left];
      values[left++] = values[right];
      values[right--] = value;
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else break;
  }
  return values[place];
}

function middle(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

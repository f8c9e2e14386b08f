/** Room between words that stand beside what they are about. Pure. */

/**
 * Places in one direction moved as little apart as one after the other can be, so that words there do not lie on each other. Their
 * order stays, ties in the order in which they are given. Where there is no room for all, they have what there is.
 *
 * @param places wanted, in pixels
 * @param least from one to the next
 * @param low the first place that there is
 * @param high the last one
 */
export function spread(places: readonly number[], least: number, low: number, high: number): number[] {
  const order = Array.from(places.keys()).sort((a, b) => places[a] - places[b] || a - b);
  const step = Math.min(least, (high - low) / Math.max(1, places.length - 1));
  const moved = [...places];
  let free = low;
  for (const place of order) {
    moved[place] = Math.max(places[place], free);
    free = moved[place] + step;
  }
  free = high;
  for (const place of order.reverse()) {
    moved[place] = Math.min(moved[place], free);
    free = moved[place] - step;
  }
  return moved;
}

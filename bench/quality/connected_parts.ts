/** Takes apart the classes of a label map that lie in several places. */

import { ProbeGroups } from "../../library/cluster/forest.ts";

/**
 * Labels in which each connected part of a class, diagonal neighbours included, has a number of its own. Regions are
 * connected, so that nobody can find two islands of the same pattern as one.
 *
 * @param labels (row, column) row-major; negative = none, which stays one class, -1
 */
export function connectedParts(labels: Int32Array, columns: number): Int32Array {
  const groups = new ProbeGroups(labels.length);
  labels.forEach((label, probe) => {
    const column = probe % columns;
    for (const [down, right] of [[0, 1], [1, -1], [1, 0], [1, 1]]) {
      const other = probe + down * columns + right;
      if (column + right < 0 || column + right >= columns || labels[other] !== label) continue;
      groups.join(groups.find(probe), groups.find(other));
    }
  });
  const numbers = new Map<number, number>();
  return labels.map((label, probe) => {
    if (label < 0) return -1;
    const root = groups.find(probe);
    if (!numbers.has(root)) numbers.set(root, numbers.size);
    return numbers.get(root)!;
  });
}

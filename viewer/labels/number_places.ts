/** Where the number of a cluster is written: as deep within it as can be. Pure. */

/** A place within a cluster. */
export interface NumberPlace {
  readonly row: number;
  readonly column: number;
  /** Probes to the nearest one of another cluster, or to the border of the scan, in steps along rows and columns. */
  readonly depth: number;
}

/**
 * The deepest probe of each cluster; of equal ones the first.
 *
 * @param labels int32 (row, column), -1 in no cluster
 * @param count of clusters
 */
export function numberPlaces(labels: Int32Array, columns: number, count: number): NumberPlace[] {
  const rows = labels.length / columns, depth = new Int32Array(labels.length).fill(1);
  const same = (probe: number, other: number) => labels[probe] === labels[other];
  // From the border of each cluster inwards, once from above and left, once from below and right.
  for (let probe = 0; probe < labels.length; probe++) {
    const up = probe >= columns && same(probe, probe - columns) ? depth[probe - columns] : 0;
    const left = probe % columns > 0 && same(probe, probe - 1) ? depth[probe - 1] : 0;
    depth[probe] = 1 + Math.min(up, left);
  }
  const places = Array.from({ length: count }, (): NumberPlace => ({ row: 0, column: 0, depth: 0 }));
  for (let probe = labels.length - 1; probe >= 0; probe--) {
    const row = Math.floor(probe / columns), column = probe % columns;
    const down = row + 1 < rows && same(probe, probe + columns) ? depth[probe + columns] : 0;
    const right = column + 1 < columns && same(probe, probe + 1) ? depth[probe + 1] : 0;
    depth[probe] = Math.min(depth[probe], 1 + Math.min(down, right));
    const id = labels[probe];
    if (id >= 0 && depth[probe] >= places[id].depth) places[id] = { row, column, depth: depth[probe] };
  }
  return places;
}

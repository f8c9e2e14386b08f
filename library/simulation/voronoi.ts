/** Voronoi cells on a regular grid. */

/** A point that owns what is nearest to it. */
export interface Site {
  readonly row: number;
  readonly column: number;
  /** Taken from the distance, so that its cell grows at its neighbours' expense. */
  readonly headStart: number;
}

/** A regular grid of points: `origin + index * step` along both axes. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly origin: number;
  readonly step: number;
}

/** Grid points along the side of a block that shares one list of candidate sites. */
const blockSize = 16;

/**
 * The index of the nearest site (distance less head start; the first of equals) for each grid point, (row, column)
 * row-major.
 */
export function nearestSites(sites: readonly Site[], grid: Grid): Int32Array {
  const nearest = new Int32Array(grid.rows * grid.columns);
  const distances = new Float64Array(sites.length);
  const half = (blockSize - 1) / 2;
  const halfDiagonal = half * Math.SQRT2 * grid.step;
  for (let blockRow = 0; blockRow < grid.rows; blockRow += blockSize) {
    for (let blockColumn = 0; blockColumn < grid.columns; blockColumn += blockSize) {
      const middleRow = grid.origin + (blockRow + half) * grid.step;
      const middleColumn = grid.origin + (blockColumn + half) * grid.step;
      let smallest = Infinity;
      for (let s = 0; s < sites.length; s++) {
        distances[s] = distance(sites[s], middleRow, middleColumn);
        smallest = Math.min(smallest, distances[s]);
      }
      // Within the block a distance differs from the middle's by at most the half diagonal.
      const candidates = [...sites.keys()].filter((s) => distances[s] <= smallest + 2.001 * halfDiagonal);
      const endRow = Math.min(grid.rows, blockRow + blockSize);
      const endColumn = Math.min(grid.columns, blockColumn + blockSize);
      for (let row = blockRow; row < endRow; row++) {
        for (let column = blockColumn; column < endColumn; column++) {
          const y = grid.origin + row * grid.step, x = grid.origin + column * grid.step;
          let best = candidates[0], least = Infinity;
          for (const s of candidates) {
            const d = distance(sites[s], y, x);
            if (d < least) {
              least = d;
              best = s;
            }
          }
          nearest[row * grid.columns + column] = best;
        }
      }
    }
  }
  return nearest;
}

function distance(site: Site, row: number, column: number): number {
  const y = row - site.row, x = column - site.column;
  return Math.sqrt(y * y + x * x) - site.headStart;
}

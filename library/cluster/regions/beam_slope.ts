/**
 * The slope of the bright field over a background. Liquid and support grow thicker from one side of a scan to the other and are
 * darker there, by as much as crystals are: next to a slope the same shade means one thing on the left and another on the right.
 */

/** A background that covers less than this part of the scan says too little of the rest. */
const leastCoverage = 0.1;
/** What lies below the plane by more than this many times the spread of what lies above is a crystal, not the background. */
const mostBelow = 3;
/** Rounds in which the plane is found by what is not a crystal. */
const rounds = 12;

/** A plane over the scan, by its slopes; 0 in the mean over the background. */
interface Slope {
  readonly row: number;
  readonly column: number;
  readonly middleRow: number;
  readonly middleColumn: number;
  readonly level: number;
}

/**
 * A bright field without the plane through its background. Crystals in the background only darken it, so that the plane is
 * fitted again and again to what does not lie far below it.
 *
 * @param beam electrons, float32 (row, column)
 * @param map uint8 (row, column): 1 in the background
 * @returns electrons, as they would be were the background everywhere as in its middle; the same where that is too small
 */
export function withoutSlope(beam: Float32Array, map: Uint8Array, columns: number): Float32Array {
  const all = Array.from(map.keys()).filter((probe) => map[probe] === 1);
  if (all.length < leastCoverage * map.length) return beam;
  let taken = all, slope: Slope | null = null;
  for (let round = 0; round < rounds; round++) {
    const found = slopeOf(beam, taken, columns);
    if (found === null) break;
    slope = found;
    const rest = (probe: number) => beam[probe] - found.level - heightAt(found, probe, columns);
    let squares = 0, above = 0;
    for (const probe of taken) {
      const beyond = rest(probe);
      if (!(beyond > 0)) continue;
      squares += beyond * beyond;
      above++;
    }
    const least = -mostBelow * Math.sqrt(squares / Math.max(1, above));
    const next = all.filter((probe) => rest(probe) >= least);
    if (next.length === taken.length && next.every((probe, i) => probe === taken[i])) break;
    taken = next;
  }
  const fitted = slope;
  return fitted === null ? beam : beam.map((value, probe) => value - heightAt(fitted, probe, columns));
}

/** How far the plane is above its middle. */
function heightAt(slope: Slope, probe: number, columns: number): number {
  const row = Math.floor(probe / columns), column = probe - row * columns;
  return slope.row * (row - slope.middleRow) + slope.column * (column - slope.middleColumn);
}

/** The plane of least squares; `null` through probes of one line. */
function slopeOf(beam: Float32Array, probes: readonly number[], columns: number): Slope | null {
  let middleRow = 0, middleColumn = 0, level = 0;
  for (const probe of probes) {
    middleRow += Math.floor(probe / columns);
    middleColumn += probe % columns;
    level += beam[probe];
  }
  middleRow /= probes.length, middleColumn /= probes.length, level /= probes.length;
  let rows = 0, both = 0, across = 0, withRow = 0, withColumn = 0;
  for (const probe of probes) {
    const down = Math.floor(probe / columns) - middleRow, right = probe % columns - middleColumn;
    const beyond = beam[probe] - level;
    rows += down * down, both += down * right, across += right * right;
    withRow += down * beyond, withColumn += right * beyond;
  }
  const determinant = rows * across - both * both;
  if (!(determinant > 1e-9 * rows * across)) return null;
  return {
    row: (across * withRow - both * withColumn) / determinant,
    column: (rows * withColumn - both * withRow) / determinant,
    middleRow,
    middleColumn,
    level,
  };
}

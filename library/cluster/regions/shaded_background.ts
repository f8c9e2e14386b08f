/**
 * A background as the bright field has it. Off their reflections crystals scatter next to nothing that a pattern shows, but they
 * still take electrons from the direct beam; and near strong crystals the tails of a pattern reach beyond the crystal, while the
 * direct beam there is as bright as anywhere beside it.
 */

import type { Sketch } from "../../passes/sketch/sketch.ts";
import { withoutSlope } from "./beam_slope.ts";
import { neighboursOf } from "./grid.ts";
import { smoothBeam, smoothedError } from "./shade.ts";

/** The bright part of a background says what it looks like: this quantile, since crystals that were taken for it are darker. */
const openQuantile = 0.75;
/** Support and liquid change slowly: they are compared within this many rows and columns, of at least so many probes. */
const localReach = 10, leastLocal = 8;
/** Neighbours are alike, so that levels are taken for blocks of so many rows and columns, of one probe of each. */
const block = 2;
/** Rounds in which what is dark is found by what is not. */
const rounds = 3;
/** A probe is dark from this part of the usual contrast of crystals on, where that is at least so many standard errors, ... */
const darkPart = 0.25, darkErrors = 4, mostPart = 0.5;
/** ... and open below this part, where that is at least so many standard errors. */
const openPart = 0.15, openErrors = 3;
/**
 * A crystal that is too large to be compared within the reach drops by this part of the contrast across its border: the middle
 * between the largest drop of support and liquid on tuning scans (0.318) and the least of a crystal that is told (0.391), ...
 */
const leastDrop = 0.355;
/** ... between these distances from it, in rows or columns whichever is more. */
const dropFrom = 2, dropTo = 4;
/** One that touches only crystals has so many probes and this part of the contrast. */
const leastEnclosed = 30, enclosedPart = 0.8;

/** The smoothed bright field without its slope, and what crystals take of it. */
interface BrightField {
  readonly rows: number;
  readonly columns: number;
  readonly beam: Float32Array;
  /** What the bright part of the whole background has, and how much less the usual crystal. */
  readonly level: number;
  readonly contrast: number;
  /** So much less than the background beside it makes a probe dark. */
  readonly limit: number;
}

/** What the bright field says of a background. */
export interface ShadedBackground {
  /** uint8 (row, column): 1 in the background without the crystals that are as dark as others. */
  readonly map: Uint8Array;
  /** uint8 (row, column): 1 where a probe is as bright as the background near it. */
  readonly open: Uint8Array;
}

/**
 * Looks at a background in the bright field.
 *
 * @param inside uint8 (row, column): 1 where a probe takes part
 * @param map uint8 (row, column): 1 in the background
 * @returns the same background, and nothing that is open, where the bright field tells nothing
 */
export function shadedBackground(sketch: Sketch, inside: Uint8Array, map: Uint8Array): ShadedBackground {
  const { rows, columns } = sketch, unknown = { map, open: new Uint8Array(map.length) };
  const smoothed = smoothBeam(sketch, (probe) => inside[probe] === 1);
  if (smoothed === null) return unknown;
  const beam = withoutSlope(smoothed, map, columns);
  const of = (value: number) => beam.filter((_, probe) => inside[probe] === 1 && map[probe] === value).sort();
  const bright = of(1), crystals = of(0);
  if (bright.length === 0 || crystals.length === 0) return unknown;
  const level = quantileOf(bright, openQuantile), contrast = level - quantileOf(crystals, 0.5);
  const error = smoothedError * Math.sqrt(Math.max(level, 0));
  const limit = Math.max(darkPart * contrast, darkErrors * error);
  if (!(limit < mostPart * contrast)) return unknown;
  const field = { rows, columns, beam, level, contrast, limit };
  let plain = map, quantile = openQuantile;
  for (let round = 0; round < rounds; round++) {
    plain = withoutDark(map, localShade(field, plain, map, quantile), field);
    quantile = 0.5;
  }
  plain = withoutLarge(plain, field);
  const shade = localShade(field, plain, plain, quantile);
  const tells = openPart * contrast > openErrors * error;
  return {
    map: plain,
    open: plain.map((taken, probe) => taken === 1 && tells && shade[probe] < openPart * contrast ? 1 : 0),
  };
}

/** How much darker probes of a map are than the background near them; levels are taken in the middles of small blocks. */
function localShade(
  { rows, columns, beam, level }: BrightField,
  background: Uint8Array,
  wanted: Uint8Array,
  quantile: number,
): Float32Array {
  const near = new Float32Array((2 * localReach + 1) ** 2), shade = new Float32Array(beam.length);
  const levelAt = (row: number, column: number) => {
    let count = 0;
    for (let y = Math.max(0, row - localReach); y <= Math.min(rows - 1, row + localReach); y += block) {
      const end = y * columns + Math.min(columns - 1, column + localReach);
      for (let other = y * columns + Math.max(0, column - localReach); other <= end; other += block) {
        if (background[other] === 1) near[count++] = beam[other];
      }
    }
    return count < leastLocal ? level : quantileOf(near.subarray(0, count).sort(), quantile);
  };
  for (let top = 0; top < rows; top += block) {
    for (let left = 0; left < columns; left += block) {
      const here = levelAt(Math.min(rows - 1, top + block / 2), Math.min(columns - 1, left + block / 2));
      for (let y = top; y < Math.min(rows, top + block); y++) {
        for (let x = left; x < Math.min(columns, left + block); x++) {
          if (wanted[y * columns + x] === 1) shade[y * columns + x] = here - beam[y * columns + x];
        }
      }
    }
  }
  return shade;
}

/** A background without the dark probes of squares of three by three. */
function withoutDark(map: Uint8Array, shade: Float32Array, field: BrightField): Uint8Array {
  const dark = darkSquares(map, shade, field);
  return map.map((taken, probe) => taken === 1 && dark[probe] === 0 ? 1 : 0);
}

/** 1 for dark probes of a background in squares of three by three, which end with the scan. */
function darkSquares(
  map: Uint8Array,
  shade: Float32Array,
  { rows, columns, limit }: BrightField,
): Uint8Array {
  const kept = new Uint8Array(map.length), around = new Int32Array(8);
  const dark = (probe: number) => map[probe] === 1 && shade[probe] > limit;
  for (let probe = 0; probe < map.length; probe++) {
    if (!dark(probe)) continue;
    const square = around.subarray(0, neighboursOf(probe, rows, columns, around));
    if (!square.every(dark)) continue;
    kept[probe] = 1;
    for (const other of square) kept[other] = 1;
  }
  return kept;
}

/** A background without connected pieces that are dark by the whole of it, and end as sharply as crystals do. */
function withoutLarge(map: Uint8Array, field: BrightField): Uint8Array {
  const { rows, columns, beam, level } = field;
  const dark = darkSquares(map, beam.map((value) => level - value), field);
  const rest = map.map((taken, probe) => taken === 1 && dark[probe] === 0 ? 1 : 0);
  const fromRest = distancesFrom(rest, rows, columns);
  const left = map.slice(), seen = new Uint8Array(map.length), around = new Int32Array(8);
  for (let start = 0; start < map.length; start++) {
    if (dark[start] === 0 || seen[start] === 1) continue;
    const piece = [start];
    seen[start] = 1;
    for (let next = 0; next < piece.length; next++) {
      const found = neighboursOf(piece[next], rows, columns, around);
      for (let i = 0; i < found; i++) {
        if (dark[around[i]] === 0 || seen[around[i]] === 1) continue;
        seen[around[i]] = 1;
        piece.push(around[i]);
      }
    }
    if (!isCrystal(piece, rest, fromRest, field)) continue;
    for (const probe of piece) left[probe] = 0;
  }
  return left;
}

/** Whether the bright field drops at the border of a dark piece; where nothing but crystals is near, whether it is dark enough. */
function isCrystal(
  piece: readonly number[],
  rest: Uint8Array,
  fromRest: Uint8Array,
  { rows, columns, beam, level, contrast }: BrightField,
): boolean {
  // What counts lies near the piece: a window around it is enough.
  const rowOf = (probe: number) => Math.floor(probe / columns);
  let top = rows, bottom = 0, first = columns, last = 0;
  for (const probe of piece) {
    const row = rowOf(probe), column = probe - row * columns;
    top = Math.min(top, row), bottom = Math.max(bottom, row);
    first = Math.min(first, column), last = Math.max(last, column);
  }
  top = Math.max(0, top - dropTo), bottom = Math.min(rows - 1, bottom + dropTo);
  first = Math.max(0, first - dropTo), last = Math.min(columns - 1, last + dropTo);
  const height = bottom - top + 1, width = last - first + 1, mine = new Uint8Array(height * width);
  const window = (at: number) => (top + Math.floor(at / width)) * columns + first + at % width;
  for (const probe of piece) {
    const row = rowOf(probe);
    mine[(row - top) * width + probe - row * columns - first] = 1;
  }
  const distances = distancesFrom(mine, height, width);
  const values = Float32Array.from(mine, (_, at) => beam[window(at)]);
  const outside = meanOver(values, Uint8Array.from(mine, (_, at) => rest[window(at)]), distances);
  const within = meanOver(values, mine, Uint8Array.from(mine, (_, at) => fromRest[window(at)]));
  if (outside !== null && within !== null) return outside - within > leastDrop * contrast;
  const mean = piece.reduce((sum, probe) => sum + beam[probe], 0) / piece.length;
  return piece.length >= leastEnclosed && level - mean > enclosedPart * contrast;
}

/** Mean of the values in a map at the distances at which a drop is told; `null` where there are none. */
function meanOver(values: Float32Array, map: Uint8Array, distances: Uint8Array): number | null {
  let sum = 0, count = 0;
  values.forEach((value, probe) => {
    if (map[probe] === 0 || distances[probe] < dropFrom || distances[probe] > dropTo) return;
    sum += value;
    count++;
  });
  return count > 0 ? sum / count : null;
}

/** Distance from a map in rows or columns, whichever is more; one more than the largest that counts where it is larger. */
function distancesFrom(map: Uint8Array, rows: number, columns: number): Uint8Array {
  const distances = map.map((taken) => taken === 1 ? 0 : dropTo + 1), around = new Int32Array(8);
  for (let distance = 1; distance <= dropTo; distance++) {
    const before = distances.slice();
    for (let probe = 0; probe < map.length; probe++) {
      if (before[probe] <= distance) continue;
      const found = neighboursOf(probe, rows, columns, around);
      for (let i = 0; i < found; i++) if (before[around[i]] === distance - 1) distances[probe] = distance;
    }
  }
  return distances;
}

/** A quantile of rising values. */
function quantileOf(sorted: Float32Array, quantile: number): number {
  return sorted[Math.floor(quantile * (sorted.length - 1))];
}

/**
 * How far the specimen moved from one frame to the next: where two maps of a property of the specimen agree best. (Phase
 * correlation, which whitens, fails where noise is strong and particles move.)
 */

import { demandArgument } from "../scan/demand.ts";
import { ComparedMap, correlations, type FrameMap } from "./correlation.ts";

export type { FrameMap } from "./correlation.ts";

/** Maps of this many probes or fewer are compared probe by probe; larger ones on sums of 4 x 4 probes first. */
const directProbes = 128 * 128;
/** Probes, per side, that are summed, and how far the result is sought again in single probes. */
const coarse = 4, fineReach = 3;
/** Agreement from which a shift is believed: maps of different specimens reach 0.29, of one specimen at least 0.33. */
const leastAgreement = 0.3;

/** Agreements that differ by less are equal. */
const equal = 1e-9;

/** A movement of the specimen, in scan steps: down and to the right. */
export interface Drift {
  /** Down. */
  readonly row: number;
  /** To the right. */
  readonly column: number;
}

/** The step between two frames. */
export interface DriftStep extends Drift {
  /** Agreement there: the correlation coefficient of the common area, -1 to 1, mean over the maps. */
  readonly agreement: number;
  /** Whether that is enough; a step that is not trusted is 0. */
  readonly trusted: boolean;
}

/** How far a step is sought by default: a sixth of the scan, from 8 to 16 scan steps. */
export function usualReach({ rows, columns }: Pick<FrameMap, "rows" | "columns">): number {
  return Math.max(8, Math.min(16, Math.floor(Math.min(rows, columns) / 6)));
}

/**
 * Finds the step: what was at probe p is at p + step. Each map of the one frame is compared with the same of the other.
 *
 * @param reach largest step along either axis, in scan steps
 * @throws {RangeError} when there are no maps, or they are not of one size
 * @throws {BadParameter} when the reach is no number of steps
 *
 * @example
 * ```ts
 * import { measureDrift } from "crystallite";
 *
 * const map = (down: number) => ({
 *   rows: 24,
 *   columns: 24,
 *   values: Float32Array.from({ length: 576 }, (_, i) => Math.sin((Math.floor(i / 24) - down) / 3) * Math.cos(i % 24)),
 * });
 * const { row, trusted } = measureDrift([map(0)], [map(2)]);
 * console.assert(trusted && Math.abs(row - 2) < 0.1);
 * ```
 */
export function measureDrift(
  before: readonly FrameMap[],
  now: readonly FrameMap[],
  reach?: number,
): DriftStep {
  const { rows, columns } = before[0] ?? {};
  if (
    before.length === 0 || [...before, ...now].some((map) => map.rows !== rows || map.columns !== columns)
  ) {
    throw new RangeError("drift is found of maps of one size, at least one");
  }
  const farthest = reach ?? usualReach(before[0]);
  demandArgument(farthest >= 0, "reach", "a number of scan steps from 0", farthest);
  // Half of a map at least stays in common.
  const most = Math.min(farthest, Math.floor((Math.min(rows, columns) - 1) / 2));
  const pairs = before.map((map, index) => [map, now[index]] as const);
  if (rows * columns <= directProbes) {
    return stepAt(new Agreements(pairs, most, { row: 0, column: 0 }).everywhere());
  }
  const summed = pairs.map(([one, other]) => [sums(one), sums(other)] as const);
  const rough = stepAt(
    new Agreements(summed, Math.ceil(most / coarse), { row: 0, column: 0 }).everywhere(),
    -1,
  );
  const about = { row: Math.round(coarse * rough.row), column: Math.round(coarse * rough.column) };
  return stepAt(new Agreements(pairs, fineReach, about).uphill());
}

/** Agreement of maps at shifts about one: at every one within reach, or at those on the way to the best. */
class Agreements {
  readonly side: number;
  /** NaN where it was not asked for. */
  readonly values: Float64Array;
  readonly #pairs: readonly (readonly [ComparedMap, ComparedMap])[];

  constructor(
    pairs: readonly (readonly [FrameMap, FrameMap])[],
    readonly reach: number,
    readonly about: { readonly row: number; readonly column: number },
  ) {
    this.side = 2 * reach + 1;
    this.values = new Float64Array(this.side * this.side).fill(NaN);
    this.#pairs = pairs.map(([before, now]) => [new ComparedMap(before), new ComparedMap(now)] as const);
  }

  at(row: number, column: number): number {
    return this.values[row * this.side + column];
  }

  /** Asks for all within reach. */
  everywhere(): this {
    this.#ask(Array.from(this.values.keys()));
    return this;
  }

  /** Asks about the middle, and goes on to where maps agree best as long as they agree better there. */
  uphill(): this {
    const { side } = this;
    for (let place = this.values.length >> 1, last = -1; place !== last;) {
      last = place;
      const row = Math.floor(place / side), column = place % side;
      const rows = [row - 1, row, row + 1], columns = [column - 1, column, column + 1];
      const around = rows.flatMap((y) => columns.map((x) => ({ x, y })))
        .filter(({ x, y }) => x >= 0 && x < side && y >= 0 && y < side)
        .map(({ x, y }) => y * side + x);
      this.#ask(around.filter((other) => Number.isNaN(this.values[other])));
      place = bestOf(this);
    }
    return this;
  }

  #ask(places: readonly number[]): void {
    const { about, reach, side, values } = this;
    const shifts = places.map((place) => ({
      row: about.row - reach + Math.floor(place / side),
      column: about.column - reach + place % side,
    }));
    for (const place of places) values[place] = 0;
    for (const [before, now] of this.#pairs) {
      correlations(before, now, shifts).forEach((value, i) => {
        values[places[i]] += value / this.#pairs.length;
      });
    }
  }
}

/** Where maps agree best of what was asked for; of shifts that agree equally, as along stripes, the shortest. */
function bestOf({ values, side, reach, about }: Agreements): number {
  const length = (place: number) =>
    Math.hypot(about.row + Math.floor(place / side) - reach, about.column + place % side - reach);
  let best = values.findIndex((value) => !Number.isNaN(value));
  for (let place = best + 1; place < values.length; place++) {
    const better = values[place] - values[best];
    if (better > equal || better > -equal && length(place) < length(best)) best = place;
  }
  return best;
}

/** The best shift, between whole steps by parabolas. */
function stepAt(agreements: Agreements, least = leastAgreement): DriftStep {
  const { values, side, reach, about } = agreements, best = bestOf(agreements);
  const row = Math.floor(best / side), column = best % side;
  const agreement = values[best];
  if (!(agreement >= least)) return { row: 0, column: 0, agreement, trusted: false };
  const rowPart = vertex(agreements, row, (at) => agreements.at(at, column));
  const columnPart = vertex(agreements, column, (at) => agreements.at(row, at));
  return {
    row: about.row + row - reach + rowPart,
    column: about.column + column - reach + columnPart,
    agreement,
    trusted: true,
  };
}

/** Where a parabola through three neighbours has its top, -0.5 to 0.5; 0 at the end of what was looked at. */
function vertex({ side }: Agreements, middle: number, at: (place: number) => number): number {
  if (middle === 0 || middle === side - 1) return 0;
  const low = at(middle - 1), high = at(middle + 1), curvature = low - 2 * at(middle) + high;
  return curvature < 0 ? Math.max(-0.5, Math.min(0.5, (low - high) / (2 * curvature))) : 0;
}

/** Sums of 4 x 4 probes, whole ones only. */
function sums({ rows, columns, values }: FrameMap): FrameMap {
  const few = { rows: Math.floor(rows / coarse), columns: Math.floor(columns / coarse) };
  const summed = new Float64Array(few.rows * few.columns);
  for (let row = 0; row < few.rows * coarse; row++) {
    const into = Math.floor(row / coarse) * few.columns;
    for (let column = 0, probe = row * columns; column < few.columns; column++) {
      let sum = summed[into + column];
      for (let i = 0; i < coarse; i++) sum += values[probe++];
      summed[into + column] = sum;
    }
  }
  return { ...few, values: summed };
}

/** The decision on the background: proposed on single probes, confirmed on regions, and told as doubtful where it may be wrong. */

import type { Sketch } from "../../passes/sketch/sketch.ts";
import { type Background, findBackground } from "./background.ts";
import { grainsWithin } from "./grains_within.ts";
import { neighbourProducts } from "./grid.ts";
import type { LinkedRegions } from "./linkage.ts";
import { regionMeans } from "./region_means.ts";
import { shadedBackground } from "./shaded_background.ts";

/** A proposed background of which grains take more than this part is none, ... */
export const mostGrains = 0.12;
/** ... unless what has no pattern of its own is more than this many times as large: support or liquid with faint particles. */
const plainByGrains = 0.75;
/** Between these parts the answer is doubtful, ... */
export const doubtfulGrains: readonly [number, number] = [0.08, 0.5];
/** ... if this part of the field hangs on it. */
const notableCoverage = 0.1;

/**
 * Decides on the background.
 *
 * @param inside uint8 (row, column): 1 where a probe takes part
 * @param products inner products of neighbours, of `neighbourProducts`
 */
export function decideBackground(
  sketch: Sketch,
  inside: Uint8Array,
  products: Float64Array = neighbourProducts(sketch, inside),
): Background {
  const found = findBackground(sketch, inside, products);
  if (!found.present) return found;
  const crystals = found.power.filter((_, probe) => inside[probe] === 1 && found.map[probe] === 0).sort();
  const shaded = shadedBackground(sketch, inside, found.map);
  const { share, plain, clear } = grainsWithin(sketch, shaded.map, crystals[crystals.length >> 1] ?? 0);
  const [low, high] = doubtfulGrains;
  const notable = found.coverage >= notableCoverage;
  const refuted = share > mostGrains && plain < plainByGrains * share;
  const doubtful = found.doubtful && !refuted || notable && share > low && share < high;
  if (refuted) {
    return {
      ...found,
      present: false,
      doubtful,
      coverage: 0,
      grains: share,
      map: new Uint8Array(inside.length),
    };
  }
  const map = shaded.map.map((taken, probe) =>
    taken === 1 && (clear[probe] === 0 || shaded.open[probe] === 1) ? 1 : 0
  );
  return { ...found, doubtful, coverage: partOf(map, inside), grains: share, map };
}

/** Regions that may be holes have this many probes, and this part of the field. */
const leastHole = 30, leastHoleShare = 0.01;
/** Outside the direct beam a hole has less than this part of the electrons of the median probe, ... */
const holeElectrons = 0.25;
/** ... less than this part of the squared signal of the median region, ... */
const holeSignal = 6e-3;
/** ... and no more than this many standard deviations of the squared noise of one pattern. */
const holeDeviations = 2;

/**
 * Holes in a film that is no background otherwise: they are too few probes for a mode of their own, but hardly an electron is
 * scattered in them, and their mean pattern has no signal.
 *
 * @param linked regions of the whole field
 * @returns uint8 (row, column): 1 in holes; `null` where there are none
 */
export function holesAmong(sketch: Sketch, { labels, count }: LinkedRegions): Uint8Array | null {
  const { rows, columns, noise, degreesOfFreedom } = sketch;
  const means = regionMeans(sketch, { rows, columns, labels, count, background: -1 });
  const probes = labels.reduce((sum, region) => region < 0 ? sum : sum + 1, 0);
  const least = Math.max(leastHole, leastHoleShare * probes);
  const large = Array.from(means.sizes.keys()).filter((region) => means.sizes[region] >= least);
  if (large.length < 2) return null;
  const usual = medianOver(large, means.sizes, means.squares);
  const electrons = noise.filter((_, probe) => labels[probe] >= 0).sort()[probes >> 1];
  const empty = new Uint8Array(count);
  for (const region of large) {
    const ofOne = means.noise[region] * means.sizes[region], signal = means.squares[region];
    if (
      ofOne < holeElectrons * electrons && signal < holeSignal * usual &&
      signal < holeDeviations * ofOne * Math.sqrt(2 / degreesOfFreedom)
    ) empty[region] = 1;
  }
  return empty.includes(1) ? Uint8Array.from(labels, (region) => region >= 0 ? empty[region] : 0) : null;
}

/** Median of a value of regions, each as often as it has probes. */
function medianOver(regions: readonly number[], sizes: Int32Array, values: Float64Array): number {
  const sorted = regions.toSorted((a, b) => values[a] - values[b]);
  const half = sorted.reduce((sum, region) => sum + sizes[region], 0) / 2;
  let sum = 0;
  for (const region of sorted) {
    sum += sizes[region];
    if (sum >= half) return values[region];
  }
  return 0;
}

/** Part of the probes that take part which a map holds. */
export function partOf(map: ArrayLike<number>, inside: Uint8Array): number {
  let taken = 0, probes = 0;
  for (let probe = 0; probe < map.length; probe++) {
    if (inside[probe] === 0) continue;
    probes++;
    taken += map[probe];
  }
  return probes > 0 ? taken / probes : 0;
}

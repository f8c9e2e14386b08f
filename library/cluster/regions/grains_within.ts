/**
 * A background that was proposed probe by probe is looked at again, region by region.
 *
 * Off their zone axes grains have a thousandth of the signal of others, so that single patterns cannot tell them from
 * support. The means of whole regions can: support and liquid look the same everywhere, so that nothing is left of any large
 * part of them once their common mean is taken away; grains keep a pattern of their own.
 */

import { withoutCommon } from "../../passes/sketch/centre.ts";
import type { Sketch } from "../../passes/sketch/sketch.ts";
import { linkRegions } from "./linkage.ts";
import { regionMeans } from "./region_means.ts";

/** Smaller regions may be speckle of a support, which is alike within the width of the probe, or chance. */
const leastGrain = 30;
/**
 * Squared signal of a region with a pattern of its own, in standard deviations of the squared noise of one pattern. Noise
 * alone, of which linkage puts together what happens to be alike, stays below a quarter.
 */
const ownSignal = 0.3;
/**
 * A grain has at least this part of the usual squared signal of the crystals: with many electrons slow changes of support and
 * beam are significant too, but weaker.
 */
const leastStrength = 1e-4;
/**
 * Grains scatter different numbers of electrons. Where those of large regions differ by less than this part (standard deviation),
 * what differs is a shift of one and the same pattern, such as that of descan on a support.
 */
const leastVariety = 0.02;
/** From this signal on a region is kept as a grain, even if the rest is a background. */
const keptSignal = 0.5;
/** Below this signal a large region has no pattern of its own. */
const plainSignal = 0.15;

/** What regions say of a proposed background. */
export interface GrainsWithin {
  /** Part of it that lies in regions with a pattern of their own. */
  readonly share: number;
  /** Part of it that lies in large regions without one. */
  readonly plain: number;
  /** uint8 (row, column): 1 in those whose pattern stands out clearly. */
  readonly clear: Uint8Array;
}

/**
 * Looks for grains in what was proposed as background.
 *
 * @param map uint8 (row, column): 1 where the background is proposed
 * @param usual squared signal of most crystals
 */
export function grainsWithin(sketch: Sketch, map: Uint8Array, usual: number): GrainsWithin {
  const { rows, columns, degreesOfFreedom } = sketch;
  const clear = new Uint8Array(map.length);
  const { length, features } = sketch;
  const probes = Int32Array.from(map.keys()).filter((probe) => map[probe] === 1);
  if (probes.length === 0) return { share: 0, plain: 0, clear };
  const common = mediansOver(length, probes, (probe, i) => features[probe * length + i]);
  const centred = withoutCommon(sketch, common);
  const { labels, count } = linkRegions(centred, map);
  const { sizes, means, noise } = regionMeans(centred, { rows, columns, labels, count, background: -1 });
  // Regions have less noise than probes, so that their median is nearer to what most of the support looks like.
  const middle = mediansOver(length, probes, (probe, i) => means[labels[probe] * length + i]);
  const squares = Float64Array.from(
    { length: count },
    (_, region) =>
      middle.reduce((sum, value, i) => sum + (means[region * length + i] - value) ** 2, -noise[region]),
  );
  // The noise of a mean is that of one pattern by the number of patterns.
  const unit = noise.map((value, region) => value * sizes[region] * Math.sqrt(2 / degreesOfFreedom));
  const stands = (region: number, signal: number) =>
    sizes[region] >= leastGrain && squares[region] > Math.max(signal * unit[region], leastStrength * usual);
  const electrons = noise.map((value, region) => value * sizes[region]);
  if (variety(electrons, sizes.map((size) => size >= leastGrain ? size : 0)) < leastVariety) {
    return { share: 0, plain: 0, clear };
  }
  let grains = 0, plain = 0;
  labels.forEach((region, probe) => {
    if (region < 0) return;
    if (sizes[region] >= leastGrain && !stands(region, plainSignal)) plain++;
    if (!stands(region, ownSignal)) return;
    grains++;
    if (stands(region, keptSignal)) clear[probe] = 1;
  });
  return { share: grains / probes.length, plain: plain / probes.length, clear };
}

/** Standard deviation of values by their mean, each with its weight; 0 where none has any. */
function variety(values: Float64Array, weights: Int32Array): number {
  let weight = 0, sum = 0, squares = 0;
  values.forEach((value, i) => {
    weight += weights[i];
    sum += weights[i] * value;
    squares += weights[i] * value * value;
  });
  return sum > 0 ? Math.sqrt(Math.max(0, squares / weight - (sum / weight) ** 2)) * weight / sum : 0;
}

/** Median of each of `length` numbers over the probes of a map. */
function mediansOver(
  length: number,
  probes: Int32Array,
  of: (probe: number, i: number) => number,
): Float64Array {
  const values = new Float32Array(probes.length);
  return Float64Array.from({ length }, (_, i) => {
    for (let place = 0; place < probes.length; place++) values[place] = of(probes[place], i);
    values.sort();
    return (values[(probes.length - 1) >> 1] + values[probes.length >> 1]) / 2;
  });
}

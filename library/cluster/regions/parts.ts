/** Regions that hold what another frame of the series had as several: how alike these parts are now. */

import type { Sketch } from "../../passes/sketch/sketch.ts";
import { leastSignal } from "./linkage.ts";

/** Fewer probes than this say nothing of a part. */
const leastProbes = 3;

/** A part of a region, that another frame had as a region of its own. */
export interface RegionPart {
  /** The region. */
  readonly region: number;
  /** Name that the part has in the other frame. */
  readonly expected: number;
  /** Probes of the part that were within that region, not at its rim. */
  readonly probes: number;
  /** Cosine of its mean features with those of the other parts of the region, freed of noise. */
  readonly cosine: number;
}

/** Sums over probes. */
interface Sum {
  readonly features: Float64Array;
  noise: number;
  probes: number;
}

/**
 * The parts of all regions that have several, by region and name.
 *
 * @param labels int32 (row, column): region of each probe, negative = none
 * @param expected int32 (row, column): name of the region of the other frame that is expected there, -1 = unknown
 */
export function regionParts(sketch: Sketch, labels: Int32Array, expected: Int32Array): RegionPart[] {
  const { length, features, noise } = sketch;
  const regions = new Map<number, Map<number, Sum>>();
  labels.forEach((region, probe) => {
    const name = expected[probe];
    if (region < 0 || name < 0) return;
    const parts = regions.get(region) ?? new Map<number, Sum>();
    regions.set(region, parts);
    const part = parts.get(name) ?? { features: new Float64Array(length), noise: 0, probes: 0 };
    parts.set(name, part);
    for (let i = 0; i < length; i++) part.features[i] += features[probe * length + i];
    part.noise += noise[probe];
    part.probes++;
  });
  const ascending = <Value>(map: ReadonlyMap<number, Value>) =>
    Array.from(map).sort(([one], [other]) => one - other);
  return ascending(regions).flatMap(([region, all]) => {
    const parts = ascending(all).filter(([, { probes }]) => probes >= leastProbes);
    if (parts.length < 2) return [];
    return parts.map(([name, part]): RegionPart => {
      const others = parts.filter(([other]) => other !== name).map(([, sum]) => sum);
      return { region, expected: name, probes: part.probes, cosine: cosineWith(part, others) };
    });
  });
}

/** Cosine of the means of a part and of the others together. */
function cosineWith(part: Sum, others: readonly Sum[]): number {
  const rest: Sum = { features: new Float64Array(part.features.length), noise: 0, probes: 0 };
  for (const { features, noise, probes } of others) {
    features.forEach((value, i) => rest.features[i] += value);
    rest.noise += noise;
    rest.probes += probes;
  }
  const signal = ({ features, noise }: Sum) =>
    Math.max(product(features, features) - noise, leastSignal * noise);
  const size = Math.sqrt(signal(part) * signal(rest));
  return size > 0 ? Math.max(-1, Math.min(1, product(part.features, rest.features) / size)) : 0;
}

function product(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, value, i) => sum + value * other[i], 0);
}

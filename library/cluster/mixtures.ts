/** Probe positions at the border of two clusters, whose patterns hold a part of each. */

import { nonNegativeSolution } from "./non_negative.ts";
import { innerProbes } from "./regions/absorb.ts";
import { innerProduct, type Sketch } from "../passes/sketch/sketch.ts";
import { neighboursOf, type Partition } from "./regions/grid.ts";
import { regionMeans } from "./regions/region_means.ts";

/** Most clusters that a pattern is taken apart into: its own and those with the most neighbouring probes. */
const mostClusters = 4;

/** Probes at borders between clusters, by flat index, and what their patterns are made of. */
export interface Mixtures {
  /** int32: flat index of each probe that has a neighbour in another cluster. */
  readonly probes: Int32Array;
  /** int32: the cluster with the largest part in each. */
  readonly first: Int32Array;
  /** int32: the one with the second largest, -1 where there is none. */
  readonly second: Int32Array;
  /**
   * float32: how much of the first cluster's mean pattern is in the probe's pattern, 1 = as much as in the cluster's
   * interior. First and second add up to less than 1 next to vacuum.
   */
  readonly firstFraction: Float32Array;
  /** float32: the same of the second; 0 where there is none. */
  readonly secondFraction: Float32Array;
}

/**
 * Takes the patterns at borders apart: the non-negative multiples of the mean features of the clusters that meet there
 * which come nearest to the probe's own features. Features are linear in the counts, so these are parts of patterns.
 * Means are those of inner probes, whose neighbours all belong to the same cluster, where a cluster has any.
 *
 * @param labels int32 (row, column): cluster of each probe, -1 where it is in none
 * @throws {RangeError} when there are not as many labels as probes
 */
export function mixedProbes(sketch: Sketch, labels: Int32Array): Mixtures {
  const { rows, columns, length, features } = sketch;
  if (labels.length !== rows * columns) {
    throw new RangeError(`${labels.length} labels do not fit ${rows} x ${columns} probes`);
  }
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const inner = innerProbes(labels, rows, columns);
  const means = interiorMeans(sketch, { rows, columns, labels, count, background: -1 }, inner);
  const probes: number[] = [], first: number[] = [], second: number[] = [];
  const firstFraction: number[] = [], secondFraction: number[] = [];
  for (let probe = 0; probe < labels.length; probe++) {
    if (labels[probe] < 0 || inner[probe] === 1) continue;
    const clusters = clustersAround(labels, probe, rows, columns), number = clusters.length;
    const gram = new Float64Array(number * number), product = new Float64Array(number);
    for (let i = 0; i < number; i++) {
      const mean = clusters[i] * length;
      product[i] = innerProduct(means, mean, features, probe * length, length);
      for (let j = 0; j <= i; j++) {
        gram[i * number + j] = gram[j * number + i] = innerProduct(
          means,
          mean,
          means,
          clusters[j] * length,
          length,
        );
      }
    }
    const fractions = nonNegativeSolution(gram, product);
    let most = 0, next = -1;
    for (let i = 1; i < number; i++) {
      if (fractions[i] > fractions[most]) [most, next] = [i, most];
      else if (next < 0 || fractions[i] > fractions[next]) next = i;
    }
    const mixed = fractions[next] > 0;
    probes.push(probe);
    first.push(clusters[most]);
    firstFraction.push(fractions[most]);
    second.push(mixed ? clusters[next] : -1);
    secondFraction.push(mixed ? fractions[next] : 0);
  }
  return {
    probes: Int32Array.from(probes),
    first: Int32Array.from(first),
    second: Int32Array.from(second),
    firstFraction: Float32Array.from(firstFraction),
    secondFraction: Float32Array.from(secondFraction),
  };
}

/** Mean features of the inner probes of each cluster, of all of them where none is inner; float32 (cluster, k). */
function interiorMeans(sketch: Sketch, partition: Partition, inner: Uint8Array): Float32Array {
  const { labels } = partition;
  const hasInner = new Uint8Array(partition.count);
  labels.forEach((label, probe) => {
    if (inner[probe] === 1) hasInner[label] = 1;
  });
  const used = labels.map((label, probe) =>
    label >= 0 && hasInner[label] === 1 && inner[probe] === 0 ? -1 : label
  );
  return regionMeans(sketch, { ...partition, labels: used }).means;
}

/** Up to eight neighbours, for one call after the other. */
const neighbours = new Int32Array(8);

/** A probe's own cluster, then the others next to it, those with the most neighbouring probes first, ties by number. */
function clustersAround(labels: Int32Array, probe: number, rows: number, columns: number): number[] {
  const found = neighboursOf(probe, rows, columns, neighbours);
  const clusters = [labels[probe]], times = [Infinity];
  for (let i = 0; i < found; i++) {
    const label = labels[neighbours[i]];
    if (label < 0 || label === labels[probe]) continue;
    let place = clusters.indexOf(label);
    if (place < 0) place = times.push(0) - 1;
    const count = times[place] + 1;
    for (; times[place - 1] < count || times[place - 1] === count && clusters[place - 1] > label; place--) {
      times[place] = times[place - 1];
      clusters[place] = clusters[place - 1];
    }
    times[place] = count;
    clusters[place] = label;
  }
  clusters.length = Math.min(clusters.length, mostClusters);
  return clusters;
}

/**
 * Back from {@link mixtureMaps}: probes at borders, and any others whose maps say more than their own label.
 *
 * @param labels the labels that the mixtures are of
 */
export function mixturesOfMaps(
  { clusters, fractions }: { readonly clusters: Int32Array; readonly fractions: Float32Array },
  labels: Int32Array,
  rows: number,
  columns: number,
): Mixtures {
  const isMixed = (label: number, probe: number) => {
    const plain = clusters[2 * probe] === label && fractions[2 * probe] === (label < 0 ? 0 : 1) &&
      clusters[2 * probe + 1] === -1 && fractions[2 * probe + 1] === 0;
    return !plain || (label >= 0 && clustersAround(labels, probe, rows, columns).length > 1);
  };
  const probes = Int32Array.from(labels.keys()).filter((probe) => isMixed(labels[probe], probe));
  return {
    probes,
    first: probes.map((probe) => clusters[2 * probe]),
    second: probes.map((probe) => clusters[2 * probe + 1]),
    firstFraction: Float32Array.from(probes, (probe) => fractions[2 * probe]),
    secondFraction: Float32Array.from(probes, (probe) => fractions[2 * probe + 1]),
  };
}

/**
 * The same as maps.
 *
 * @param labels the labels that the mixtures are of
 * @returns (row, column, 2): int32 clusters, -1 = none, and float32 fractions of each; probes away from borders have their
 * own label and 1
 */
export function mixtureMaps(
  mixtures: Mixtures,
  labels: Int32Array,
): { clusters: Int32Array; fractions: Float32Array } {
  const clusters = new Int32Array(2 * labels.length).fill(-1),
    fractions = new Float32Array(2 * labels.length);
  labels.forEach((label, probe) => {
    clusters[2 * probe] = label;
    fractions[2 * probe] = label < 0 ? 0 : 1;
  });
  mixtures.probes.forEach((probe, i) => {
    clusters.set([mixtures.first[i], mixtures.second[i]], 2 * probe);
    fractions.set([mixtures.firstFraction[i], mixtures.secondFraction[i]], 2 * probe);
  });
  return { clusters, fractions };
}

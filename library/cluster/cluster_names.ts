/**
 * Names of clusters that survive another threshold. The number of a cluster follows from all the others: it changes with
 * each of them. Here a cluster is named by one of its probes, found by going down the merge tree: where two parts joined,
 * into the larger one, until a single probe is left (the heavy path). So a cluster keeps its name for as long as it only
 * gains or loses parts that are smaller than what it is made of. Pure computation: browsers use it too.
 */

import { type MergeForest, ProbeGroups } from "./forest.ts";
import type { Growth } from "./growth.ts";

/**
 * Names the clusters of a cut, or of any other map: a cluster that the forest does not connect within itself has the name
 * of its largest connected part. Parts of equal size go by the lower name. No two clusters of a map share a name, and
 * the smallest size of clusters that are kept changes no name.
 *
 * @param forest merges in their order
 * @param growth labels int32 (row, column), -1 in no cluster, and sizes, whose number is that of the clusters
 * @returns uint32, flat probe index (row * columns + column) for each cluster, one of its own probes
 * @throws {RangeError} when the labels are not of the forest's scan
 *
 * @example
 * ```ts
 * import { buildForest, clusterScan, cutForest, defaultParameters, nameClusters, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 16, columns: 16, grains: 3, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const forest = buildForest({ rows: 16, columns: 16, ...clustering });
 * const growth = cutForest(forest, { ...clustering, threshold: 0.9, minimumSize: 4 });
 * const names = nameClusters(forest, growth);
 * console.assert(names.every((probe, id) => growth.labels[probe] === id));
 * ```
 */
export function nameClusters(
  forest: MergeForest,
  { labels, sizes }: Pick<Growth, "labels" | "sizes">,
): Uint32Array {
  const { rows, columns, probes, similarity } = forest;
  if (labels.length !== rows * columns) {
    throw new RangeError(`${labels.length} labels do not fit a scan of ${rows} x ${columns} probes`);
  }
  const groups = new ProbeGroups(labels.length);
  // Of each group, kept at the probe that stands for it.
  const weights = new Int32Array(labels.length).fill(1);
  const names = new Uint32Array(labels.length);
  for (let probe = 0; probe < labels.length; probe++) names[probe] = probe;
  const heavier = (first: number, second: number) =>
    weights[first] > weights[second] || weights[first] === weights[second] && names[first] < names[second];
  for (let edge = 0; edge < similarity.length; edge++) {
    const label = labels[probes[2 * edge]];
    if (label < 0 || label !== labels[probes[2 * edge + 1]]) continue;
    const first = groups.find(probes[2 * edge]), second = groups.find(probes[2 * edge + 1]);
    // Without a pair in an array: there are as many edges as probes.
    const large = heavier(first, second) ? first : second, small = large === first ? second : first;
    groups.join(large, small);
    weights[large] += weights[small];
  }
  const parts = new Int32Array(sizes.length).fill(-1);
  for (let probe = 0; probe < labels.length; probe++) {
    const label = labels[probe];
    if (label < 0 || groups.find(probe) !== probe) continue;
    if (parts[label] < 0 || heavier(probe, parts[label])) parts[label] = probe;
  }
  return Uint32Array.from(parts, (part) => names[part]);
}

/** Probes at borders taken apart with lists and maps, one after the other: what the arrays of library/cluster/mixtures.ts must equal. */

import type { Mixtures } from "../../library/cluster/mixtures.ts";
import { innerProbes } from "../../library/cluster/regions/absorb.ts";
import { neighboursOf, type Partition } from "../../library/cluster/regions/grid.ts";
import { regionMeans } from "../../library/cluster/regions/region_means.ts";
import { innerProduct, type Sketch } from "../../library/passes/sketch/sketch.ts";

/** Most clusters that a pattern is taken apart into, and pivots that count as dependence. */
const mostClusters = 4, leastPivot = 1e-9;

/** The plain twin of `mixedProbes`. */
export function plainMixtures(sketch: Sketch, labels: Int32Array): Mixtures {
  const { rows, columns, length, features } = sketch;
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const means = interiorMeans(sketch, { rows, columns, labels, count, background: -1 });
  const probes: number[] = [], first: number[] = [], second: number[] = [];
  const firstFraction: number[] = [], secondFraction: number[] = [];
  for (let probe = 0; probe < labels.length; probe++) {
    if (labels[probe] < 0) continue;
    const clusters = clustersAround(labels, probe, rows, columns);
    if (clusters.length < 2) continue;
    const gram = clusters.flatMap((one) =>
      clusters.map((other) => innerProduct(means, one * length, means, other * length, length))
    );
    const product = clusters.map((one) =>
      innerProduct(means, one * length, features, probe * length, length)
    );
    const fractions = plainSolution(gram, product);
    const order = Array.from(clusters.keys()).sort((a, b) => fractions[b] - fractions[a] || a - b);
    const mixed = fractions[order[1]] > 0;
    probes.push(probe);
    first.push(clusters[order[0]]);
    firstFraction.push(fractions[order[0]]);
    second.push(mixed ? clusters[order[1]] : -1);
    secondFraction.push(mixed ? fractions[order[1]] : 0);
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
function interiorMeans(sketch: Sketch, partition: Partition): Float32Array {
  const { rows, columns, labels } = partition;
  const inner = innerProbes(labels, rows, columns);
  const hasInner = new Uint8Array(partition.count);
  labels.forEach((label, probe) => {
    if (inner[probe] === 1) hasInner[label] = 1;
  });
  const used = labels.map((label, probe) =>
    label >= 0 && hasInner[label] === 1 && inner[probe] === 0 ? -1 : label
  );
  return regionMeans(sketch, { ...partition, labels: used }).means;
}

/** A probe's own cluster, then those with the most neighbouring probes. */
function clustersAround(labels: Int32Array, probe: number, rows: number, columns: number): number[] {
  const neighbours = new Int32Array(8);
  const found = neighboursOf(probe, rows, columns, neighbours);
  const counts = new Map<number, number>();
  for (let i = 0; i < found; i++) {
    const label = labels[neighbours[i]];
    if (label >= 0 && label !== labels[probe]) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const others = Array.from(counts).sort(([a, x], [b, y]) => y - x || a - b).map(([label]) => label);
  return [labels[probe], ...others].slice(0, mostClusters);
}

/** The plain twin of `nonNegativeSolution`. */
export function plainSolution(gram: ArrayLike<number>, product: ArrayLike<number>): Float64Array {
  const unknowns = product.length;
  let best = new Float64Array(unknowns), gain = 0;
  for (let choice = 1; choice < 2 ** unknowns; choice++) {
    const chosen = Array.from({ length: unknowns }, (_, i) => i).filter((i) => choice >> i & 1);
    const solution = solve(chosen, gram, product);
    if (solution === null || solution.some((value) => value < 0)) continue;
    // |y|^2 - |A x - y|^2 where x solves the normal equations.
    const reached = solution.reduce((sum, value, i) => sum + value * product[chosen[i]], 0);
    if (reached <= gain) continue;
    gain = reached;
    best = new Float64Array(unknowns);
    chosen.forEach((unknown, i) => best[unknown] = solution[i]);
  }
  return best;
}

/** Normal equations of the chosen unknowns by Cholesky's method; `null` where they depend on each other. */
function solve(
  chosen: readonly number[],
  gram: ArrayLike<number>,
  product: ArrayLike<number>,
): number[] | null {
  const unknowns = product.length;
  const lower: number[][] = [];
  for (const [i, row] of chosen.entries()) {
    lower.push([]);
    for (let j = 0; j <= i; j++) {
      let value = gram[row * unknowns + chosen[j]];
      for (let k = 0; k < j; k++) value -= lower[i][k] * lower[j][k];
      if (i > j) lower[i].push(value / lower[j][j]);
      else if (value > leastPivot * gram[row * unknowns + row]) lower[i].push(Math.sqrt(value));
      else return null;
    }
  }
  const solution = chosen.map((row) => product[row]);
  for (let i = 0; i < chosen.length; i++) {
    for (let k = 0; k < i; k++) solution[i] -= lower[i][k] * solution[k];
    solution[i] /= lower[i][i];
  }
  for (let i = chosen.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < chosen.length; k++) solution[i] -= lower[k][i] * solution[k];
    solution[i] /= lower[i][i];
  }
  return solution;
}

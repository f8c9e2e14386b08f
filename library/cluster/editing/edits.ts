/** Corrections by hand: a log of edits applied to a cluster map (editing/log.ts says what they are). */

import { BadParameter } from "../../scan/errors.ts";
import type { Cluster } from "../cluster.ts";
import type { Clustering } from "../clustering.ts";
import { describeEdit, type Edit, type EditLog, formatPosition, type ProbePosition } from "./log.ts";
import { LabelMap } from "./label_map.ts";
import { cutWeakestLink } from "./weakest_link.ts";
import { clusterSeeds, type Growth } from "../growth.ts";
import { summariseClusters } from "../summary.ts";

/** A map before any edit. Arrays are row-major over probe positions. */
export interface EditBase {
  /** Scan rows. */
  readonly rows: number;
  /** Scan columns. */
  readonly columns: number;
  /** int32 (row, column); -1 = in no cluster. */
  readonly labels: Int32Array;
  /** float32 (row, column, 8) in the order of `neighbourOffsets`; NaN where the neighbour is outside the scan. */
  readonly similarity: Float32Array;
  /** float32 (row, column). */
  readonly meanSimilarity: Float32Array;
  /** Both parts of a split keep at least as many probes, unless the split itself says otherwise. */
  readonly minimumSize: number;
}

/** A map after the edits: clusters are numbered by their seeds as ever, highest mean similarity first. */
export interface EditedMap extends Growth {
  /** The figures of each cluster, in the order of their ids. */
  readonly clusters: readonly Cluster[];
}

/**
 * Applies the operations of a log up to its cursor, one after the other. Nothing is changed in place, and the result
 * depends on nothing but base and log: undo followed by redo gives the same bytes. Merging clusters that are one
 * already changes nothing, so that a log can be replayed at another threshold.
 *
 * @returns labels, seeds and sizes in seed order (seed: the probe with the highest mean similarity, ties: the lowest
 * index), and the figures of each cluster
 * @throws {BadParameter} naming the first operation that cannot be done, why, and what to do
 *
 * @example
 * ```ts
 * import { addEdit, applyEdits, clusterScan, defaultParameters, emptyEditLog, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 16, columns: 16, grains: 3, seed: 7 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const { row, column } = clustering.clusters[0].seed;
 * const log = addEdit(emptyEditLog, { kind: "exclude", cluster: [row, column] });
 * const { clusters, labels } = applyEdits({ ...clustering, rows: 16, columns: 16, minimumSize: 4 }, log);
 * console.assert(clusters.length === clustering.clusters.length - 1 && labels[16 * row + column] === -1);
 * ```
 */
export function applyEdits(base: EditBase, log: EditLog): EditedMap {
  const growth = editLabels(base, log);
  return { ...growth, clusters: summariseClusters(growth, base.columns, base.meanSimilarity) };
}

/** What {@link applyEdits} gives without the figures of each cluster. */
export function editLabels(base: EditBase, log: EditLog): Growth {
  const map = new LabelMap(base.labels);
  log.operations.slice(0, log.cursor).forEach((edit, index) => new Step(base, map, edit, index + 1).apply());
  return numberBySeeds(map, base.meanSimilarity);
}

/**
 * A clustering corrected by a log. If it has been edited before, the log replaces the one before: edits always start
 * from the labels that the method gave.
 *
 * @throws {BadParameter} as {@link applyEdits}
 *
 * @example
 * ```ts
 * import {
 *   addEdit, applyEditsToClustering, clusterScan, defaultParameters, emptyEditLog, simulateScan,
 * } from "crystallite";
 *
 * const scan = simulateScan({ rows: 16, columns: 16, grains: 3, seed: 7 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const log = addEdit(emptyEditLog, { kind: "assign", probes: [[0, 0], [0, 1]], cluster: "new" });
 * const edited = applyEditsToClustering(clustering, log);
 * console.assert(edited.labels[0] === edited.labels[1] && edited.labels[2] !== edited.labels[0]);
 * ```
 */
export function applyEditsToClustering(clustering: Clustering, log: EditLog): Clustering {
  const { shape: { rows, columns }, parameters: { minimumSize }, similarity, meanSimilarity } = clustering;
  const baseLabels = clustering.edits?.baseLabels ?? clustering.labels;
  const base = { rows, columns, labels: baseLabels, similarity, meanSimilarity, minimumSize };
  const { labels, clusters } = applyEdits(base, log);
  return { ...clustering, labels, clusters, edits: { log, baseLabels } };
}

/** One operation on a map. */
class Step {
  constructor(
    readonly base: EditBase,
    readonly map: LabelMap,
    readonly edit: Edit,
    /** Place in the log, from 1, for messages. */
    readonly number: number,
  ) {}

  apply(): void {
    const { edit, map } = this;
    switch (edit.kind) {
      case "merge": {
        if (edit.clusters.length < 2) this.#refuseFew("two clusters or more", edit.clusters.length);
        const [first, ...others] = edit.clusters.map((position) => this.#cluster(position));
        let joined = first;
        // One that has been joined already is empty.
        for (const id of others) if (id !== joined && map.size(id) > 0) joined = map.join(joined, id);
        break;
      }
      case "split":
        this.#split(this.#cluster(edit.cluster), edit.minimumSize ?? this.base.minimumSize);
        break;
      case "exclude":
        for (const probe of map.members(this.#cluster(edit.cluster))) map.move(probe, -1);
        break;
      case "assign": {
        if (edit.probes.length < 1) this.#refuseFew("one probe or more", edit.probes.length);
        const probes = edit.probes.map((position) => this.#probe(position));
        const target = this.#target(edit.cluster);
        for (const probe of probes) map.move(probe, target);
      }
    }
  }

  #target(cluster: ProbePosition | "none" | "new"): number {
    if (cluster === "none") return -1;
    return cluster === "new" ? this.map.create() : this.#cluster(cluster);
  }

  #split(id: number, minimumSize: number): void {
    const { map, base } = this;
    const part = cutWeakestLink(map.members(id), base, minimumSize);
    if (part === null) {
      this.#refuse(
        `no link of the cluster's ${map.size(id)} probes leaves two parts of ${minimumSize} or more`,
        `a cluster that falls into two parts of at least ${minimumSize} probes`,
        `${map.size(id)} probes`,
        "move the probes themselves with an assignment, or leave the split out",
      );
    }
    const created = map.create();
    for (const probe of part) map.move(probe, created);
  }

  /** Flat index of a probe position. */
  #probe(position: ProbePosition): number {
    const [row, column] = position, { rows, columns } = this.base;
    const inside = Number.isInteger(row) && Number.isInteger(column) &&
      row >= 0 && row < rows && column >= 0 && column < columns;
    if (!inside) {
      this.#refuse(
        `${formatPosition(position)} is not in the scan`,
        `rows 0 to ${rows - 1}, columns 0 to ${columns - 1}`,
        formatPosition(position),
        "name a position inside the scan, or use the log of this scan",
      );
    }
    return row * columns + column;
  }

  /** The cluster that a position lies in. */
  #cluster(position: ProbePosition): number {
    const id = this.map.labels[this.#probe(position)];
    if (id < 0) {
      this.#refuse(
        `no cluster is at ${formatPosition(position)}`,
        "a probe position in a cluster",
        `${formatPosition(position)}, which is in no cluster`,
        "name a position inside a cluster, or leave this operation out",
      );
    }
    return id;
  }

  #refuseFew(expected: string, found: number): never {
    this.#refuse(
      "it names too few",
      expected,
      String(found),
      `name ${expected}, or leave this operation out`,
    );
  }

  #refuse(why: string, expected: string, found: string, remedy: string): never {
    throw new BadParameter(`edit ${this.number} (${describeEdit(this.edit)}) cannot be done: ${why}`, {
      expected,
      found,
      remedy,
    });
  }
}

/** Numbers the clusters by falling mean similarity of their seeds, ties by index, and leaves empty ones out. */
function numberBySeeds(map: LabelMap, meanSimilarity: Float32Array): Growth {
  const { labels, count } = map;
  const seedOf = clusterSeeds(labels, count, meanSimilarity);
  const kept = seedOf.map((_, id) => id).filter((id) => seedOf[id] >= 0).sort((a, b) =>
    meanSimilarity[seedOf[b]] - meanSimilarity[seedOf[a]] || seedOf[a] - seedOf[b]
  );
  const numbers = new Int32Array(count);
  kept.forEach((id, number) => numbers[id] = number);
  return {
    labels: labels.map((label) => label < 0 ? -1 : numbers[label]),
    seeds: kept.map((id) => seedOf[id]),
    sizes: kept.map((id) => map.size(id)),
  };
}

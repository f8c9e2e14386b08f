/** The threshold that one would choose if one knew the truth: what no rule for thresholds can exceed. */

import { type MergeForest, ProbeGroups } from "../../library/cluster/forest.ts";

/** The best threshold of a forest. */
export interface BestThreshold {
  readonly threshold: number;
  /** Over all probes, those in no cluster as one class. */
  readonly adjustedRandIndex: number;
}

/**
 * Walks down the forest and keeps the adjusted Rand index of every cut up to date: merging two clusters changes it by
 * what both and their sum contribute.
 *
 * @param mask the forest was built with
 * @param minimumSize smaller clusters are none
 * @param truth grain of each probe, negative = none
 * @returns the highest of several thresholds that are equally good; `undefined` where the forest has no edges
 */
export function bestThreshold(
  { probes, similarity }: MergeForest,
  mask: Uint8Array,
  minimumSize: number,
  truth: ArrayLike<number>,
): BestThreshold | undefined {
  const score = new RunningScore(truth, mask, minimumSize);
  let best: BestThreshold | undefined;
  for (let edge = 0; edge < similarity.length; edge++) {
    score.join(probes[2 * edge], probes[2 * edge + 1]);
    // Equal edges join together or not at all.
    if (edge + 1 < similarity.length && similarity[edge + 1] === similarity[edge]) continue;
    const adjustedRandIndex = score.adjustedRandIndex();
    if (!best || adjustedRandIndex > best.adjustedRandIndex) {
      best = { threshold: similarity[edge], adjustedRandIndex };
    }
  }
  return best;
}

const pairs = (count: number) => count * (count - 1) / 2;

/** A cluster, or the probes in none: how many probes of each grain it holds. */
interface Part {
  size: number;
  readonly grains: Map<number, number>;
  /** Pairs of its probes that are of one grain. */
  together: number;
}

class RunningScore {
  readonly #groups: ProbeGroups;
  readonly #parts: (Part | undefined)[];
  readonly #none: Part = { size: 0, grains: new Map(), together: 0 };
  readonly #minimumSize: number;
  readonly #probes: number;
  readonly #inTruth: number;
  /** Pairs of probes in one cluster, and those of them in one grain; without the probes in no cluster. */
  #inClusters = 0;
  #together = 0;

  constructor(truth: ArrayLike<number>, mask: Uint8Array, minimumSize: number) {
    this.#probes = truth.length;
    this.#minimumSize = minimumSize;
    this.#groups = new ProbeGroups(truth.length);
    this.#parts = Array.from(truth, (label) => ({
      size: 1,
      grains: new Map([[Math.max(-1, label), 1]]),
      together: 0,
    }));
    for (const part of this.#parts) add(this.#none, part!, 1);
    this.#inTruth = this.#none.together;
    if (minimumSize > 1) return;
    // Single probes of the mask are clusters, without pairs.
    this.#parts.forEach((part, probe) => mask[probe] && add(this.#none, part!, -1));
  }

  join(first: number, second: number): void {
    const a = this.#groups.find(first), b = this.#groups.find(second);
    const [root, other] = this.#parts[a]!.grains.size >= this.#parts[b]!.grains.size ? [a, b] : [b, a];
    const large = this.#parts[root]!, small = this.#parts[other]!;
    const becomes = large.size + small.size >= this.#minimumSize;
    for (const part of [large, small]) {
      if (part.size >= this.#minimumSize) this.#count(part, -1);
      else if (becomes) add(this.#none, part, -1);
    }
    add(large, small, 1);
    if (becomes) this.#count(large, 1);
    this.#groups.join(root, other);
    this.#parts[other] = undefined;
  }

  adjustedRandIndex(): number {
    const inClusters = this.#inClusters + pairs(this.#none.size);
    const together = this.#together + this.#none.together;
    const chance = this.#probes > 1 ? inClusters * this.#inTruth / pairs(this.#probes) : 0;
    const most = (inClusters + this.#inTruth) / 2;
    return most === chance ? 1 : (together - chance) / (most - chance);
  }

  #count(part: Part, sign: 1 | -1): void {
    this.#inClusters += sign * pairs(part.size);
    this.#together += sign * part.together;
  }
}

/** Adds the probes of a part to another, or takes them away. */
function add(whole: Part, part: Part, sign: 1 | -1): void {
  whole.size += sign * part.size;
  for (const [grain, count] of part.grains) {
    const before = whole.grains.get(grain) ?? 0, after = before + sign * count;
    whole.together += pairs(after) - pairs(before);
    whole.grains.set(grain, after);
  }
}

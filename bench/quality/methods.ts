/** What is measured: the published settings, thresholds chosen with and without the truth, and the automatic preset. */

import {
  autoPreset,
  buildForest,
  type Clustering,
  type ClusterParameters,
  clusterScan,
  cutForest,
  defaultParameters,
  type Scan,
} from "crystallite";
import { bestThreshold } from "./best_threshold.ts";

/** A scan with its truth. Runs are kept, since several methods look at the same one. */
export class Subject {
  readonly #runs = new Map<ClusterParameters, Promise<Clustering>>();
  readonly #workers: number | undefined;

  /**
   * @param truth grain of each probe, negative = none
   * @param purity part of each probe that its grain has
   */
  constructor(
    readonly scan: Scan,
    readonly truth: Int32Array,
    readonly purity: ArrayLike<number> | undefined,
    workers?: number,
  ) {
    this.#workers = workers;
  }

  /** The clustering with these parameters. */
  cluster(parameters: ClusterParameters): Promise<Clustering> {
    let run = this.#runs.get(parameters);
    if (!run) {
      this.#runs.set(parameters, run = clusterScan(this.scan, parameters, { workers: this.#workers }));
    }
    return run;
  }
}

/** What a method gives. */
export interface Outcome {
  readonly labels: Int32Array;
  /** How far the method itself trusts the map, 0 to 1. */
  readonly stability?: number;
  readonly threshold?: number;
  /** What may explain a score. */
  readonly extra?: Readonly<Record<string, string | number | boolean>>;
}

/** A way to find regions. */
export interface Method {
  readonly name: string;
  run(subject: Subject): Promise<Outcome>;
}

/** Lee et al. as printed, without the prefilter. */
const published: ClusterParameters = {
  ...defaultParameters,
  blur: 3,
  threshold: 0.9,
  mask: { kind: "triangle" },
};
const growth: ClusterParameters = { ...autoPreset, method: "growth" };

/** All methods, in the order of the tables. */
export const methods: readonly Method[] = [
  { name: "published", run: async (subject) => outcomeOf(await subject.cluster(published)) },
  {
    name: "published, best T",
    async run(subject) {
      const clustering = await subject.cluster(published);
      const everywhere = new Uint8Array(clustering.mask.length).fill(1);
      const found = [
        cutWithTruth(clustering, clustering.mask, subject.truth, { mask: "triangle" }),
        cutWithTruth(clustering, everywhere, subject.truth, { mask: "none" }),
      ];
      return found[0].best > found[1].best ? found[0].outcome : found[1].outcome;
    },
  },
  { name: "growth auto", run: async (subject) => outcomeOf(await subject.cluster(growth)) },
  {
    name: "growth best T",
    async run(subject) {
      const clustering = await subject.cluster(growth);
      return cutWithTruth(clustering, clustering.mask, subject.truth, backgroundOf(clustering)).outcome;
    },
  },
  { name: "auto", run: async (subject) => outcomeOf(await subject.cluster(autoPreset)) },
];

function outcomeOf(clustering: Clustering): Outcome {
  const { labels, regions, settled } = clustering;
  return {
    labels,
    stability: regions?.stability,
    threshold: settled.threshold ?? undefined,
    extra: backgroundOf(clustering),
  };
}

function backgroundOf({ background }: Clustering): Outcome["extra"] {
  return background && { background: background.present, doubtful: background.doubtful };
}

/** The clusters at the threshold that agrees best with the truth. */
function cutWithTruth(
  clustering: Clustering,
  mask: Uint8Array,
  truth: Int32Array,
  extra: Outcome["extra"],
): { best: number; outcome: Outcome } {
  const { shape: { rows, columns }, similarity, meanSimilarity, parameters: { minimumSize } } = clustering;
  const forest = buildForest({ rows, columns, similarity, mask });
  const best = bestThreshold(forest, mask, minimumSize, truth);
  const threshold = best?.threshold ?? 1;
  const { labels } = cutForest(forest, { threshold, minimumSize, meanSimilarity, mask });
  return { best: best?.adjustedRandIndex ?? -1, outcome: { labels, threshold, extra } };
}

/** What the threshold costs once the similarity is known: forest, cuts and automatic threshold of 512 x 512 probes. */

import { chooseThreshold, quantileThreshold } from "../library/cluster/automatic_threshold.ts";
import { nameClusters } from "../library/cluster/cluster_names.ts";
import { buildForest, cutForest, ForestCutter } from "../library/cluster/forest.ts";
import { allDirections, meanSimilarity } from "../library/scan/neighbours.ts";
import { grainSimilarity } from "./grain_similarity.ts";

const rows = 512, columns = 512;
/** Similarities within the grains come near those across their boundaries. */
const forward = grainSimilarity(rows, columns, { within: 0.8, across: 0.4, spread: 0.2 });
const similarity = allDirections(forward, rows, columns);
const mean = meanSimilarity(similarity, null);
const mask = new Uint8Array(rows * columns).fill(1);

const forest = buildForest({ rows, columns, similarity, mask });
const cutter = new ForestCutter(forest, { meanSimilarity: mean, mask });
const { threshold } = chooseThreshold(forest, mask);
const growth = cutter.cut(threshold, 4);
const suffix = `${rows} x ${columns} probes`;
Deno.bench(`merge forest of ${forest.similarity.length} edges, ${suffix}`, { n: 10 }, () => {
  buildForest({ rows, columns, similarity, mask });
});
Deno.bench(`first cut into ${growth.sizes.length} clusters, ${suffix}`, { n: 30 }, () => {
  cutForest(forest, { threshold, minimumSize: 4, meanSimilarity: mean, mask });
});
Deno.bench(`next cut into ${growth.sizes.length} clusters, ${suffix}`, { n: 30 }, () => {
  cutter.cut(threshold, 4);
});
Deno.bench(`names of ${growth.sizes.length} clusters, ${suffix}`, { n: 30 }, () => {
  nameClusters(forest, growth);
});
Deno.bench(`threshold of largest entropy, ${suffix}`, { n: 10 }, () => void chooseThreshold(forest, mask));
Deno.bench(`threshold by quantile, ${suffix}`, { n: 10 }, () => {
  quantileThreshold(similarity, mask, columns, 0.5);
});

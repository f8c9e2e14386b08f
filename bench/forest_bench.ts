/** What the threshold costs once the similarity is known: forest, cuts and automatic threshold of 512 x 512 probes. */

import { chooseThreshold, quantileThreshold } from "../cluster/automatic_threshold.ts";
import { nameClusters } from "../cluster/cluster_names.ts";
import { buildForest, cutForest, ForestCutter } from "../cluster/forest.ts";
import { allDirections, meanSimilarity } from "../cluster/neighbours.ts";
import { Random } from "../simulation/random.ts";

const rows = 512, columns = 512;
/** Grains as squares of 32 x 32 probes, whose similarities overlap with those across boundaries. */
const grain = 32;
const similarity = allDirections(forwardSimilarity(), rows, columns);
const mean = meanSimilarity(similarity, null);
const mask = new Uint8Array(rows * columns).fill(1);

function forwardSimilarity(): Float32Array {
  const random = new Random(1, 1);
  const result = new Float32Array(4 * rows * columns).fill(NaN);
  const grainOf = (row: number, column: number) =>
    Math.floor(row / grain) * columns + Math.floor(column / grain);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      [[0, 1], [1, -1], [1, 0], [1, 1]].forEach(([down, right], direction) => {
        if (row + down >= rows || column + right < 0 || column + right >= columns) return;
        const alike = grainOf(row, column) === grainOf(row + down, column + right);
        result[4 * (row * columns + column) + direction] = (alike ? 0.8 : 0.4) + 0.2 * random.uniform();
      });
    }
  }
  return result;
}

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

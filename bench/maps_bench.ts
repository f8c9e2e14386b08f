/** What happens on maps of 512 x 512 probes once the similarity is known. No raw data, so there are times only. */

import { growClusters } from "../cluster/growth.ts";
import { allDirections, meanSimilarity } from "../cluster/neighbours.ts";
import { summariseClusters } from "../cluster/summary.ts";
import { triangleThreshold } from "../cluster/triangle.ts";
import { Random } from "../simulation/random.ts";

const rows = 512, columns = 512;
/** Grains as squares of 32 x 32 probes: neighbours within one are similar, others are not. */
const grain = 32;
const forward = forwardSimilarity();
const similarity = allDirections(forward, rows, columns);
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
        result[4 * (row * columns + column) + direction] = (alike ? 0.9 : 0.4) + 0.1 * random.uniform();
      });
    }
  }
  return result;
}

function grow() {
  const settings = { threshold: 0.9, borderWidth: 0, minimumSize: 4 };
  return growClusters({ rows, columns, similarity, meanSimilarity: mean, mask, ...settings });
}

const growth = grow();
const suffix = `${rows} x ${columns} probes`;
Deno.bench(`growth of ${growth.sizes.length} clusters, ${suffix}`, { n: 10 }, () => void grow());
Deno.bench(`summary of ${growth.sizes.length} clusters, ${suffix}`, { n: 10 }, () => {
  summariseClusters(growth, columns, mean);
});
Deno.bench(`triangle threshold, ${suffix}`, { n: 30 }, () => void triangleThreshold(mean));
Deno.bench(`all directions, ${suffix}`, { n: 10 }, () => void allDirections(forward, rows, columns));
Deno.bench(`mean similarity, ${suffix}`, { n: 10 }, () => void meanSimilarity(similarity, null));

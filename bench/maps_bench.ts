/** What happens on maps of 512 x 512 probes once the similarity is known. No raw data, so there are times only. */

import { growClusters } from "../library/cluster/growth.ts";
import { allDirections, meanSimilarity } from "../library/scan/neighbours.ts";
import { summariseClusters } from "../library/cluster/summary.ts";
import { triangleThreshold } from "../library/cluster/triangle.ts";
import { grainSimilarity } from "./grain_similarity.ts";

const rows = 512, columns = 512;
const forward = grainSimilarity(rows, columns, { within: 0.9, across: 0.4, spread: 0.1 });
const similarity = allDirections(forward, rows, columns);
const mean = meanSimilarity(similarity, null);
const mask = new Uint8Array(rows * columns).fill(1);

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

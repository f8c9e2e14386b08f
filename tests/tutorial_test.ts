/** The figures of the first steps are what their commands give. */

import assert from "node:assert/strict";
import { growClusters } from "../library/cluster/growth.ts";
import {
  clusterScan,
  defaultParameters,
  defaultPrefilter,
  type PrefilterParameters,
  simulateScan,
} from "../mod.ts";
import { tableRows } from "../tasks/documentation/markdown.ts";
import { read, tutorial } from "./support/pages.ts";

/** Similarities of the tutorial's simulated scan, grown with any threshold. */
async function tutorialScan(prefilter: PrefilterParameters | null) {
  const { similarity, meanSimilarity, mask, shape } = await clusterScan(simulateScan({ seed: 3 }), {
    ...defaultParameters,
    blur: 1,
    detectorMask: { kind: "outside", radius: 6 },
    prefilter,
    threshold: 0.98,
  });
  return (threshold: number) => {
    const { sizes } = growClusters({
      ...{ rows: shape.rows, columns: shape.columns, similarity, meanSimilarity, mask, threshold },
      borderWidth: defaultParameters.borderWidth,
      minimumSize: defaultParameters.minimumSize,
    });
    const covered = sizes.reduce((sum, size) => sum + size, 0) / mask.length;
    return [sizes.length, `${(100 * covered).toFixed(1)} %`, Math.max(...sizes)] as const;
  };
}

Deno.test("the tutorial's table of thresholds is what the commands give", async () => {
  const grow = await tutorialScan(null);
  const rows = tableRows(read(tutorial)).filter(([first]) => /^0\.9\d*$/.test(first));
  assert.equal(rows.length, 6);
  for (const [threshold, clusters, coverage, largest] of rows) {
    const found = grow(Number(threshold));
    assert.deepEqual([Number(clusters), coverage, Number(largest.replace(",", ""))], found, threshold);
  }
});

Deno.test("with the prefilter the tutorial's scan clusters alike at every threshold from 0.95 to 0.99", async () => {
  const claim = "every threshold from 0.95 to 0.99 then gives 20 to 23 clusters";
  assert.ok(read(tutorial).replace(/\s+/g, " ").includes(claim));
  const grow = await tutorialScan({ ...defaultPrefilter, edge: 2 });
  for (let percent = 95; percent <= 99; percent++) {
    const [clusters] = grow(percent / 100);
    assert.ok(clusters >= 20 && clusters <= 23, `${clusters} clusters at 0.${percent}`);
  }
});

/** What needs no parameter copes with scans that show nothing, little, or something else than electrons. */

import assert from "node:assert/strict";
import { autoPreset } from "../../../library/cluster/presets.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { seededRandom } from "../../support/random.ts";

const shape = { rows: 6, columns: 7, patternRows: 32, patternColumns: 32 };
const pixels = 32 * 32, probes = 6 * 7;
const beam = (pixel: number) =>
  100 * Math.exp(-((pixel % 32 - 16) ** 2 + (Math.floor(pixel / 32) - 16) ** 2) / 8);
const methods: readonly ClusterParameters[] = [autoPreset, { ...autoPreset, method: "growth" }];

for (const parameters of methods) {
  const name = `--preset auto --method ${parameters.method}`;

  Deno.test(`${name}: a scan of zeros is no reason to fail`, async () => {
    const { labels, warnings } = await clusterScan(
      scanFromArray(new Uint16Array(probes * pixels), shape),
      parameters,
    );
    assert.equal(labels.length, probes);
    assert.ok(warnings.length > 0);
  });

  Deno.test(`${name}: nothing but the direct beam is one region`, async () => {
    const data = Uint16Array.from({ length: probes * pixels }, (_, i) => Math.round(beam(i % pixels)));
    const { clusters } = await clusterScan(scanFromArray(data, shape), parameters);
    assert.ok(clusters.length <= 1);
  });

  Deno.test(`${name}: a single probe is in no cluster of four`, async () => {
    const data = Float32Array.from({ length: pixels }, (_, i) => beam(i) + (i * 7 % 13 === 0 ? 3 : 0));
    const one = scanFromArray(data, { ...shape, rows: 1, columns: 1 });
    assert.equal((await clusterScan(one, parameters)).clusters.length, 0);
  });

  Deno.test(`${name}: negative and fractional values give finite results`, async () => {
    const random = seededRandom(5);
    const data = Float32Array.from(
      { length: probes * pixels },
      (_, i) => beam(i % pixels) + 20 * (random() - 0.5),
    );
    const { clusters, regions, meanSimilarity } = await clusterScan(scanFromArray(data, shape), parameters);
    assert.ok(clusters.every(({ meanSimilarity }) => Number.isFinite(meanSimilarity)));
    assert.ok(meanSimilarity.every(Number.isFinite));
    assert.ok(regions === undefined || regions.margin.every(Number.isFinite));
  });

  Deno.test(`${name}: a detector that is all beam is refused with a remedy`, async () => {
    const data = new Uint16Array(probes * pixels).fill(7);
    await assert.rejects(clusterScan(scanFromArray(data, shape), parameters), (error) => {
      assert.ok(error instanceof BadParameter);
      assert.match(error.details.remedy ?? "", /`detectorMask`/);
      return true;
    });
  });
}

Deno.test("a scan of one row and one of one column have regions", async () => {
  const random = seededRandom(6);
  const spots = [[8, 8], [24, 10]];
  for (const [rows, columns] of [[1, 40], [40, 1]]) {
    const data = Uint16Array.from({ length: 40 * pixels }, (_, i) => {
      const [y, x] = spots[Math.floor(i / pixels) < 20 ? 0 : 1], pixel = i % pixels;
      const spot = 60 * Math.exp(-((pixel % 32 - x) ** 2 + (Math.floor(pixel / 32) - y) ** 2) / 6);
      return Math.floor(beam(pixel) + spot + 3 * random());
    });
    const scan = scanFromArray(data, { ...shape, rows, columns });
    const { clusters, labels } = await clusterScan(scan, { ...autoPreset, mask: { kind: "none" } });
    assert.equal(labels.length, 40);
    assert.ok(clusters.length >= 1 && clusters.length <= 2, `${clusters.length}`);
  }
});

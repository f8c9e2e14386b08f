/** The pipeline gives the results of the published implementation and of the paper's formulas on the golden scans. */

import assert from "node:assert/strict";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { filterScan } from "../../../library/passes/prefilter/filter_scan.ts";
import { growClusters } from "../../../library/cluster/growth.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { defaultParameters, py4dstemPreset } from "../../../library/cluster/presets.ts";
import { defaultPrefilter } from "../../../library/passes/prefilter/parameters.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { triangleThreshold } from "../../../library/cluster/triangle.ts";
import {
  assertSamePartition,
  type Golden,
  goldenNames,
  largestDifference,
  readGolden,
} from "../../support/golden.ts";
import { collectAverages } from "../../support/averages.ts";
import { sharedTest } from "../../support/shared.ts";

const single = { workers: 1 };

function regrow(clustering: Clustering, threshold: number, change: Partial<ClusterParameters> = {}) {
  const { borderWidth, minimumSize } = { ...clustering.parameters, ...change };
  const { rows, columns } = clustering.shape;
  return growClusters({ ...clustering, rows, columns, threshold, borderWidth, minimumSize }).labels;
}

for (const name of goldenNames) {
  for (const blur of [0, 1.5, 3]) {
    for (const masked of [false, true]) {
      const tag = `s${blur}_m${masked ? 1 : 0}`;
      sharedTest(
        `${name}, py4DSTEM preset, ${tag}: similarity and labels equal the published implementation's`,
        async () => {
          const { scan, results, annulus } = readGolden(name);
          const thresholds = results[`py4dstem_T_${tag}`].data as Float64Array;
          const clustering = await clusterScan(scan, {
            ...py4dstemPreset,
            blur,
            detectorMask: masked ? annulus : { kind: "none" },
            threshold: thresholds[0],
          }, single);
          const reference = results[`py4dstem_S_${tag}`].data as Float32Array;
          const difference = largestDifference(clustering.similarity, reference, -1);
          assert.ok(difference <= 1e-6, `similarity differs by ${difference}`);
          "abcd".split("").forEach((letter, i) => {
            const labels = results[`py4dstem_labels_${tag}_${letter}`].data as Int32Array;
            assertSamePartition(regrow(clustering, thresholds[i]), labels, `threshold ${letter}`);
          });
        },
      );
    }
  }

  for (const metric of ["cosine", "pearson"] as const) {
    sharedTest(
      `${name}, ${metric}: similarity, triangle mask and labels equal the paper's formulas`,
      async () => {
        const golden = readGolden(name);
        const thresholds = golden.results[`paper_T_${metric}`].data as Float64Array;
        const parameters: ClusterParameters = {
          ...paperLike(golden),
          metric,
          threshold: thresholds[0],
          minimumSize: 1,
        };
        const clustering = await clusterScan(golden.scan, parameters, single);
        const difference = largestDifference(
          clustering.similarity,
          golden.results[`paper_S_${metric}`].data as Float32Array,
        );
        assert.ok(difference <= 1e-6, `similarity differs by ${difference}`);
        "abcd".split("").forEach((letter, i) => {
          const labels = golden.results[`paper_labels_${metric}_${letter}`].data as Int32Array;
          assertSamePartition(regrow(clustering, thresholds[i]), labels, `threshold ${letter}`);
        });
        const triangle = (golden.results[`paper_triangle_${metric}`].data as Float64Array)[0];
        assert.ok(Math.abs(triangleThreshold(clustering.meanSimilarity) - triangle) < 1e-6);
        const masked = await clusterScan(golden.scan, {
          ...parameters,
          threshold: thresholds[2],
          mask: { kind: "triangle" },
          minimumSize: 4,
        }, single);
        const labels = golden.results[`paper_labels_${metric}_triangle_min4`].data as Int32Array;
        assertSamePartition(masked.labels, labels, "triangle mask, minimum size 4");
      },
    );
  }

  sharedTest(`${name}: averages equal the published implementation's within 2e-5`, async () => {
    const { scan, results, annulus } = readGolden(name);
    const clustering = await clusterScan(scan, {
      ...py4dstemPreset,
      blur: 1.5,
      detectorMask: annulus,
      threshold: (results["py4dstem_T_s1.5_m1"].data as Float64Array)[2],
      minimumSize: 4,
    }, single);
    const cube = results["py4dstem_cube_s1.5_m1_c"];
    assert.equal(clustering.clusters.length, cube.shape[0]);
    const averages = await collectAverages(scan, clustering, single);
    assertClose(averages, cube.data as Float32Array, 2e-5);
  });

  sharedTest(`${name}: the prefilter equals the paper's formula within 1e-4`, async () => {
    const { scan, results } = readGolden(name);
    const prefilter = { ...defaultPrefilter, edge: 6 };
    const parts: Float32Array[] = [];
    for await (const { patterns } of filterScan(scan, { badPixels: { kind: "none" }, prefilter }, single)) {
      parts.push(patterns);
    }
    const { columns, patternRows, patternColumns } = scan.shape;
    const filtered = joined(parts), pixels = patternRows * patternColumns;
    const { shape, data } = results.prefilter_edge6;
    for (let row = 0; row < shape[0]; row++) {
      for (let column = 0; column < shape[1]; column++) {
        const start = (4 * row * columns + 4 * column) * pixels;
        const expected = (data as Float32Array).subarray((row * shape[1] + column) * pixels).subarray(
          0,
          pixels,
        );
        assertClose(filtered.subarray(start, start + pixels), expected, 1e-4);
      }
    }
  });
}

for (const name of goldenNames) {
  sharedTest(
    `${name}: the sum of the prefilter's weights at every probe equals the paper's formula within 1e-4`,
    async () => {
      const { scan, results } = readGolden(name);
      const { rows, columns } = scan.shape;
      const prefilter = { ...defaultPrefilter, edge: 6 };
      const parameters: ClusterParameters = {
        ...defaultParameters,
        badPixels: { kind: "none" },
        threshold: 1,
        prefilter,
      };
      const { offsets, values } = (await clusterScan(scan, parameters, single)).prefilterWeights!;
      const sums = new Float64Array(rows * columns);
      for (let probe = 0; probe < rows * columns; probe++) {
        offsets.forEach(([down, right], k) => {
          const weight = values[probe * offsets.length + k];
          sums[probe] += weight;
          // Weights outside the scan are zero, so the mirrored probe exists where there is one.
          if (k > 0 && weight > 0) sums[probe + down * columns + right] += weight;
        });
      }
      const expected = results.prefilter_weights_sum.data as Float32Array;
      const relative = Math.max(
        ...Array.from(sums, (sum, probe) => Math.abs(sum - expected[probe]) / expected[probe]),
      );
      assert.ok(relative <= 1e-4, `differs by ${relative}`);
    },
  );
}

for (const name of goldenNames) {
  sharedTest(
    `${name}: filtered similarities of fast and exact path are within 1e-5, and labels and mask are equal`,
    async () => {
      const { scan } = readGolden(name);
      const parameters: Omit<ClusterParameters, "threshold"> = {
        ...defaultParameters,
        ...{ badPixels: { kind: "none" }, blur: 3, prefilter: { ...defaultPrefilter, edge: 6 } },
      };
      for (const threshold of [0.95, 0.99, 0.998]) {
        const fast = await clusterScan(scan, { ...parameters, threshold }, single);
        const exact = await clusterScan(scan, { ...parameters, threshold, exact: true }, single);
        assert.ok(fast.comparison.correlationError! <= 5e-6);
        assert.equal(exact.comparison.correlationError, fast.comparison.correlationError);
        assert.deepEqual(fast.prefilterWeights!.values, exact.prefilterWeights!.values);
        assert.deepEqual([fast.labels, fast.mask], [exact.labels, exact.mask]);
        assert.ok(largestDifference(fast.similarity, exact.similarity) <= 1e-5);
      }
    },
  );
}

function paperLike({ annulus }: Golden): Omit<ClusterParameters, "threshold"> {
  return { ...defaultParameters, badPixels: { kind: "none" }, blur: 1.5, detectorMask: annulus };
}

function joined(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Relative to the largest value of the expected array. */
function assertClose(found: Float32Array, expected: Float32Array, tolerance: number): void {
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const difference = largestDifference(found, expected);
  assert.ok(difference <= tolerance * scale, `differs by ${difference / scale} of the largest value`);
}

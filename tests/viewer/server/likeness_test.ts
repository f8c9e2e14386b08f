/** How alike averages of clusters are, as the page gets it, is what the run's own comparison of the averages says. */

import assert from "node:assert/strict";
import { encodeParts } from "../../../viewer/protocol/parts.ts";
import type { LikenessHeader } from "../../../viewer/protocol/patterns.ts";
import { withFolder } from "../../support/folders.ts";
import { failureOf, partsOf, withServer } from "../../support/serving.ts";
import {
  countLabels,
  labelsOf,
  patternAt,
  patternSide,
  scanColumns,
  writeResult,
  writeScan,
} from "../../support/viewer_scans.ts";

const pixels = patternSide ** 2,
  words = ["--bad-pixels", "none", "--threshold", "0.985", "--q-mask", "outside:4"];

/** Cosine, of centred numbers where that is the metric, over pixels that are compared. */
function plainLikeness(
  one: Float64Array,
  other: Float64Array,
  keep: (pixel: number) => boolean,
  centred: boolean,
) {
  const kept = Array.from(one.keys()).filter(keep);
  const values = [one, other].map((own) => {
    const mean = centred ? kept.reduce((sum, pixel) => sum + own[pixel], 0) / kept.length : 0;
    return kept.map((pixel) => own[pixel] - mean);
  });
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, at) => sum + value * b[at], 0);
  return dot(values[0], values[1]) / Math.sqrt(dot(values[0], values[0]) * dot(values[1], values[1]));
}

for (const metric of ["cosine", "pearson"] as const) {
  Deno.test(`likeness of averages by ${metric}, of all clusters and of some`, () =>
    withFolder(async (folder) => {
      const scan = await writeScan(folder, "film.npy", undefined, 0);
      const result = await writeResult(folder, scan.path, [...words, "--metric", metric]);
      const labels = labelsOf(result), count = countLabels(labels);
      const members = Array.from(
        { length: count },
        (_, id) => Array.from(labels.keys()).filter((probe) => labels[probe] === id),
      );
      const averages = members.map((probes) => {
        const sum = new Float64Array(pixels);
        for (const probe of probes) {
          const pattern = patternAt(scan, Math.floor(probe / scanColumns), probe % scanColumns);
          for (let pixel = 0; pixel < pixels; pixel++) sum[pixel] += pattern[pixel] / probes.length;
        }
        return sum;
      });
      await withServer({ roots: [folder] }, async (server) => {
        const { id, clustering } = await server.open(result), { row, column } = clustering!.center;
        const keep = (pixel: number) =>
          Math.hypot(Math.floor(pixel / patternSide) - row, pixel % patternSide - column) > 4;
        const ask = (groups: readonly number[][], more = {}) =>
          server.post(
            `/api/items/${id}/likeness`,
            encodeParts({
              header: { sizes: groups.map((group) => group.length), ...more },
              arrays: { probes: Uint32Array.from(groups.flat()) },
            }),
          );
        const { header, arrays } = await partsOf<LikenessHeader>(ask(members));
        const vectors = arrays.vectors as Float32Array;
        assert.equal(header.bin, 1);
        assert.equal(vectors.length, count * pixels);
        let low = 1;
        for (let one = 0; one < count; one++) {
          for (let other = 0; other < count; other++) {
            let found = 0;
            for (let pixel = 0; pixel < pixels; pixel++) {
              found += vectors[one * pixels + pixel] * vectors[other * pixels + pixel];
            }
            const expected = plainLikeness(averages[one], averages[other], keep, metric === "pearson");
            assert.ok(Math.abs(found - expected) < 1e-4, `${one}, ${other}: ${found} for ${expected}`);
            low = Math.min(low, expected);
          }
        }
        assert.ok(low < 0.9, `clusters that are not alike: ${low}`);
        // Those that a correction made are compared with those that are known.
        const joined = [...members[0], ...members[1]].sort((a, b) => a - b);
        const some = await partsOf<LikenessHeader>(ask([joined], { bin: 2 }));
        assert.equal(some.header.bin, 2);
        assert.equal(some.arrays.vectors.length, pixels / 4);
        for (const wrong of [[[0, 1], [1]], [[labels.length]], [[]]]) {
          assert.equal((await failureOf(ask(wrong))).status, 400, JSON.stringify(wrong));
        }
      });
    }));
}

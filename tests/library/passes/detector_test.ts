/** Bad pixels, direct beam, masks and outlines (spec stages 0, 4 and 7). */

import assert from "node:assert/strict";
import { detectorMaskPixels, indexCenter } from "../../../library/passes/detector/detector_mask.ts";
import {
  divideBadPixels,
  fillTable,
  findBadPixels,
  findDirectBeam,
} from "../../../library/passes/detector/bad_pixels_and_beam.ts";
import { sampleDetector } from "../../../library/passes/detector/detector_sample.ts";
import { clusterOutlines } from "../../../library/cluster/outlines.ts";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { triangleThreshold } from "../../../library/cluster/triangle.ts";
import { virtualImage } from "../../../library/passes/virtual_image.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { seededRandom } from "../../support/random.ts";

const detector = { rows: 1, columns: 1, patternRows: 12, patternColumns: 15 };
const at = (row: number, column: number) => row * 15 + column;

Deno.test("95 % of hot pixels off the direct beam are found and no sound pixel is called bad, on 24 simulations", async () => {
  let present = 0, missed = 0;
  for (let seed = 1; seed <= 24; seed++) {
    const layout = seed % 2 ? "film" : "particles", dose = seed % 3 ? 20000 : 2000;
    const scan = simulateScan({ rows: 32, columns: 32, hotPixels: 8, layout, dose, seed });
    const found = await findBadPixels(await sampleDetector(scan), scan.shape);
    const hot = new Set(scan.truth.hotPixels);
    const [row, column] = scan.truth.center;
    found.forEach((bad, pixel) => assert.ok(!bad || hot.has(pixel), `seed ${seed}: pixel ${pixel} is sound`));
    for (const pixel of hot) {
      // In the direct beam, and in places on a bright ring, a hot pixel is lost among the counts.
      if (Math.hypot(Math.floor(pixel / 64) - row, pixel % 64 - column) < 6) continue;
      present++;
      if (!found[pixel]) missed++;
    }
  }
  assert.ok(present > 150 && missed <= 0.05 * present, `${missed} of ${present} are missed`);
});

Deno.test("a dead pixel is one without a count where its neighbours predict at least 20", async () => {
  for (const [expected, bad] of [[0.1, 0], [0.3, 1]]) {
    const mean = new Float64Array(180).fill(expected);
    mean[at(5, 7)] = 0;
    const found = await findBadPixels({ mean, parts: [mean], patterns: 100 }, detector);
    assert.equal(found[at(5, 7)], bad);
    assert.equal(found.reduce((sum, value) => sum + value, 0), bad);
  }
});

Deno.test("two hot pixels side by side are both found; a bright disk is not", async () => {
  const mean = new Float64Array(180).fill(2);
  mean[at(3, 3)] = 90;
  mean[at(3, 4)] = 70;
  for (let row = 6; row < 11; row++) for (let column = 6; column < 11; column++) mean[at(row, column)] = 400;
  const found = await findBadPixels({ mean, parts: [mean], patterns: 1000 }, detector);
  assert.deepEqual(Array.from(found.keys()).filter((pixel) => found[pixel]), [at(3, 3), at(3, 4)]);
});

Deno.test("bad regions of more than 9 pixels are masked, smaller ones filled from good neighbours only", () => {
  const bad = new Uint8Array(180);
  for (let row = 1; row < 4; row++) for (let column = 1; column < 4; column++) bad[at(row, column)] = 1;
  for (let column = 2; column < 12; column++) bad[at(9, column)] = 1;
  const { filled, masked } = divideBadPixels(bad, detector);
  assert.equal(filled.length, 9);
  assert.deepEqual(masked, Array.from({ length: 10 }, (_, i) => at(9, 2 + i)));
  const { table, count } = fillTable(filled, masked, detector);
  assert.equal(count, 19);
  for (let entry = 0; entry < 9; entry++) {
    const [pixel, n, ...near] = table.subarray(26 * entry, 26 * entry + 26);
    assert.equal(bad[pixel], 1);
    assert.ok(n > 0, "even the middle of nine has good pixels two away");
    near.slice(0, n).forEach((other) => assert.equal(bad[other], 0));
  }
  for (let entry = 9; entry < 19; entry++) assert.equal(table[26 * entry + 1], 0);
});

Deno.test("hot pixels no longer disturb the similarity once they are filled", async () => {
  const parameters = { ...defaultParameters, threshold: 0.9, blur: 1 };
  const clean = simulateScan({ rows: 12, columns: 12, hotPixels: 0, seed: 4, grains: 3 });
  const data = new Uint16Array(144 * 64 * 64);
  clean.readRows(0, 12, data);
  const random = seededRandom(2), hot = Array.from({ length: 6 }, () => 500 + Math.floor(random() * 400));
  const disturbed = data.map((value, i) =>
    hot.includes(i % 4096) ? value + 3000 + Math.floor(random() * 60) : value
  );
  const [reference, filled, ignored] = await Promise.all([
    clusterScan(scanFromArray(data, clean.shape), { ...parameters, badPixels: { kind: "none" } }, {
      workers: 1,
    }),
    clusterScan(scanFromArray(disturbed, clean.shape), parameters, { workers: 1 }),
    clusterScan(scanFromArray(disturbed, clean.shape), { ...parameters, badPixels: { kind: "none" } }, {
      workers: 1,
    }),
  ]);
  assert.deepEqual(filled.badPixels.filled, Array.from(new Set(hot)).sort((a, b) => a - b));
  const error = (found: Float32Array) =>
    Math.max(...Array.from(found, (value, i) => Math.abs(value - reference.meanSimilarity[i])));
  assert.ok(error(filled.meanSimilarity) < 0.005, `${error(filled.meanSimilarity)}`);
  assert.ok(error(ignored.meanSimilarity) > 0.02);
});

Deno.test("a masked region counts neither in the similarity nor in the averages", async () => {
  const shape = { rows: 2, columns: 2, patternRows: 8, patternColumns: 8 };
  const random = seededRandom(6);
  const base = Uint16Array.from({ length: 64 }, () => 5 + random() * 50);
  const bad = new Uint8Array(64).fill(1, 0, 24);
  const data = new Uint16Array(256).map((_, i) => i % 64 < 24 ? random() * 60000 : base[i % 64]);
  const parameters = {
    ...defaultParameters,
    threshold: 1,
    minimumSize: 1,
    badPixels: { kind: "pixels", bad, source: "stop.npy" },
  } as const;
  const { clusters, badPixels } = await clusterScan(scanFromArray(data, shape), parameters, { workers: 1 });
  assert.equal(clusters.length, 1);
  assert.equal(badPixels.masked.length, 24);
});

Deno.test("the direct beam of a simulated scan is found within a third of a pixel, off centre too", async () => {
  for (const offset of [[0, 0], [4.3, -6.2], [-3.5, 2.25]] as const) {
    const scan = simulateScan({ rows: 10, columns: 10, offset, seed: 5 });
    const beam = findDirectBeam(await sampleDetector(scan), scan.shape);
    const [row, column] = scan.truth.center;
    assert.ok(Math.hypot(beam.row - row, beam.column - column) < 0.34, `${beam.row} ${beam.column}`);
    assert.ok(Math.abs(beam.radius - scan.truth.diskRadius) < 1);
  }
});

Deno.test("detector masks keep the pixels that their names say, borders included where the words say so", () => {
  const shape = { rows: 1, columns: 1, patternRows: 7, patternColumns: 7 };
  const kept = (mask: Parameters<typeof detectorMaskPixels>[0]) =>
    detectorMaskPixels(mask, shape, indexCenter(shape))!.reduce((sum, keep) => sum + keep, 0);
  assert.equal(detectorMaskPixels({ kind: "none" }, shape, indexCenter(shape)), null);
  assert.equal(kept({ kind: "disk", radius: 1 }), 5);
  assert.equal(kept({ kind: "outside", radius: 1 }), 44);
  assert.equal(kept({ kind: "annulus", inner: 1, outer: 2 }), 12);
  assert.equal(kept({ kind: "annulus", inner: 2, outer: 2 }), 4);
});

Deno.test("the triangle threshold lies at the foot of the longer slope and mirrors with the values", () => {
  const random = seededRandom(12);
  const values = Float32Array.from(
    { length: 20000 },
    () => Math.max(0, 0.9 - 0.05 * Math.abs(Math.log(random()))),
  );
  const threshold = triangleThreshold(values);
  assert.ok(threshold > 0.6 && threshold < 0.9);
  const mirrored = triangleThreshold(values.map((value) => 1 - value));
  assert.ok(Math.abs(threshold + mirrored - 1) < 0.01);
  assert.equal(triangleThreshold([3, 3, 3]), 3);
});

Deno.test("outlines are closed, go round each region once, and enclose exactly its probes", () => {
  const columns = 9;
  const picture = [
    "11.......",
    "1.1..222.",
    "111..2.2.",
    ".....222.",
    "........1",
  ];
  const labels = Int32Array.from(picture.join(""), (sign) => sign === "." ? -1 : Number(sign));
  const bounds = { firstRow: 0, lastRow: 4, firstColumn: 0, lastColumn: 8 };
  for (const id of [1, 2]) {
    const outlines = clusterOutlines(labels, columns, { id, bounds });
    for (const line of outlines) assert.deepEqual(line[0], line[line.length - 1]);
    for (let probe = 0; probe < labels.length; probe++) {
      const row = Math.floor(probe / columns), column = probe % columns;
      // Crossings of a ray to the right, a little off the grid: odd = inside.
      const crossings = outlines.flatMap((line) => line.slice(1).map((end, i) => [line[i], end])).filter(
        ([[y0, x0], [y1, x1]]) => {
          const y = row + 1e-4;
          return (y0 <= y) !== (y1 <= y) && x0 + (y - y0) / (y1 - y0) * (x1 - x0) > column;
        },
      );
      assert.equal(crossings.length % 2 === 1, labels[probe] === id, `${id}: ${row}, ${column}`);
    }
  }
  assert.equal(
    clusterOutlines(labels, columns, { id: 2, bounds }).length,
    2,
    "one line outside, one around the hole",
  );
});

Deno.test("a dark-field image of a simulated scan is the sum of the counts on the annulus", async () => {
  const scan = simulateScan({ rows: 5, columns: 4, seed: 9, grains: 2, hotPixels: 0 });
  const image = await virtualImage(scan, {
    detector: { kind: "annulus", inner: 10, outer: 20 },
    center: { kind: "index" },
    badPixels: { kind: "none" },
  }, { workers: 1 });
  const data = new Uint16Array(20 * 4096);
  scan.readRows(0, 5, data);
  for (let probe = 0; probe < 20; probe++) {
    let sum = 0;
    for (let i = 0; i < 4096; i++) {
      const radius = Math.hypot(Math.floor(i / 64) - 31.5, i % 64 - 31.5);
      if (radius >= 10 && radius <= 20) sum += data[probe * 4096 + i];
    }
    assert.equal(image[probe], sum);
  }
});

/** Scans of a few probes or pixels, and maps of which little is handed out: what is said of them holds. */

import assert from "node:assert/strict";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { countWarnings } from "../../../library/cluster/count_warnings.ts";
import { autoPreset } from "../../../library/cluster/presets.ts";
import { findRegions } from "../../../library/cluster/regions/regions.ts";
import { segment } from "../../../library/cluster/segment.ts";
import type { Sketch } from "../../../library/passes/sketch/sketch.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { grainScan } from "../../support/scans.ts";
import { drawnSketch } from "../../support/sketches.ts";

/** What regions of a sketch come to, with half of the electrons just like it. */
function segmented(sketch: Sketch) {
  const { rows, columns } = sketch, probes = rows * columns;
  const window = { top: 0, left: 0, rows, columns };
  return segment({
    shape: { rows, columns, patternRows: 16, patternColumns: 16 },
    parameters: autoPreset,
    similarity: new Float32Array(8 * probes).fill(1),
    meanSimilarity: new Float32Array(probes).fill(1),
    sketches: { whole: sketch, windows: [{ window, half: sketch }] },
    mask: new Uint8Array(probes).fill(1),
  });
}

for (const [rows, columns] of [[1, 1], [1, 2], [2, 1], [1, 3], [2, 2]]) {
  Deno.test(`a scan of ${rows} x ${columns} probes has no cluster that could be trusted`, async () => {
    const shape = { rows, columns, patternRows: 16, patternColumns: 16 }, scan = grainScan(shape);
    const parameters = { ...autoPreset, minimumSize: 5 };
    const { clusters, regions, warnings } = await clusterScan(scan, parameters, { workers: 1 });
    assert.deepEqual([clusters.length, regions!.stability], [0, 0]);
    assert.match(warnings.join(" "), /No region has 5 probes or more/);
    assert.doesNotMatch(warnings.join(" "), /stability/);
  });
}

Deno.test("pairs of regions that are too small to be clusters are not listed", () => {
  const strong = [1, 0], alike = [0.7, Math.sqrt(1 - 0.49)];
  const pairsOf = (width: number) => {
    const features = new Float32Array(2 * width);
    for (let probe = 0; probe < width; probe++) {
      features.set(probe < width / 2 ? strong : alike, 2 * probe);
    }
    const noise = new Float32Array(width).fill(1e-9);
    const { growth, regions } = segmented({
      rows: 1,
      columns: width,
      length: 2,
      features,
      noise,
      degreesOfFreedom: 2,
    });
    return [growth.sizes.length, regions!.borderlinePairs.length];
  };
  assert.deepEqual(pairsOf(6), [0, 0]);
  assert.deepEqual(pairsOf(20), [2, 1]);
});

/** A crystal with a hole of three by three probes, in a field of a size. */
function ring(field: number): Sketch {
  const inField = (row: number, column: number) => {
    const from = (field - 12) / 2, y = row - from, x = column - from;
    if (y < 0 || x < 0 || y >= 12 || x >= 12) return "v";
    return y >= 4 && y < 7 && x >= 4 && x < 7 ? "v" : "a";
  };
  const map = Array.from(
    { length: field },
    (_, row) => Array.from({ length: field }, (_, column) => inField(row, column)).join(""),
  ).join(" ");
  return drawnSketch({ map, noise: 0.05, empty: "v" }).sketch;
}

Deno.test("probes of a cluster may be clustered, those of the background not, whoever had them first", () => {
  const { growth, mask, background } = segmented(ring(24));
  assert.ok(background!.present && growth.sizes.length === 1);
  assert.deepEqual(Array.from(mask), Array.from(growth.labels, (label) => label >= 0 ? 1 : 0));
});

Deno.test("a background of which nothing is left is none", () => {
  const { background, labels } = findRegions(ring(12), { background: "auto" });
  assert.ok(background.proposed.includes(1) && labels.every((label) => label === 0));
  assert.deepEqual([background.present, background.coverage], [false, 0]);
});

Deno.test("of a detector of a few pixels it is said that it is too small, not that the beam fills it", async () => {
  for (const side of [1, 4, 7]) {
    const shape = { rows: 6, columns: 6, patternRows: side, patternColumns: side };
    const scan = scanFromArray(new Uint16Array(36 * side * side).map((_, i) => i % 7), shape);
    for (const parameters of [autoPreset, { ...autoPreset, method: "growth" } as const]) {
      await assert.rejects(clusterScan(scan, parameters, { workers: 1 }), (error: BadParameter) => {
        assert.ok(error instanceof BadParameter);
        assert.match(error.message, /too small/);
        return true;
      });
    }
  }
});

Deno.test("of the only cluster it is said what it holds", () => {
  const inside = (count: number) => new Uint8Array(100).fill(1, 0, count);
  const said = (method: "regions" | "growth", masked: number, ...sizes: number[]) =>
    countWarnings({ method, minimumSize: 4 }, {
      threshold: method === "growth" ? 0.9 : null,
      recorded: inside(100),
      mask: inside(masked),
      sizes,
    }).join(" ");
  assert.match(said("regions", 100, 100), /^Everything is one region/);
  assert.match(said("regions", 30, 30), /^All but the background is one region/);
  assert.match(said("regions", 100, 97), /^Only one region has 4 probes or more; lower --min-size/);
  assert.match(said("growth", 100, 100), /^Everything fell into one cluster; raise the threshold/);
  assert.match(said("growth", 60, 60), /^All but the background fell into one cluster/);
  assert.match(said("growth", 100, 90), /^Only one cluster has 4 probes or more at threshold 0.9; raise/);
  assert.match(said("growth", 100, 20), /^Only one cluster has 4 probes or more at threshold 0.9; lower/);
  assert.match(said("growth", 100), /^No cluster has 4 probes or more at threshold 0.9/);
  assert.match(said("regions", 100), /^No region has 4 probes or more; lower/);
  assert.match(said("growth", 0), /mask is empty/);
  assert.equal(said("regions", 100, 50, 50), "");
});

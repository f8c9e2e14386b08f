/** A scan clustered in parts gives the bytes of one that is clustered at once. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { equalBands, missingRows, overlapping } from "../../../library/distributed/bands.ts";
import { openScan } from "../../../library/formats/open.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { bytesPerElement, createPixelArray, type DType } from "../../../library/scan/dtype.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { collectAverages } from "../../support/averages.ts";
import { withFolder } from "../../support/folders.ts";
import { clusterInParts, parametersFrom } from "../../support/scan_parts.ts";

const shape = { rows: 13, columns: 12, patternRows: 64, patternColumns: 64 };

/** Writes a film as a file. */
async function writeFilm(folder: string, dtype: DType = "u16"): Promise<string> {
  const scan = simulateScan({ ...shape, grains: 4, seed: 5, twinFraction: 0 });
  const counts = new Uint16Array(shape.rows * shape.columns * 64 * 64);
  scan.readRows(0, shape.rows, counts);
  const data = createPixelArray(dtype, counts.length);
  // Thirds are no sums that floats could make in any order.
  data.set(dtype === "f32" ? Float32Array.from(counts, (count) => count / 3) : counts);
  assert.equal(data.byteLength, counts.length * bytesPerElement(dtype));
  const path = join(folder, `film-${dtype}.npy`);
  await Deno.writeFile(path, encodeNpy(dtype, [13, 12, 64, 64], data));
  return path;
}

const prefilter = [
  "--prefilter",
  "--prefilter-blur",
  "2",
  "--prefilter-radius",
  "2",
  "--prefilter-edge",
  "2",
];
const ways: Record<
  string,
  { words: readonly string[]; path: RegExp; bands: readonly number[]; dtype?: DType }
> = {
  "fast": { words: ["--blur", "2", "--threshold", "0.97"], path: /fast/, bands: [1, 4, 6, 13] },
  "regions": { words: ["--preset", "auto"], path: /fast|exact/, bands: [1, 4, 6, 13] },
  "fast, masked": {
    words: ["--blur", "3", "--threshold", "0.99", "--q-mask", "disk:20"],
    path: /fast/,
    bands: [6],
  },
  "exact": { words: ["--blur", "2", "--threshold", "0.97", "--exact"], path: /exact/, bands: [4, 13] },
  "as recorded": {
    words: ["--threshold", "auto", "--q-mask", "auto"],
    path: /exact/,
    bands: [6],
    dtype: "f32",
  },
  "prefiltered, averages filtered": {
    words: ["--blur", "2", ...prefilter, "--threshold", "0.98", "--average", "filtered"],
    path: /fast/,
    bands: [1, 4, 13],
  },
  "prefiltered exactly": { words: [...prefilter, "--threshold", "auto"], path: /exact/, bands: [6] },
  "dark-field mask": {
    words: ["--blur", "2", "--threshold", "0.97", "--mask", "virtual"],
    path: /./,
    bands: [4],
  },
};

for (const [name, { words, path: expected, bands, dtype }] of Object.entries(ways)) {
  Deno.test(`${name}: ${bands.join(", ")} bands give the bytes of one run`, async () => {
    await withFolder(async (folder) => {
      const path = await writeFilm(folder, dtype);
      const scan = await openScan(path), options = { workers: 2 };
      try {
        const whole = await clusterScan(scan, await parametersFrom(path, words), options);
        const averages = await collectAverages(scan, whole, options);
        assert.match(whole.comparison.kind, expected);
        assert.ok(whole.clusters.length > 1, `${whole.clusters.length} clusters`);
        for (const count of bands) {
          const own = join(folder, String(count));
          await Deno.mkdir(own);
          const parts = await clusterInParts(path, words, equalBands(shape.rows, count), own);
          const { timings: _, ...one } = whole, { timings: __, ...many } = parts.clustering;
          assert.deepEqual(many, one, `${count} bands`);
          assert.deepEqual(new Uint8Array(parts.averages.buffer), new Uint8Array(averages.buffer));
        }
      } finally {
        scan.close();
      }
    });
  });
}

Deno.test("bands tile the rows, and gaps and overlaps are found", () => {
  assert.deepEqual(equalBands(13, 4), [[0, 3], [3, 6], [6, 9], [9, 13]]);
  assert.equal(equalBands(3, 10).length, 3);
  const bands = equalBands(12, 3);
  assert.deepEqual(missingRows(12, bands, [[0, 4], [8, 12]]), [[4, 8]]);
  // A gap that is wider than a band is made by several commands, one that is narrower by one.
  assert.deepEqual(missingRows(12, bands, [[0, 2]]), [[2, 4], [4, 8], [8, 12]]);
  assert.deepEqual(missingRows(12, bands, [[0, 12]]), []);
  assert.equal(overlapping([[4, 8], [0, 4], [8, 12]]), undefined);
  assert.deepEqual(overlapping([[4, 8], [0, 5]]), [1, 0]);
});

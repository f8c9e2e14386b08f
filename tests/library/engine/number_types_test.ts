/** Runs on scans of number types that have no kernels of their own, and on counts that are negative or large. */

import assert from "node:assert/strict";
import { autoPreset, defaultParameters } from "../../../library/cluster/presets.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { openScan } from "../../../library/formats/open.ts";
import { readsInParallel } from "../../../library/engine/loaded_scan.ts";
import type { CorruptFile } from "../../../library/scan/errors.ts";
import { bytesOf, createPixelArray, type PixelArray } from "../../../library/scan/dtype.ts";
import { binPatterns } from "../../../library/scan/binning.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { dtypeOfNumbers, numberBytes, type StoredNumber } from "../../../library/scan/stored_number.ts";
import { adjustedRandIndex } from "../../../library/scoring/agreement.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { virtualImage } from "../../../library/passes/virtual_image.ts";
import { collectAverages } from "../../support/averages.ts";
import { npy, zip } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { half, setNumber } from "../../support/raw_numbers.ts";
import { readAll } from "../../support/reading.ts";
import { grainScan } from "../../support/scans.ts";

const shape = { rows: 11, columns: 7, patternRows: 12, patternColumns: 13 };
const sizes = Object.values(shape), pixels = shape.patternRows * shape.patternColumns;
const parameters: ClusterParameters = {
  ...defaultParameters,
  badPixels: { kind: "none" },
  threshold: 0.85,
  minimumSize: 2,
};
const counts = await readAll(grainScan(shape));

/** Numbers as numpy writes them. */
function encode(values: ArrayLike<number | bigint>, numbers: StoredNumber, bigEndian = false): Uint8Array {
  const size = numberBytes(numbers), view = new DataView(new ArrayBuffer(values.length * size));
  for (let i = 0; i < values.length; i++) setNumber(view, numbers, i * size, values[i], bigEndian);
  const code = numbers === "bool" ? "b1" : `${numbers[0]}${size}`;
  return npy(`${bigEndian ? ">" : "<"}${code}`, sizes, view);
}

async function results(scan: Scan, workers: number) {
  const detector = { kind: "annulus", inner: 2, outer: 5 } as const,
    center = { kind: "at", row: 6, column: 6 } as const;
  const badPixels = { kind: "none" } as const;
  const { clusters, labels, similarity, ...clustering } = await clusterScan(scan, parameters, { workers });
  const averages = await collectAverages(scan, { ...clustering, clusters, labels, similarity }, { workers });
  const image = await virtualImage(scan, { detector, center, badPixels }, { workers });
  return { labels, similarity, averages, image };
}

Deno.test("scans of every type give what the same numbers give in a type that has kernels, read by threads or not", () =>
  withFolder(async (folder) => {
    const signed = Array.from(counts, (count) => Math.min(count, 60) - 20);
    const cases: [StoredNumber, ArrayLike<number>][] = [
      ["bool", Array.from(counts, (count) => count > 30 ? 1 : 0)],
      ["i8", signed],
      ["f16", Array.from(signed, (count) => count / 8)],
      ["i64", signed],
      ["u64", counts],
    ];
    for (const [numbers, values] of cases) {
      const twin = createPixelArray(dtypeOfNumbers(numbers), values.length);
      twin.set(values);
      const expected = await results(scanFromArray(twin, shape), 1);
      await Deno.writeFile(`${folder}/a.npy`, encode(values, numbers, true));
      await Deno.writeFile(
        `${folder}/a.npz`,
        zip([{ name: "data.npy", data: encode(values, numbers), deflated: true }]),
      );
      for (const name of ["a.npy", "a.npz"]) {
        const scan = await openScan(`${folder}/${name}`);
        assert.equal(readsInParallel(scan), name === "a.npy");
        assert.deepEqual(await results(scan, 3), expected, `${numbers} in ${name}`);
        scan.close();
      }
    }
  }));

Deno.test("a whole number of 64 bits that float64 does not hold ends a run with its place, unless its pixel is bad", () =>
  withFolder(async (folder) => {
    const place = (9 * shape.columns + 4) * pixels + 5;
    const cases: [StoredNumber, bigint][] = [
      ["i64", 2n ** 63n - 1n],
      ["i64", -(2n ** 63n)],
      ["u64", 2n ** 64n - 1n],
      ["u64", 2n ** 53n + 1n],
    ];
    for (const [numbers, large] of cases) {
      const values: (number | bigint)[] = Array.from(counts);
      values[place] = large;
      await Deno.writeFile(`${folder}/a.npy`, encode(values, numbers));
      await Deno.writeFile(
        `${folder}/a.npz`,
        zip([{ name: "data.npy", data: encode(values, numbers), deflated: true }]),
      );
      for (const name of ["a.npy", "a.npz"]) {
        const scan = await openScan(`${folder}/${name}`);
        for (const workers of [1, 2]) {
          await assert.rejects(clusterScan(scan, parameters, { workers }), (error: CorruptFile) => {
            assert.equal(error.kind, "CorruptFile");
            assert.match(error.message, /row 9, column 4 .*too large/);
            assert.match(error.details.remedy!, /badPixels|float64/);
            return true;
          });
        }
        const bad = Uint8Array.from({ length: pixels }, (_, pixel) => pixel === 5 ? 1 : 0);
        const spotted = { ...parameters, badPixels: { kind: "file" } as const };
        const { labels } = await clusterScan({ ...scan, badPixels: bad }, spotted, { workers: 2 });
        const twin = scanFromArray(Float64Array.from(counts), shape, { badPixels: bad });
        assert.deepEqual(labels, (await clusterScan(twin, spotted, { workers: 1 })).labels);
        scan.close();
      }
    }
  }));

Deno.test("NaN and infinity of 16-bit floats end a run with their place", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.npy`;
    for (const bits of [0x7c00, 0xfc00, 0x7e00, 0xfc01]) {
      const bytes = encode(Array.from(counts, (count) => half(0x3c00) * count), "f16");
      new DataView(bytes.buffer, bytes.length - 2 * counts.length).setUint16(
        2 * (23 * pixels + 7),
        bits,
        true,
      );
      await Deno.writeFile(path, bytes);
      const scan = await openScan(path);
      await assert.rejects(clusterScan(scan, parameters, { workers: 2 }), /row 3, column 2 .*not finite/);
      scan.close();
    }
  }));

/** What a virtual detector must give: the plain sum. */
function plainImage(data: PixelArray, inside: (pixel: number) => boolean): Float64Array {
  const image = new Float64Array(shape.rows * shape.columns);
  data.forEach((value, index) => {
    if (inside(index % pixels)) image[Math.floor(index / pixels)] += value;
  });
  return image;
}

Deno.test("dark-subtracted scans: negative counts are summed, averaged and compared as the numbers they are", () =>
  withFolder(async (folder) => {
    // A dark level as high as the background: about half of the pixels are negative.
    const data = Float64Array.from(counts, (count) => count - 4);
    assert.ok(data.filter((count) => count < 0).length > data.length / 4);
    const mask = Uint8Array.from({ length: pixels }, (_, pixel) => pixel % 3 === 0 ? 1 : 0);
    for (const numbers of ["i8", "i16", "i32", "i64", "f16", "f32", "f64"] as const) {
      const path = `${folder}/${numbers}.npy`;
      await Deno.writeFile(path, encode(Array.from(data, (count) => Math.min(count, 127)), numbers));
      const scan = await openScan(path), read = await readAll(scan);
      assert.deepEqual(Float64Array.from(read), data.map((count) => Math.min(count, 127)));
      const image = await virtualImage(scan, {
        detector: { kind: "pixels", keep: mask, source: "every third" },
        center: { kind: "at", row: 6, column: 6 },
        badPixels: { kind: "none" },
      }, { workers: 2 });
      assert.deepEqual(Float64Array.from(image), plainImage(read, (pixel) => mask[pixel] === 1), numbers);
      const clustering = await clusterScan(scan, parameters, { workers: 2 });
      assert.ok(
        clustering.clusters.length > 1 &&
          clustering.similarity.every((s) => Number.isNaN(s) || Math.abs(s) <= 1),
      );
      const averages = await collectAverages(scan, clustering, { workers: 2 });
      const sums = new Float64Array(pixels);
      const members = Array.from(clustering.labels.keys()).filter((probe) => clustering.labels[probe] === 0);
      for (const probe of members) {
        for (let pixel = 0; pixel < pixels; pixel++) sums[pixel] += read[probe * pixels + pixel];
      }
      assert.deepEqual(
        bytesOf(averages.subarray(0, pixels)),
        bytesOf(Float32Array.from(sums, (sum) => sum / members.length)),
        numbers,
      );
      scan.close();
    }
  }));

Deno.test("regions of a dark-subtracted scan are those of the counts", async () => {
  const scan = simulateScan({ rows: 24, columns: 24, grains: 4, seed: 3 }), all = await readAll(scan);
  const { labels } = await clusterScan(scan, autoPreset, { workers: 2 });
  assert.ok(new Set(labels).size > 3);
  // Less noise is expected of what is left than there is, so that some probes at borders may change sides.
  const dark = Int16Array.from(all, (count) => count - 1);
  assert.ok(dark.filter((count) => count < 0).length > dark.length / 4);
  for (const data of [dark, Int32Array.from(dark), Float32Array.from(dark)]) {
    const found = await clusterScan(scanFromArray(data, scan.shape), autoPreset, { workers: 2 });
    assert.ok(adjustedRandIndex(found.labels, labels) > 0.95);
  }
});

Deno.test("counts above 65535 and above 2^24 are never wrapped: read exactly, computed with 24 bits, binned exactly", () =>
  withFolder(async (folder) => {
    const places = [2 ** 16, 2 ** 16 + 1, 2 ** 24, 2 ** 24 + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
    const values = Float64Array.from(
      counts,
      (count, index) => index % pixels === 0 ? places[index / pixels % 7] : count,
    );
    const keep = Uint8Array.from({ length: pixels }, (_, pixel) => pixel === 0 ? 1 : 0);
    for (const numbers of ["u32", "u64", "i64", "f64"] as const) {
      await Deno.writeFile(`${folder}/a.npy`, encode(values, numbers));
      const scan = await openScan(`${folder}/a.npy`), read = await readAll(scan);
      assert.deepEqual(Float64Array.from(read), values);
      const image = await virtualImage(scan, {
        detector: { kind: "pixels", keep, source: "the first" },
        center: { kind: "at", row: 6, column: 6 },
        badPixels: { kind: "none" },
      }, { workers: 2 });
      assert.deepEqual(image, Float32Array.from(image, (_, probe) => places[probe % 7]));
      scan.close();
    }
    // Four of the largest counts of 32 bits together.
    const large = { rows: 1, columns: 1, patternRows: 2, patternColumns: 2 };
    const binned = binPatterns(scanFromArray(new Uint32Array(4).fill(2 ** 32 - 1), large), 2);
    assert.deepEqual(await readAll(binned), Float64Array.of(4 * (2 ** 32 - 1)));
  }));

/** Virtual images: exact ones as the library makes them, and the quick ones of a drag, against plain sums. */

import assert from "node:assert/strict";
import { fillTable } from "../../../library/passes/detector/bad_pixels_and_beam.ts";
import { detectorMaskPixels } from "../../../library/passes/detector/detector_mask.ts";
import type { DeflectionHeader } from "../../../viewer/protocol/deflections.ts";
import type { VirtualHeader } from "../../../viewer/protocol/virtual_images.ts";
import {
  centerOfMass,
  type DType,
  integratedField,
  openScan,
  type Scan,
  virtualImage,
  withEngine,
} from "../../../mod.ts";
import { createPixelArray } from "../../../library/scan/dtype.ts";
import { pixelCount, probeCount } from "../../../library/scan/shape.ts";
import { fittingBin, VirtualCache } from "../../../viewer/server/patterns/virtual_cache.ts";
import { withFolder } from "../../support/folders.ts";
import { grainScan } from "../../support/scans.ts";
import { writeFilm } from "../../support/scan_files.ts";
import { failureOf, partsOf, withServer } from "../../support/serving.ts";

const shape = { rows: 9, columns: 7, patternRows: 18, patternColumns: 22 };
const signal = new AbortController().signal;

/** Detectors of a drag, some of them partly outside. */
const centres = [[8, 10], [8.5, 11], [9, 12], [3, 20], [17, 1], [8, 10]] as const;

/** Sums over pixels with weights. */
function weightedSums(scan: Scan, weight: (row: number, column: number) => number): Float64Array {
  const pixels = pixelCount(scan.shape), probes = probeCount(scan.shape);
  const data = createPixelArray(scan.dtype, pixels * probes);
  scan.readRows(0, scan.shape.rows, data);
  return Float64Array.from({ length: probes }, (_, probe) => {
    let sum = 0;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const row = Math.floor(pixel / shape.patternColumns), column = pixel % shape.patternColumns;
      sum += weight(row, column) * data[probe * pixels + pixel];
    }
    return sum;
  });
}

const build = (scan: Scan, bin: number) =>
  withEngine(
    { workers: 2, memory: 300 * 2 ** 20 },
    (engine) => VirtualCache.build(engine, scan, fillTable([], [], shape), bin, signal),
  );

for (const bin of [1, 2, 4]) {
  Deno.test(`images of ${bin} x ${bin} pixels are sums over shares of bins, however the detector came there`, async () => {
    const scan = grainScan(shape, "u16", 2), cache = await build(scan, bin);
    assert.equal(cache.exact, bin === 1);
    for (const [row, column] of centres) {
      for (const mask of [{ kind: "disk", radius: 4 }, { kind: "annulus", inner: 3, outer: 7.5 }] as const) {
        const detector = detectorMaskPixels(mask, shape, { row, column })!;
        const share = (row: number, column: number) => {
          let inside = 0;
          const top = row - row % bin, left = column - column % bin;
          if (top + bin > shape.patternRows || left + bin > shape.patternColumns) return 0;
          for (let y = top; y < top + bin; y++) {
            for (let x = left; x < left + bin; x++) inside += detector[y * shape.patternColumns + x];
          }
          return inside / bin ** 2;
        };
        const expected = Float32Array.from(weightedSums(scan, share));
        assert.deepEqual(await cache.image(detector, signal), expected);
      }
    }
    cache.drop();
  });
}

for (
  const [dtype, scale] of [["u16", 900], ["u32", 90_000], ["i16", 1], ["f32", 0.37]] as [DType, number][]
) {
  Deno.test(`${dtype} counts beyond 16 bits, or with fractions, keep four digits`, async () => {
    const scan = grainScan(shape, dtype, 3, scale), cache = await build(scan, 2);
    assert.equal(cache.exact, false);
    const image = await cache.image(null, signal), expected = weightedSums(scan, () => 1);
    const most = Math.max(...expected);
    image.forEach((sum, probe) => assert.ok(Math.abs(sum - expected[probe]) < 3e-4 * most));
    cache.drop();
  });
}

Deno.test("an update that was stopped half way leaves nothing wrong", async () => {
  const scan = grainScan(shape, "u16", 2), cache = await build(scan, 1);
  const all = await cache.image(null, signal), stop = new AbortController();
  stop.abort();
  const small = detectorMaskPixels({ kind: "disk", radius: 2 }, shape, { row: 5, column: 5 })!;
  const large = detectorMaskPixels({ kind: "disk", radius: 9 }, shape, { row: 9, column: 9 })!;
  const expected = await cache.image(small, signal);
  await assert.rejects(cache.image(large, stop.signal), { kind: "Aborted" });
  assert.deepEqual(await cache.image(small, signal), expected);
  assert.deepEqual(await cache.image(null, signal), all);
  cache.drop();
});

Deno.test("the smallest binning that fits is chosen, or none", () => {
  const large = { rows: 256, columns: 256, patternRows: 96, patternColumns: 96 };
  assert.equal(fittingBin(large, 2 * 96 * 96 * 65536), 1);
  assert.equal(fittingBin(large, 320 * 2 ** 20), 2);
  assert.equal(fittingBin(large, 64 * 2 ** 20), 8);
  assert.equal(fittingBin(large, 100_000), null);
});

Deno.test("the page's images are those of the library, and drafts of a small scan are exact", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder);
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(film);
      const scan = await openScan(film);
      for (const [inner, outer] of [[0, 5], [6, 14]]) {
        const wanted = { detector: { row: 15, column: 16.5, inner, outer } };
        const expected = await virtualImage(scan, {
          detector: inner > 0 ? { kind: "annulus", inner, outer } : { kind: "disk", radius: outer },
          center: { kind: "at", row: 15, column: 16.5 },
          badPixels: { kind: "auto" },
        });
        for (const draft of [false, true]) {
          const { header, arrays } = await partsOf<VirtualHeader>(
            server.post(`/api/items/${id}/virtual`, { ...wanted, draft }),
          );
          assert.deepEqual(header, { exact: true, bin: 1 });
          assert.deepEqual(arrays.image, expected);
        }
      }
      // Shifts of the centre of mass are the library's less their mean.
      const disk = { row: 15, column: 16.5, outer: 9 };
      const own = await centerOfMass(scan, {
        detector: { kind: "disk", radius: 9 },
        center: { kind: "at", row: 15, column: 16.5 },
        badPixels: { kind: "auto" },
      });
      const shifts = await partsOf<DeflectionHeader>(
        server.post(`/api/items/${id}/deflection`, { detector: disk }),
      );
      for (const name of ["row", "column"] as const) {
        const mean = own[name].reduce((sum, value) => sum + value, 0) / own[name].length;
        assert.ok(Math.abs(shifts.header.mean[name] - mean) < 1e-6);
        own[name].forEach((value, probe) =>
          assert.ok(Math.abs((shifts.arrays[name] as Float32Array)[probe] - value + mean) < 1e-5)
        );
      }
      const { row, column } = shifts.arrays as Record<string, Float32Array>;
      assert.deepEqual(shifts.arrays.integrated, integratedField({ row, column }, scan.shape));
      const whole = await partsOf<DeflectionHeader>(server.post(`/api/items/${id}/deflection`, {}));
      assert.notDeepEqual(whole.arrays.row, row);
      scan.close();
      const outside = { detector: { row: 500, column: 500, outer: 3 }, draft: true };
      assert.equal((await failureOf(server.post(`/api/items/${id}/virtual`, outside))).kind, "BadParameter");
      const stop = new AbortController();
      stop.abort();
      const wanted = { detector: { row: 15, column: 15, outer: 3 } };
      const dropped = server.workspace.patterns.virtual({ id }, { ...wanted, draft: false }, stop.signal);
      await assert.rejects(dropped, { kind: "Aborted" });
      // A run takes the memory, and drafts after it are of the item as it is then.
      await server.run(id, ["--blur", "1", "--threshold", "0.97"]);
      const { header } = await partsOf<VirtualHeader>(
        server.post(`/api/items/${id}/virtual`, { ...wanted, draft: true }),
      );
      assert.equal(header.bin, 1);
    });
  }));

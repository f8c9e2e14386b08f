/** Broken pixels, values that are no counts and blank patterns do not change the regions of a scan. */

import assert from "node:assert/strict";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { autoPreset } from "../../../library/cluster/presets.ts";
import type { Engine } from "../../../library/engine/engine.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { prepareDetector } from "../../../library/passes/detector/preparation.ts";
import { virtualImage } from "../../../library/passes/virtual_image.ts";
import type { DType, PixelArray } from "../../../library/scan/dtype.ts";
import { CorruptFile } from "../../../library/scan/errors.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { Random } from "../../../library/simulation/random.ts";
import { adjustedRandIndex } from "../../../library/scoring/agreement.ts";
import { collectAverages } from "../../support/averages.ts";
import { brokenPixels, inType, places, soundScan } from "../../support/faulty_scans.ts";
import { withFolder } from "../../support/folders.ts";

const { shape, data } = soundScan(2);
const pixels = shape.patternRows * shape.patternColumns, probes = shape.rows * shape.columns;
const alike = 0.95;
/** A gap in the middle hides the direct beam. */
const movable = places.filter((name) => name !== "gap");

/** Regions of other data of the same scan. */
const find = (engine: Engine, changed: PixelArray) =>
  clusterScan(scanFromArray(changed, shape), autoPreset, { engine });

/** Runs with one engine, beside the regions of the sound scan. */
const withSound = (
  test: (
    engine: Engine,
    sound: Int32Array,
    agrees: (labels: Int32Array, what: string) => void,
  ) => Promise<void>,
) =>
  withEngine({ workers: 1 }, async (engine) => {
    const sound = await find(engine, data);
    assert.equal(sound.gain, undefined);
    assert.deepEqual(sound.badPixels.masked, []);
    await test(engine, sound.labels, (labels, what) => {
      const index = adjustedRandIndex(labels, sound.labels);
      assert.ok(index >= alike, `${what}: adjusted Rand index ${index}`);
    });
  });

/** Puts a value in pixels of some patterns. */
function breakPixels(changed: PixelArray, value: number, broken: (probe: number) => readonly number[]) {
  for (let probe = 0; probe < probes; probe++) {
    for (const pixel of broken(probe)) changed[probe * pixels + pixel] = value;
  }
  return changed;
}

const stuck: readonly (readonly [DType, number])[] = [
  ["u8", 255],
  ["u16", 65535],
  ["u16", 4095],
  ["u32", 2 ** 32 - 1],
  ["u32", 65535],
  ["i16", 32767],
  ["i32", 2 ** 31 - 1],
  ["f32", 3000],
  ["f64", 1e9],
];

Deno.test("pixels that are stuck in every pattern are bad, whatever their value, type and shape", () =>
  withSound(async (engine, _, agrees) => {
    for (const [index, [dtype, value]] of stuck.entries()) {
      const place = movable[index % movable.length];
      const broken = brokenPixels(place, shape, 40 + index);
      const { labels, badPixels, warnings } = await find(
        engine,
        breakPixels(inType(data, dtype), value, () => broken),
      );
      agrees(labels, `${dtype} ${value} ${place}`);
      const bad = new Set([...badPixels.filled, ...badPixels.masked]);
      const missed = broken.filter((pixel) => !bad.has(pixel)).length;
      assert.ok(
        missed <= 0.05 * broken.length,
        `${missed} of ${broken.length} in ${dtype} ${value} ${place}`,
      );
      assert.ok(bad.size <= 1.1 * broken.length + 2, `${bad.size} for ${broken.length}`);
      if (badPixels.masked.length > 0) assert.match(warnings.join(" "), /detector pixels are taken for bad/);
    }
  }));

Deno.test("pixels that hold the largest value of their type in single patterns are filled there", () =>
  withSound(async (engine, _, agrees) => {
    for (const [dtype, value] of [["u8", 255], ["u16", 65535], ["u32", 2 ** 32 - 1], ["f32", 1e8]] as const) {
      for (const part of [23, 5]) {
        const changed = breakPixels(
          inType(data, dtype),
          value,
          (probe) => probe % part === 1 ? brokenPixels(movable[probe % movable.length], shape, probe) : [],
        );
        const { labels, badPixels, gain } = await find(engine, changed);
        agrees(labels, `${dtype} ${value}, one in ${part}`);
        assert.equal(gain, undefined);
        assert.ok(badPixels.largestBelieved! <= value);
        // A pixel that is so in every tenth pattern is bad for good.
        if (part === 23) assert.deepEqual(badPixels.masked, []);
      }
    }
  }));

Deno.test("a fault that hides the direct beam in every third pattern does not move it", () =>
  withSound(async (engine, _, agrees) => {
    const detector = { center: { kind: "auto" }, badPixels: { kind: "auto" } } as const;
    const { center } = await prepareDetector(scanFromArray(data, shape), detector, true, { engine });
    for (const [dtype, value] of [["u16", 65535], ["u32", 2 ** 32 - 1]] as const) {
      const gap = brokenPixels("gap", shape, 1);
      const changed = breakPixels(inType(data, dtype), value, (probe) => probe * 7919 % 3 === 0 ? gap : []);
      agrees((await find(engine, changed)).labels, `${dtype} ${value}`);
      const found = await prepareDetector(scanFromArray(changed, shape), detector, true, { engine });
      const distance = Math.hypot(found.center.row - center.row, found.center.column - center.column);
      assert.ok(distance < 0.1, `${dtype}: ${distance} pixels`);
    }
  }));

Deno.test("counts from the saturation on that the file says are filled, whatever they are, but those of the direct beam stay", () =>
  withSound(async (engine, sound, agrees) => {
    const brightest = data.reduce((most, count) => Math.max(most, count), 0);
    for (const dtype of ["u16", "u32"] as const) {
      // Below what is known to be wrong without the file: neither a largest value nor far above all others.
      const saturation = brightest + 100;
      const changed = inType(data, dtype);
      for (let probe = 1; probe < probes; probe += 23) {
        for (const [index, pixel] of brokenPixels(movable[probe % movable.length], shape, probe).entries()) {
          changed[probe * pixels + pixel] = saturation + index % 200;
        }
      }
      const { labels, badPixels } = await clusterScan(
        { ...scanFromArray(changed, shape), saturation },
        autoPreset,
        { engine },
      );
      agrees(labels, `${dtype}, saturated at ${saturation}`);
      assert.equal(badPixels.largestBelieved, saturation);
    }
    const saturated = { ...scanFromArray(data, shape), saturation: Math.round(brightest * 0.4) };
    const { labels, badPixels } = await clusterScan(saturated, autoPreset, { engine });
    assert.deepEqual(labels, sound);
    assert.deepEqual(badPixels.masked, []);
    const detector = {
      detector: { kind: "none" },
      center: { kind: "auto" },
      badPixels: { kind: "auto" },
    } as const;
    assert.deepEqual(
      await virtualImage(saturated, detector, { engine }),
      await virtualImage(scanFromArray(data, shape), detector, { engine }),
    );
  }));

Deno.test("virtual images and averages are free of what is missing in single patterns", () =>
  withEngine({ workers: 1 }, async (engine) => {
    const changed = breakPixels(
      inType(data, "u16"),
      65535,
      (probe) => probe % 9 === 4 ? brokenPixels("cross", shape, probe) : [],
    );
    const detector = {
      detector: { kind: "none" },
      center: { kind: "auto" },
      badPixels: { kind: "auto" },
    } as const;
    const [clean, freed] = [
      await virtualImage(scanFromArray(data, shape), detector, { engine }),
      await virtualImage(scanFromArray(changed, shape), detector, { engine }),
    ];
    freed.forEach((sum, probe) =>
      assert.ok(Math.abs(sum / clean[probe] - 1) < 0.25, `${sum} ${clean[probe]}`)
    );
    const scan = scanFromArray(changed, shape), clustering = await find(engine, changed);
    const averages = await collectAverages(scan, clustering, { engine });
    assert.ok(averages!.every((value) => value < 1000));
  }));

Deno.test("what is filled while threads read a file is what is filled in memory", () =>
  withFolder(async (folder) => {
    for (const dtype of ["u8", "u16", "f32"] as const) {
      const value = dtype === "u8" ? 255 : 65535;
      const changed = breakPixels(
        inType(data, dtype),
        value,
        (probe) => probe % 9 === 4 ? brokenPixels("block", shape, probe) : [],
      );
      const path = `${folder}/${dtype}.npy`;
      await Deno.writeFile(path, encodeNpy(dtype, Object.values(shape), changed));
      const file = await openScan(path);
      const expected = await clusterScan(scanFromArray(changed, shape), autoPreset, { workers: 1 });
      for (const [workers, bandHeight] of [[2, 7]]) {
        const found = await clusterScan(file, autoPreset, { workers, bandHeight });
        assert.deepEqual(found.labels, expected.labels);
        assert.deepEqual(found.similarity, expected.similarity);
      }
      file.close();
    }
  }));

Deno.test("a direct beam that is saturated in every pattern is no fault", () =>
  withEngine({ workers: 1 }, async (engine) => {
    for (const [dtype, factor, most] of [["u8", 8, 255], ["u16", 100, 4095], ["u16", 400, 16383]] as const) {
      const saturated = inType(Uint32Array.from(data, (count) => Math.min(most, count * factor)), dtype);
      const whole = await find(engine, inType(data, "u32", factor)), found = await find(engine, saturated);
      const index = adjustedRandIndex(found.labels, whole.labels);
      assert.ok(index >= alike, `${dtype} ${most}: ${index}`);
    }
  }));

Deno.test("regions do not depend on a factor of the values", () =>
  withSound(async (engine, sound) => {
    for (const factor of [1e-9, 1e-3, 3, 1e6, 1e9]) {
      const { labels, gain, warnings } = await find(engine, inType(data, "f32", factor));
      assert.ok(Math.abs(gain! / factor - 1) < 1e-6, `${gain} for ${factor}`);
      assert.match(warnings.join(" "), /no counts: by their noise one electron adds/);
      assert.deepEqual(labels, sound, `${factor}`);
    }
    for (const factor of [2, 12]) {
      assert.deepEqual((await find(engine, inType(data, "u16", factor))).labels, sound);
    }
  }));

Deno.test("cameras with noise of reading out and a constant give the regions of the counts, and trust them as much", () =>
  withSound(async (engine, sound, agrees) => {
    const trusted = (await find(engine, data)).regions!.stability;
    for (
      const [gain, read, offset] of [[12, 6, 0], [12, 6, 300], [0.37, 0.1, 0], [0.37, 0.1, -0.05], [
        1,
        0,
        100,
      ], [
        0.37,
        0,
        -20,
      ], [1, 0, -600]]
    ) {
      const random = new Random(6), dtype = gain === 1 ? offset < 0 ? "i16" : "u16" : "f32";
      const values = inType(data, dtype);
      values.forEach((count, probe) =>
        values[probe] = gain * Number(count) + read * random.normal() + offset
      );
      const { labels, gain: found = 1, valueOffset, readNoise, regions, warnings } = await find(
        engine,
        values,
      );
      agrees(labels, `${gain} ${read} ${offset}`);
      assert.ok(Math.abs(found / gain - 1) < 0.15, `${found} for ${gain}`);
      assert.ok(regions!.stability > trusted - 0.04, `${regions!.stability} in place of ${trusted}`);
      if (Math.abs(offset) > gain) {
        assert.ok(Math.abs(valueOffset! / offset - 1) < 0.15, `${valueOffset} for ${offset}`);
        assert.match(warnings.join(" "), /stand on a constant/);
      } else {
        assert.equal(valueOffset, undefined);
        if (offset === 0) assert.ok(Math.abs(readNoise! / read - 1) < 0.15, `${readNoise} for ${read}`);
      }
    }
    assert.deepEqual((await find(engine, data)).labels, sound);
  }));

Deno.test("patterns that each sum to 1 give the regions of the counts", () =>
  withSound(async (engine, _, agrees) => {
    const shares = inType(data, "f32");
    for (let probe = 0; probe < probes; probe++) {
      const pattern = shares.subarray(probe * pixels, (probe + 1) * pixels) as Float32Array;
      const sum = pattern.reduce((total, value) => total + value, 0);
      pattern.forEach((value, pixel) => pattern[pixel] = value / sum);
    }
    const { labels, gain } = await find(engine, shares);
    agrees(labels, "sums of 1");
    assert.ok(gain! > 0.7 / 2000 && gain! < 1.5 / 1500, `${gain}`);
  }));

Deno.test("blank patterns are in no cluster, and the others as without them", () =>
  withSound(async (engine, sound) => {
    const blank = (probe: number) => probe < 20 || probe % 31 === 3;
    const { labels, warnings, clusters } = await find(
      engine,
      data.map((count, i) => blank(Math.floor(i / pixels)) ? 0 : count),
    );
    const recorded = Array.from(labels.keys()).filter((probe) => !blank(probe));
    labels.forEach((label, probe) => blank(probe) && assert.equal(label, -1));
    const of = (all: Int32Array) => Int32Array.from(recorded, (probe) => all[probe]);
    assert.ok(adjustedRandIndex(of(labels), of(sound)) >= alike);
    assert.ok(clusters.reduce((sum, { size }) => sum + size, 0) <= recorded.length);
    assert.match(warnings.join(" "), /^.*\d+ of 224 patterns are blank/);
  }));

Deno.test("a pattern that is not finite is refused, unless a mask leaves its probe out", async () => {
  const broken = inType(data, "f32");
  broken.fill(NaN, 35 * pixels + 7, 36 * pixels);
  const scan = scanFromArray(broken, shape);
  await assert.rejects(clusterScan(scan, autoPreset, { workers: 1 }), (error: CorruptFile) => {
    assert.ok(error instanceof CorruptFile);
    assert.match(error.details.remedy!, /leave the probe out of a mask/);
    return true;
  });
  const keep = new Uint8Array(probes).fill(1);
  keep[35] = 0;
  const mask = { kind: "pixels", keep, source: "mask.npy" } as const;
  for (const method of ["regions", "growth"] as const) {
    const parameters = {
      ...autoPreset,
      mask,
      method,
      threshold: method === "growth" ? 0.8 : { kind: "auto" },
    };
    const clustering = await clusterScan(scan, parameters as typeof autoPreset, { workers: 1 });
    assert.equal(clustering.labels[35], -1);
    assert.ok(clustering.clusters.length > 0);
    const averages = await collectAverages(scan, clustering, { workers: 1 });
    assert.ok(averages!.every(Number.isFinite));
  }
});

Deno.test("line scans of 10 to 14 probes are not all background", () =>
  withEngine({ workers: 1 }, async (engine) => {
    for (const count of [10, 12, 14]) {
      for (const line of [{ rows: 1, columns: count }, { rows: count, columns: 1 }]) {
        const part = data.slice(0, count * pixels);
        const { clusters, background } = await clusterScan(
          scanFromArray(part, { ...shape, ...line }),
          autoPreset,
          { engine },
        );
        assert.ok(clusters.length > 0, `${line.rows} x ${line.columns}`);
        assert.equal(background!.present, false);
      }
    }
  }));

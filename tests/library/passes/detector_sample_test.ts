/** The sample that detector clean-up looks at, and what it finds there, against plain twins (spec stage 0). */

import assert from "node:assert/strict";
import { findBadPixels } from "../../../library/passes/detector/bad_pixels_and_beam.ts";
import { sampleDetector } from "../../../library/passes/detector/detector_sample.ts";
import { processBytes } from "../../../library/engine/limits.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { openScan } from "../../../library/formats/open.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { createPixelArray, type DType } from "../../../library/scan/dtype.ts";
import { deriveScan } from "../../../library/scan/derive.ts";
import { Aborted } from "../../../library/scan/errors.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { withFolder } from "../../support/folders.ts";
import { plainBadPixels, plainSample } from "../../support/plain_detector.ts";
import { seededRandom } from "../../support/random.ts";

const shape = { rows: 8, columns: 11, patternRows: 9, patternColumns: 13 };

function drawCounts(dtype: DType) {
  const random = seededRandom(5);
  const data = createPixelArray(dtype, 8 * 11 * 9 * 13).map(() => 250 * random()) as ReturnType<
    typeof createPixelArray
  >;
  // In whole quarters and halves float sums are exact as well.
  if (dtype.startsWith("f")) {
    for (let i = 0; i < data.length; i++) data[i] = Math.round(4 * data[i]) / 4;
    [NaN, Infinity, -Infinity].forEach((value, i) => data[1000 * i + 117] = value);
  }
  return data;
}

for (const dtype of ["u8", "u16", "i16", "u32", "f32", "f64"] as DType[]) {
  Deno.test(`the sample of a small ${dtype} scan is its mean to the bit, from memory and from a file`, () =>
    withFolder(async (folder) => {
      const data = drawCounts(dtype), expected = plainSample(data, shape);
      const path = `${folder}/scan.npy`;
      await Deno.writeFile(path, encodeNpy(dtype, Object.values(shape), data));
      const stored = await openScan(path);
      for (const scan of [scanFromArray(data, shape), stored]) {
        for (const workers of [1, 2]) assert.deepEqual(await sampleDetector(scan, { workers }), expected);
      }
      stored.close();
    }));
}

Deno.test("a sample of patterns larger than the memory beside them is taken one by one, and gives its memory back", async () => {
  const large = { rows: 4, columns: 3, patternRows: 1024, patternColumns: 1024 };
  const random = seededRandom(4);
  const data = Uint16Array.from({ length: 12 * 2 ** 20 }, () => 100 * random());
  const scan = scanFromArray(data, large);
  const memory = processBytes + 44 * 2 ** 20;
  await withEngine({ workers: 1, memory }, async (engine) => {
    const free = engine.available;
    const { mean, patterns } = await sampleDetector(scan, { engine });
    assert.equal(engine.available, free);
    assert.equal(patterns, 12);
    for (const pixel of [0, 12345, 2 ** 20 - 1]) {
      let sum = 0;
      for (let probe = 0; probe < 12; probe++) sum += data[probe * 2 ** 20 + pixel];
      assert.equal(mean[pixel], sum / 12);
    }
  });
});

Deno.test("a sample takes 16 rows and 4096 patterns of a large scan, evenly spread", async () => {
  const wide = { rows: 100, columns: 400, patternRows: 1, patternColumns: 1 };
  const data = Uint16Array.from({ length: 40000 }, (_, probe) => probe % 400);
  const rows = new Set<number>();
  const memory = scanFromArray(data, wide);
  const scan = deriveScan(memory, {
    readRows(first, count, into) {
      rows.add(first);
      return memory.readRows(first, count, into);
    },
  });
  const { mean, patterns } = await sampleDetector(scan, { workers: 1 });
  assert.equal(patterns, 16 * 256);
  assert.deepEqual(Array.from(rows), Array.from({ length: 16 }, (_, i) => Math.floor((i + 0.5) * 100 / 16)));
  assert.ok(Math.abs(mean[0] - 199.5) < 1);
});

/** A mean pattern of discs on a background that is zero in places, with hot, dead and known bad pixels. */
function drawSample(seed: number) {
  const random = seededRandom(seed), pixels = 17 * 19;
  const level = [0, 0.001, 0.02, 3][seed % 4];
  const parts = Array.from({ length: 4 }, () => new Float64Array(pixels));
  const known = seed % 3 === 0 ? new Uint8Array(pixels).map(() => random() < 0.05 ? 1 : 0) : undefined;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const disc = Math.hypot(Math.floor(pixel / 19) - 8, pixel % 19 - 9) < 3 ? 40 : 0;
    const kind = random();
    for (const part of parts) {
      const value = (level + disc) * (0.8 + 0.4 * random());
      part[pixel] = kind < 0.03 ? 0 : kind < 0.06 ? value + 30 : kind < 0.09 ? value + 90 * random() : value;
    }
  }
  const mean = parts[0].map((_, pixel) => parts.reduce((sum, part) => sum + part[pixel], 0) / 4);
  return { sample: { mean, parts, patterns: 1000 }, known };
}

Deno.test("bad pixels are those of the definition, on 40 drawn detectors with and without known ones", async () => {
  const detector = { rows: 1, columns: 1, patternRows: 17, patternColumns: 19 };
  let hot = 0, dead = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const { sample, known } = drawSample(seed);
    const found = await findBadPixels(sample, detector, known);
    assert.deepEqual(found, plainBadPixels(sample, detector, known), `seed ${seed}`);
    found.forEach((bad, pixel) => {
      if (bad && !known?.[pixel]) sample.mean[pixel] > 0 ? hot++ : dead++;
    });
  }
  assert.ok(hot > 50 && dead > 50, `${hot} hot and ${dead} dead pixels say little`);
});

Deno.test("looking for bad pixels stops when the signal fires", async () => {
  const detector = { rows: 1, columns: 1, patternRows: 17, patternColumns: 19 };
  await assert.rejects(
    findBadPixels(drawSample(1).sample, detector, undefined, AbortSignal.abort()),
    Aborted,
  );
});

/** Sketches: what is promised of their noise holds, and every way through a scan gives the same. */

import assert from "node:assert/strict";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { compareNeighbours } from "../../../library/cluster/compare.ts";
import { croppedSketch } from "../../../library/cluster/regions/crop.ts";
import { prepareDetector } from "../../../library/passes/detector/preparation.ts";
import { settleParameters } from "../../../library/cluster/settle.ts";
import { BlankPass } from "../../../library/passes/blank_patterns.ts";
import { LinearFeatures } from "../../../library/passes/sketch/linear_features.ts";
import { beamReach, detectorGrid } from "../../../library/passes/sketch/detector_grid.ts";
import { mostColumns, sketchColumns } from "../../../library/passes/sketch/weight_blocks.ts";
import { SketchPass } from "../../../library/passes/sketch/sketch_pass.ts";
import { counts } from "../../../library/passes/detector/gain.ts";
import type { Sketch } from "../../../library/passes/sketch/sketch.ts";
import type { Sketches } from "../../../library/passes/sketch/sketches.ts";
import { stabilityWindows } from "../../../library/passes/sketch/windows.ts";
import { symmetricEigen } from "../../../library/passes/sketch/symmetric_eigen.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { Random } from "../../../library/simulation/random.ts";
import { drawPoissonCounts } from "../../../library/simulation/poisson.ts";
import { withFolder } from "../../support/folders.ts";
import { seededRandom } from "../../support/random.ts";

/** Sketches made on the way to similarities with a blur; options choose workers and bands. */
function sketchesOf(scan: Scan, blur: number, options: RunOptions = {}): Promise<Sketches> {
  return withEngine(options, async (engine) => {
    const parameters = { ...defaultParameters, threshold: 0.9, blur, method: "regions" } as const;
    const preparation = await prepareDetector(scan, parameters, true, { ...options, engine });
    const settled = settleParameters(parameters, preparation, scan.shape);
    const sketching = await SketchPass.learn(engine, scan, preparation, preparation.beam!, null, options);
    assert.ok(sketching);
    const mask = new Uint8Array(scan.shape.rows * scan.shape.columns).fill(1);
    const rule = { kind: "fixed", mask } as const;
    const blank = new BlankPass(scan);
    const job = { scan, preparation, parameters: settled, detector: null, mask: rule, sketching, blank };
    return (await compareNeighbours(engine, job, options)).sketches!;
  });
}

const film = { rows: 10, columns: 13, patternRows: 64, patternColumns: 64, grains: 3, seed: 4, dose: 2000 };

Deno.test("strips, whole rows, samples and memory all give the same sketches, for any workers and bands", async () => {
  await withFolder(async (folder) => {
    const simulated = simulateScan(film);
    const data = new Uint16Array(10 * 13 * 64 * 64);
    simulated.readRows(0, 10, data);
    await Deno.writeFile(`${folder}/film.npy`, encodeNpy("u16", [10, 13, 64, 64], data));
    const file = await openScan(`${folder}/film.npy`), memory = scanFromArray(data, simulated.shape);
    const expected = await sketchesOf(file, 0, { workers: 1 });
    for (const [scan, blur] of [[file, 0], [file, 1], [file, 3], [memory, 0], [memory, 3]] as const) {
      for (const options of [{ workers: 1, bandHeight: 1 }, { workers: 2, bandHeight: 4 }, { workers: 3 }]) {
        assert.deepEqual(await sketchesOf(scan, blur, options), expected);
      }
    }
    file.close();
  });
});

Deno.test("the directions of a sketch and the mean of its sample do not depend on the memory limit", async () => {
  const scan = simulateScan({ ...film, rows: 18, columns: 18 });
  const learn = (memory: number, workers: number) =>
    withEngine({ memory, workers }, async (engine) => {
      const parameters = { ...defaultParameters, threshold: 0.9, method: "regions" } as const;
      const preparation = await prepareDetector(scan, parameters, true, { engine });
      const { grid, basis } =
        (await SketchPass.learn(engine, scan, preparation, preparation.beam!, null, {}))!;
      // The whole sample does not fit the part of the smallest arena that it may have.
      assert.ok(engine.limit > 2 ** 26 || 4 * 18 * 18 * grid.rows * grid.columns > engine.limit / 4);
      return basis;
    });
  const expected = await learn(2 ** 30, 1);
  for (const workers of [1, 3]) assert.deepEqual(await learn(266 * 2 ** 20, workers), expected);
});

/** What is left of a whole without half of its electrons. */
function restOf(whole: Sketch, half: Sketch): Sketch {
  return {
    ...whole,
    features: whole.features.map((value, i) => value - half.features[i]),
    noise: whole.noise.map((value, probe) => value - half.noise[probe]),
  };
}

Deno.test("the beam of a sketch is the electrons of the pixels that features leave out, and half of them in the half", async () => {
  const scan = simulateScan(film), { rows, columns, patternRows: side } = scan.shape;
  const data = new Uint16Array(rows * columns * side * side);
  scan.readRows(0, rows, data);
  const { beam, grid } = await withEngine({}, async (engine) => {
    const parameters = { ...defaultParameters, threshold: 0.9, method: "regions" } as const;
    const { beam } = await prepareDetector(scan, parameters, true, { engine });
    return { beam: beam!, grid: detectorGrid(scan.shape, beam!, beam!.radius) };
  });
  assert.equal(grid.binning, 1);
  const expected = new Float64Array(rows * columns);
  data.forEach((count, at) => {
    const pixel = at % side ** 2, row = Math.floor(pixel / side), column = pixel % side;
    const distance = Math.hypot(row - beam.row, column - beam.column);
    if (distance <= beamReach(beam.radius)) expected[(at - pixel) / side ** 2] += count;
  });
  const { whole, windows: [{ half }] } = await sketchesOf(scan, 0);
  // Filled bad pixels may lie in the beam.
  whole.beam!.forEach((found, probe) => assert.ok(Math.abs(found / expected[probe] - 1) < 0.01, `${found}`));
  assert.ok(Math.abs(sum(half.beam!) / sum(whole.beam!) - 0.5) < 0.01);
  assert.ok(half.beam!.every((value, probe) => value <= whole.beam![probe] * 1.001));
});

Deno.test("half of the electrons have half of the noise", async () => {
  const { whole, windows: [{ half }] } = await sketchesOf(simulateScan(film), 0);
  const share = sum(half.noise) / sum(whole.noise);
  assert.ok(Math.abs(share - 0.5) < 0.01, `${share}`);
});

Deno.test("the squared length of features exceeds that of the mean features by the noise that is stated", async () => {
  // A film of many grains says what to look at; below it, patterns of one expectation, the film's
  // mean, that vary by counting noise alone.
  const rows = 40, columns = 40, grown = rows * columns / 2;
  const scan = simulateScan({ ...film, rows, columns, grains: 20, dose: 20000 });
  const data = new Uint16Array(rows * columns * 64 * 64);
  scan.readRows(0, rows / 2, data.subarray(0, grown * 64 * 64));
  const expected = new Float32Array(64 * 64);
  for (let i = 0; i < grown * 64 * 64; i++) expected[i % (64 * 64)] += data[i] / grown;
  for (let probe = grown; probe < rows * columns; probe++) {
    drawPoissonCounts(expected, data, probe * 64 * 64, new Random(3, 1, probe));
  }
  const { whole, windows: [{ half }] } = await sketchesOf(scanFromArray(data, scan.shape), 0);
  // Were half and rest not independent, the whole would have another noise than both together.
  for (const sketch of [whole, half, restOf(whole, half)]) {
    const { length } = sketch, probes = rows * columns - grown;
    const features = sketch.features.subarray(grown * length), noise = sketch.noise.subarray(grown);
    const mean = new Float64Array(length);
    features.forEach((value, i) => mean[i % length] += value / probes);
    let excess = 0;
    features.forEach((value, i) => excess += (value - mean[i % length]) ** 2 / (probes - 1));
    const ratio = excess / (sum(noise) / probes);
    assert.ok(Math.abs(ratio - 1) < 0.05, `${ratio}`);
    const found = degrees(features, length, mean);
    assert.ok(Math.abs(found / sketch.degreesOfFreedom - 1) < 0.25, `${found} ${sketch.degreesOfFreedom}`);
  }
});

/** Degrees of freedom of the noise as measured: (tr A)^2 / tr A^2 of the covariance, less what a finite sample adds. */
function degrees(features: Float32Array, length: number, mean: Float64Array): number {
  const probes = features.length / length, covariance = new Float64Array(length * length);
  for (let probe = 0; probe < probes; probe++) {
    for (let i = 0; i < length; i++) {
      for (let j = 0; j < length; j++) {
        covariance[i * length + j] += (features[probe * length + i] - mean[i]) *
          (features[probe * length + j] - mean[j]) / (probes - 1);
      }
    }
  }
  let trace = 0, square = 0;
  for (let i = 0; i < length; i++) {
    trace += covariance[i * length + i];
    for (let j = 0; j < length; j++) square += covariance[i * length + j] ** 2;
  }
  return trace ** 2 / (square - trace ** 2 / probes);
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}

Deno.test("the transposed operator is the transposed operator", () => {
  const random = seededRandom(3);
  const grid = detectorGrid({ rows: 1, columns: 1, patternRows: 21, patternColumns: 26 }, {
    row: 9.2,
    column: 13.4,
  }, 2);
  const pixels = grid.rows * grid.columns;
  const operator = new LinearFeatures(grid, Float64Array.from({ length: pixels }, () => 0.1 + random()));
  const x = Float64Array.from({ length: pixels }, random),
    y = Float64Array.from({ length: operator.length }, random);
  const forth = new Float64Array(operator.length), back = new Float64Array(pixels);
  operator.apply(x, forth);
  operator.applyTransposed(y, back);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((total, value, i) => total + value * b[i], 0);
  assert.ok(Math.abs(dot(forth, y) - dot(x, back)) < 1e-10);
});

Deno.test("rings of equal counts about the beam leave no features", () => {
  const grid = detectorGrid({ rows: 1, columns: 1, patternRows: 40, patternColumns: 40 }, {
    row: 19.5,
    column: 19.5,
  }, 2);
  const pattern = Float64Array.from({ length: 1600 }, (_, pixel) => {
    const distance = Math.hypot(Math.floor(pixel / 40) - 19.5, pixel % 40 - 19.5);
    return 50 * Math.exp(-distance / 10);
  });
  const operator = new LinearFeatures(grid, pattern.map(() => 1));
  const features = new Float64Array(operator.length);
  operator.apply(pattern, features);
  // Rings are a pixel wide, over which the halo falls by a tenth.
  const brightest = Math.max(
    ...pattern.filter((_, pixel) => Math.hypot(Math.floor(pixel / 40) - 19.5, pixel % 40 - 19.5) > 4.1),
  );
  assert.ok(features.every((value) => Math.abs(value) < 0.07 * brightest));
});

Deno.test("eigenvectors of a symmetric matrix are orthonormal and give it back, largest eigenvalue first", () => {
  const n = 12, random = seededRandom(8), matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = random() - 0.5;
  }
  const { values, vectors } = symmetricEigen(matrix, n);
  for (let i = 0; i < n; i++) {
    assert.ok(i === 0 || values[i] <= values[i - 1]);
    for (let j = 0; j < n; j++) {
      let product = 0, rebuilt = 0;
      for (let k = 0; k < n; k++) {
        product += vectors[k * n + i] * vectors[k * n + j];
        rebuilt += values[k] * vectors[i * n + k] * vectors[j * n + k];
      }
      assert.ok(Math.abs(product - (i === j ? 1 : 0)) < 1e-12);
      assert.ok(Math.abs(rebuilt - matrix[i * n + j]) < 1e-12);
    }
  }
});

Deno.test("windows lie in the scan without overlap, whatever its shape, and are bounded in size", () => {
  for (
    const [rows, columns] of [[1, 1], [96, 96], [97, 96], [1, 100000], [100000, 2], [30, 2000], [128, 512]]
  ) {
    const windows = stabilityWindows({ rows, columns });
    const seen = new Set<number>();
    for (const { top, left, rows: height, columns: width } of windows) {
      assert.ok(height > 0 && width > 0 && top >= 0 && left >= 0, `${rows} x ${columns}`);
      assert.ok(top + height <= rows && left + width <= columns, `${rows} x ${columns}`);
      for (let y = top; y < top + height; y++) {
        for (let x = left; x < left + width; x++) {
          assert.ok(!seen.has(y * columns + x));
          seen.add(y * columns + x);
        }
      }
    }
    assert.ok(
      seen.size <= 96 * 96 && seen.size >= Math.min(rows * columns, 2000),
      `${rows} x ${columns}: ${seen.size}`,
    );
  }
});

Deno.test("the halves in the windows of a large scan are of the patterns there", async () => {
  const scan = simulateScan({
    ...film,
    rows: 97,
    columns: 101,
    patternRows: 16,
    patternColumns: 16,
    hotPixels: 0,
  });
  const { whole, windows } = await sketchesOf(scan, 0);
  assert.equal(windows.length, 4);
  for (const { window, half } of windows) {
    const there = croppedSketch(whole, window), rest = restOf(there, half);
    let apart = 0;
    half.features.forEach((value, i) => apart += (value - rest.features[i]) ** 2);
    // Half and rest of the same patterns differ by their noise alone.
    const ratio = apart / sum(there.noise);
    assert.ok(Math.abs(ratio - 1) < 0.05, `${ratio}`);
  }
});

Deno.test("a large scan of many patterns has more features than 31, a small one and one of few patterns have not", async () => {
  const side = 16, pixels = side * side, kinds = 96;
  const lengthOf = (rows: number, columns: number, used: number) => {
    // Bright disks in places of their own, in blocks of 4 x 4 probes; the brightest pixel of all is the beam.
    const data = new Uint16Array(rows * columns * pixels);
    for (let probe = 0; probe < rows * columns; probe++) {
      const block = Math.floor(Math.floor(probe / columns) / 4) * Math.ceil(columns / 4) +
        Math.floor(probe % columns / 4);
      data[probe * pixels + 8 * side + 8] = 5000;
      for (let disk = 0; disk < 6; disk++) {
        data[probe * pixels + (block % used * 37 + disk * disk * 29 + disk * 7) % pixels] += 400;
      }
    }
    return withEngine({ workers: 1 }, async (engine) => {
      const scan = scanFromArray(data, { rows, columns, patternRows: side, patternColumns: side });
      const beam = { row: 8, column: 8, radius: 1 };
      const counted = { fill: await filled(scan, engine), gain: counts };
      return (await SketchPass.learn(engine, scan, counted, beam, null, {}))!.basis;
    });
  };
  const many = await lengthOf(128, 128, kinds);
  assert.ok(many.length > 31 && many.length <= mostColumns - 2, `${many.length}`);
  assert.equal(many.weights.length, sketchColumns(many.length) * side * side);
  // Features, beam and noise in whole blocks of eight.
  for (const [length, columns] of [[6, 32], [30, 32], [31, 40], [62, 64]]) {
    assert.equal(sketchColumns(length), columns);
  }
  assert.ok((await lengthOf(64, 64, kinds)).length <= 31);
  assert.ok((await lengthOf(128, 128, 8)).length <= 31);
});

/** What is filled in the patterns of a scan without bad pixels. */
async function filled(scan: Scan, engine: Parameters<Parameters<typeof withEngine>[1]>[0]) {
  const parameters = { ...defaultParameters, threshold: 0.9, method: "regions" } as const;
  return (await prepareDetector(scan, parameters, true, { engine })).fill;
}

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { SimulationParameters } from "../../../library/simulation/parameters.ts";
import { type SimulatedScan, simulateScan } from "../../../library/simulation/scan.ts";

const small: Partial<SimulationParameters> = {
  rows: 12,
  columns: 10,
  patternRows: 32,
  patternColumns: 36,
  convergenceAngle: 4,
  grains: 4,
  seed: 42,
};

function readAll(scan: SimulatedScan): Uint16Array<ArrayBuffer> {
  const { rows, columns, patternRows, patternColumns } = scan.shape;
  const pixels = new Uint16Array(rows * columns * patternRows * patternColumns);
  scan.readRows(0, rows, pixels);
  return pixels;
}

function hash(...arrays: ArrayBufferView[]): string {
  const sha = createHash("sha256");
  for (const { buffer, byteOffset, byteLength } of arrays) {
    sha.update(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
  }
  return sha.digest("hex").slice(0, 16);
}

function cosineSimilarity(one: Uint16Array, other: Uint16Array): number {
  let product = 0, first = 0, second = 0;
  for (let i = 0; i < one.length; i++) {
    product += one[i] * other[i];
    first += one[i] * one[i];
    second += other[i] * other[i];
  }
  return product / Math.sqrt(first * second);
}

Deno.test("a seed gives the same bytes on every machine, and every seed gives others", () => {
  const film = simulateScan(small), particles = simulateScan({ ...small, layout: "particles", descan: 2 });
  assert.equal(
    hash(readAll(film), film.truth.labels, film.truth.purity, film.truth.orientations),
    "aaef3de97f8de696",
  );
  assert.equal(
    hash(readAll(particles), particles.truth.labels, particles.truth.purity, particles.truth.orientations),
    "eeac6091cca6eda0",
  );
  assert.notEqual(hash(readAll(simulateScan({ ...small, seed: 43 }))), hash(readAll(film)));
});

Deno.test("patterns do not depend on the order or the height of the bands they are read in", () => {
  const whole = readAll(simulateScan(small));
  const rowPixels = 10 * 32 * 36;
  const scan = simulateScan(small);
  for (const [first, count] of [[11, 1], [0, 1], [3, 5], [0, 0], [3, 5], [1, 11]]) {
    const band = new Uint16Array(count * rowPixels);
    scan.readRows(first, count, band);
    assert.deepEqual(band, whole.subarray(first * rowPixels, (first + count) * rowPixels));
  }
});

Deno.test("rows outside the scan, buffers that do not fit and reading after closing are refused", () => {
  const scan = simulateScan(small);
  const row = 10 * 32 * 36;
  assert.throws(() => scan.readRows(12, 1, new Uint16Array(row)), RangeError);
  assert.throws(() => scan.readRows(0, 1, new Uint16Array(row - 1)), RangeError);
  assert.throws(() => scan.readRows(0, 1, new Float32Array(row)), RangeError);
  assert.throws(() => scan.expectedPattern(0, 10), RangeError);
  scan.close();
  scan.close();
  assert.throws(() => scan.readRows(0, 1, new Uint16Array(row)));
});

Deno.test("counts scatter about the expected pattern as Poisson's law says", () => {
  const scan = simulateScan(small);
  const counts = readAll(scan);
  let deviations = 0, pixels = 0;
  for (let probe = 0; probe < 120; probe++) {
    const expected = scan.expectedPattern(Math.floor(probe / 10), probe % 10);
    let counted = 0, total = 0;
    expected.forEach((mean, pixel) => {
      const count = counts[probe * expected.length + pixel];
      counted += count;
      total += mean;
      deviations += (count - mean) * (count - mean) / mean;
      pixels++;
    });
    assert.ok(Math.abs(counted - total) < 5 * Math.sqrt(total), `probe ${probe}: ${counted} of ${total}`);
  }
  assert.ok(Math.abs(deviations / pixels - 1) < 0.02, `variance over mean ${deviations / pixels}`);
});

Deno.test("a pattern of the bare support holds the dose, one of a crystal less what the crystal loses", () => {
  const dose = 5000;
  const scan = simulateScan({ ...small, layout: "particles", coverage: 0.2, hotPixels: 0, dose });
  const { labels, purity } = scan.truth;
  for (let probe = 0; probe < 120; probe++) {
    const total = scan.expectedPattern(Math.floor(probe / 10), probe % 10).reduce(
      (sum, value) => sum + value,
      0,
    );
    assert.ok(total < dose * 1.0001);
    if (labels[probe] < 0 && purity[probe] === 1) assert.ok(total > dose * 0.999, `${total} of ${dose}`);
  }
  assert.ok(labels.some((label, probe) => label < 0 && purity[probe] === 1));
  assert.ok(labels.some((label) => label >= 0));
});

Deno.test("without noise the counts are the rounded expected counts", () => {
  const scan = simulateScan({ ...small, noise: false });
  const expected = scan.expectedPattern(2, 3);
  const counts = readAll(scan).subarray(23 * expected.length, 24 * expected.length);
  assert.deepEqual(Array.from(counts), Array.from(expected, Math.round));
});

Deno.test("hot pixels, and only they, are brighter than the same scan without them", () => {
  const hot = simulateScan({ ...small, noise: false });
  const sound = simulateScan({ ...small, noise: false, hotPixels: 0 });
  assert.equal(hot.truth.hotPixels.length, 6);
  const one = hot.expectedPattern(4, 4), other = sound.expectedPattern(4, 4);
  const differing = [...one.keys()].filter((pixel) => one[pixel] !== other[pixel]);
  assert.deepEqual(differing, [...hot.truth.hotPixels]);
  for (const pixel of differing) assert.ok(one[pixel] - other[pixel] > 0.0019 * hot.parameters.dose);
});

Deno.test("the beam stop leaves nothing of the direct beam", () => {
  const scan = simulateScan({ ...small, beamStopRadius: 3 });
  const [row, column] = scan.truth.center.map(Math.floor);
  assert.equal(scan.expectedPattern(5, 5)[row * 36 + column], 0);
  assert.ok(simulateScan(small).expectedPattern(5, 5)[row * 36 + column] > 50);
});

Deno.test("neighbouring patterns are alike inside a crystal and differ across boundaries", () => {
  const scan = simulateScan({
    ...small,
    rows: 24,
    columns: 24,
    grains: 8,
    hotPixels: 0,
    minimumMisorientation: 15,
  });
  const counts = readAll(scan);
  const { labels, purity } = scan.truth;
  const pattern = (probe: number) => {
    const pixels = counts.slice(probe * 1152, (probe + 1) * 1152);
    // The direct beam is the same everywhere.
    return pixels.map((value, pixel) =>
      Math.hypot(Math.floor(pixel / 36) - 15.5, pixel % 36 - 17.5) < 4 ? 0 : value
    );
  };
  const inside: number[] = [], across: number[] = [];
  for (let probe = 0; probe < 24 * 24; probe++) {
    if (probe % 24 >= 21) continue;
    const other = probe + 3;
    if (purity[probe] < 0.9 || purity[other] < 0.9) continue;
    (labels[probe] === labels[other] ? inside : across).push(
      cosineSimilarity(pattern(probe), pattern(other)),
    );
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
  assert.ok(inside.length > 50 && across.length > 10, `${inside.length}, ${across.length}`);
  assert.ok(median(inside) > 0.75, `inside ${median(inside)}`);
  assert.ok(median(across) < median(inside) - 0.2, `across ${median(across)}, inside ${median(inside)}`);
});

/** Sums over patterns and the clean-up of what was read: cluster averages, virtual images, bad pixels, checks. */

import { type KernelCall, threadScratch } from "../engine/kernels.ts";
import { rowCalls } from "../engine/rows.ts";
import { columns, pixels, rowBytes, side, simulatedRows } from "./patterns.ts";
import { addWeighted, fill, unfinite, virtualImage } from "./plain.ts";
import { benchStep, place } from "./suite.ts";

const rows = 4, count = rows * columns;
const counts = simulatedRows(rows);
const rawBytes = counts.byteLength;

/** Clusters as upright stripes of 16 columns. */
const clusters = 4;
const slotOf = (pattern: number) => Math.floor(pattern % columns / (columns / clusters));
await benchStep({
  name: "sums of clusters",
  rawBytes,
  tolerance: 0,
  plain() {
    const sums = new Float64Array(clusters * pixels);
    for (let pattern = 0; pattern < count; pattern++) {
      addWeighted(counts, pattern, 1, pixels, sums, slotOf(pattern) * pixels);
    }
    return sums;
  },
  kernels(engine) {
    const input = place(engine, counts);
    const weights = new Float64Array(2 * count), integers = new Uint32Array(weights.buffer);
    for (let pattern = 0; pattern < count; pattern++) {
      integers[4 * pattern] = input + 2 * pattern * pixels;
      integers[4 * pattern + 1] = slotOf(pattern);
      weights[2 * pattern + 1] = 1;
    }
    const table = engine.place(weights), sums = engine.allocate(8 * clusters * pixels);
    const result = engine.view(Float64Array, sums, clusters * pixels).fill(0);
    const share = pixels / engine.threads;
    const calls = Array.from({ length: engine.threads }, (_, part): KernelCall => [
      "accumulateU16",
      ...[table, count, pixels, part * share, (part + 1) * share, sums],
    ]);
    return { batches: [calls], result };
  },
});

const detector = Float32Array.from({ length: pixels }, (_, pixel) => pixel % side > side / 2 ? 1 : 0);
const image = new Float64Array(count);
await benchStep({
  name: "virtual image",
  rawBytes,
  tolerance: 1e-12,
  plain() {
    virtualImage(counts, detector, image);
    return image;
  },
  kernels(engine) {
    const input = place(engine, counts), mask = engine.place(detector), output = engine.allocate(8 * count);
    const calls = rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
      "virtualU16",
      ...[input + row * rowBytes, from, to, pixels, mask, output + 8 * columns * row],
    ]);
    return { batches: [calls], result: engine.view(Float64Array, output, count) };
  },
});

/** 100 single bad pixels, each with its 24 neighbours. */
const bad = Array.from({ length: 100 }, (_, index) => {
  const pixel = (10 + 16 * Math.floor(index / 10)) * side + 10 + 16 * (index % 10);
  const neighbours = Array.from(
    { length: 25 },
    (_, near) => pixel + (Math.floor(near / 5) - 2) * side + near % 5 - 2,
  ).filter((near) => near !== pixel);
  return { pixel, neighbours };
});
const filled = counts.slice();
await benchStep({
  name: "100 bad pixels filled",
  rawBytes,
  tolerance: 0,
  plain() {
    fill(filled, count, pixels, bad);
    return filled;
  },
  kernels(engine) {
    const input = place(engine, counts);
    const table = place(
      engine,
      Int32Array.from(bad.flatMap(({ pixel, neighbours }) => [pixel, neighbours.length, ...neighbours])),
    );
    const calls = rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
      "fillU16",
      ...[input + row * rowBytes, from, to, pixels, table, bad.length, threadScratch],
    ]);
    return { batches: [calls], result: engine.view(Uint16Array, input, counts.length) };
  },
});

const floats = Float32Array.from(counts);
const flags = new Int32Array(count);
await benchStep({
  name: "float32 patterns checked for NaN",
  rawBytes: floats.byteLength,
  tolerance: 0,
  plain() {
    unfinite(floats, pixels, flags);
    return flags;
  },
  kernels(engine) {
    const input = place(engine, floats), output = engine.allocate(4 * count);
    const calls = rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
      "unfiniteF32",
      ...[input + 2 * row * rowBytes, from, to, pixels, output + 4 * columns * row],
    ]);
    return { batches: [calls], result: engine.view(Int32Array, output, count) };
  },
});

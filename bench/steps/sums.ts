/** Sums over patterns and the clean-up of what was read: cluster averages, virtual images, bad pixels, checks. */

import { at } from "../../library/engine/address.ts";
import { type KernelCall, threadScratch } from "../../library/engine/kernels.ts";
import { rowCalls } from "../../library/engine/row_calls.ts";
import { columns, pixels, rowBytes, side, simulatedRows } from "../patterns.ts";
import { addWeighted, fill, finiteMaxima, virtualImage } from "../plain.ts";
import { type NativeCall, placeArray, type Step } from "../step.ts";

const rows = 4, count = rows * columns;
/** Clusters as upright stripes of 16 columns. */
const clusters = 4;
/** 100 single bad pixels, each with its 24 neighbours. */
const bad = Array.from({ length: 100 }, (_, index) => {
  const pixel = (10 + 16 * Math.floor(index / 10)) * side + 10 + 16 * (index % 10);
  const neighbours = Array.from(
    { length: 25 },
    (_, near) => pixel + (Math.floor(near / 5) - 2) * side + near % 5 - 2,
  ).filter((near) => near !== pixel);
  return { pixel, neighbours };
});

/** The steps of this file, with their data. */
export function sumSteps(): Step[] {
  const counts = simulatedRows(rows);
  return [clusterSumStep(counts), virtualImageStep(counts), fillStep(counts), finiteStep(counts)];
}

function clusterSumStep(counts: Uint16Array): Step {
  const slotOf = (pattern: number) => Math.floor(pattern % columns / (columns / clusters));
  return {
    name: "sums of clusters",
    rawBytes: counts.byteLength,
    tolerance: 0,
    load: { roof: "read", amount: counts.byteLength },
    plain() {
      const sums = new Float64Array(clusters * pixels);
      for (let pattern = 0; pattern < count; pattern++) {
        addWeighted(counts, pattern, 1, pixels, sums, slotOf(pattern) * pixels);
      }
      return sums;
    },
    place(engine) {
      const input = placeArray(engine, counts);
      const terms = new Float64Array(2 * count), integers = new Uint32Array(terms.buffer);
      for (let pattern = 0; pattern < count; pattern++) {
        integers[4 * pattern] = input + 2 * pattern * pixels;
        integers[4 * pattern + 1] = slotOf(pattern);
        terms[2 * pattern + 1] = 1;
      }
      const table = engine.place(terms), sums = engine.allocate(8 * clusters * pixels);
      const share = pixels / engine.threads;
      return {
        batches: [
          Array.from({ length: engine.threads }, (_, part): KernelCall => [
            "accumulateU16",
            table,
            count,
            pixels,
            part * share,
            (part + 1) * share,
            sums,
          ]),
        ],
        native: [["accumulate_u16", 0, table, count, pixels, 0, pixels, sums]],
        result: engine.view(Float64Array, sums, clusters * pixels).fill(0),
      };
    },
  };
}

function virtualImageStep(counts: Uint16Array): Step {
  const detector = Float32Array.from({ length: pixels }, (_, pixel) => pixel % side > side / 2 ? 1 : 0);
  const image = new Float64Array(count);
  return {
    name: "virtual image",
    rawBytes: counts.byteLength,
    tolerance: 1e-12,
    load: { roof: "read", amount: counts.byteLength },
    plain() {
      virtualImage(counts, detector, image);
      return image;
    },
    place(engine) {
      const input = placeArray(engine, counts),
        mask = engine.place(detector),
        output = engine.allocate(8 * count);
      const numbers = (row: number, from: number, to: number) =>
        [
          at(input, row * rowBytes),
          from,
          to,
          pixels,
          mask,
          at(output, 8 * columns * row),
        ] as const;
      return {
        batches: [
          rowCalls(
            0,
            rows,
            columns,
            engine.threads,
            (row, from, to) => ["virtualU16", ...numbers(row, from, to)],
          ),
        ],
        native: Array.from(
          { length: rows },
          (_, row): NativeCall => ["virtual_u16", ...numbers(row, 0, columns)],
        ),
        result: engine.view(Float64Array, output, count),
      };
    },
  };
}

function fillStep(counts: Uint16Array): Step {
  const filled = counts.slice();
  return {
    name: "100 bad pixels filled",
    rawBytes: counts.byteLength,
    tolerance: 0,
    plain() {
      fill(filled, count, pixels, bad);
      return filled;
    },
    place(engine) {
      const input = placeArray(engine, counts);
      const table = placeArray(
        engine,
        Int32Array.from(bad.flatMap(({ pixel, neighbours }) => [pixel, neighbours.length, ...neighbours])),
      );
      const numbers = (row: number, from: number, to: number) =>
        [
          at(input, row * rowBytes),
          from,
          to,
          pixels,
          table,
          bad.length,
        ] as const;
      const result = engine.view(Uint16Array, input, counts.length);
      return {
        batches: [
          rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
            "fillU16",
            ...numbers(row, from, to),
            threadScratch,
          ]),
        ],
        native: Array.from(
          { length: rows },
          (_, row): NativeCall => ["fill_u16", ...numbers(row, 0, columns)],
        ),
        result,
        reset: () => result.set(counts),
      };
    },
  };
}

function finiteStep(counts: Uint16Array): Step {
  const floats = Float32Array.from(counts);
  const largest = new Float32Array(count);
  return {
    name: "float32 patterns checked for NaN",
    rawBytes: floats.byteLength,
    tolerance: 0,
    load: { roof: "read", amount: floats.byteLength },
    plain() {
      finiteMaxima(floats, pixels, largest);
      return largest;
    },
    place(engine) {
      const input = placeArray(engine, floats), output = engine.allocate(4 * count);
      const numbers = (row: number, from: number, to: number) =>
        [
          at(input, 2 * row * rowBytes),
          from,
          to,
          pixels,
          at(output, 4 * columns * row),
        ] as const;
      return {
        batches: [
          rowCalls(
            0,
            rows,
            columns,
            engine.threads,
            (row, from, to) => ["maximaF32", ...numbers(row, from, to)],
          ),
        ],
        native: Array.from(
          { length: rows },
          (_, row): NativeCall => ["maxima_f32", ...numbers(row, 0, columns)],
        ),
        result: engine.view(Float32Array, output, count),
      };
    },
  };
}

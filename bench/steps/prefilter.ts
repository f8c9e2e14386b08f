/** The prefilter's three steps with the paper's settings: weighting, correlations, filtered patterns. */

import { defaultPrefilter } from "../../library/passes/prefilter/parameters.ts";
import {
  halfFootprint,
  patternWeights,
  type PrefilterWeights,
} from "../../library/passes/prefilter/footprint.ts";
import { FilterTerms } from "../../library/passes/prefilter/filter_terms.ts";
import { gaussianTaps } from "../../library/passes/features/gaussian.ts";
import { at } from "../../library/engine/address.ts";
import { type KernelCall, threadScratch } from "../../library/engine/kernels.ts";
import { rowCalls } from "../../library/engine/row_calls.ts";
import { columns, pixels, rowBytes, side, simulatedRows } from "../patterns.ts";
import { addWeighted, Blur, correlation, weighted } from "../plain.ts";
import { type NativeCall, placeArray, scratchBytes, type Step } from "../step.ts";

const { radius, edge } = defaultPrefilter;
/** Rows that are worked on, and all rows that their footprints reach. */
const rows = 2, reached = rows + 2 * radius;
const shape = { rows: reached, columns, patternRows: side, patternColumns: side };
const weights = patternWeights(shape, edge);
const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
const taps = gaussianTaps(defaultPrefilter.blur);
const offsets = halfFootprint(defaultPrefilter);
const rawBytes = rows * rowBytes;

/** The steps of this file, with their data. */
export function prefilterSteps(): Step[] {
  const counts = simulatedRows(reached);
  return [weightingStep(counts), correlationStep(counts), filterStep(counts)];
}

function weightingStep(counts: Uint16Array): Step {
  const workedOn = counts.subarray(0, rows * columns * pixels);
  const blur = new Blur(side, side, taps.weights), result = new Float32Array(workedOn.length);
  return {
    name: "prefilter: blur and weighting",
    rawBytes,
    tolerance: 1e-5,
    load: { roof: "f32", amount: 2 * (3 * taps.radius + 1) * workedOn.length },
    plain() {
      blur.run(workedOn, result, rows * columns);
      weighted(result, rows * columns, weights);
      return result;
    },
    place(engine) {
      const input = placeArray(engine, workedOn), output = engine.allocate(2 * rawBytes);
      const tapsPointer = engine.place(taps.weights), weightsPointer = engine.place(weights);
      const scratch = engine.allocate(scratchBytes);
      const numbers = (row: number, from: number, to: number) =>
        [
          at(input, row * rowBytes),
          at(output, 2 * row * rowBytes),
          from,
          to,
          side,
          side,
          tapsPointer,
          taps.radius,
          weightsPointer,
          weightSum,
        ] as const;
      return {
        batches: [
          rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
            "weightedU16",
            ...numbers(row, from, to),
            threadScratch,
          ]),
        ],
        native: Array.from({ length: rows }, (_, row): NativeCall => [
          "weighted_u16",
          ...numbers(row, 0, columns),
          scratch,
        ]),
        result: engine.view(Float32Array, output, workedOn.length),
      };
    },
  };
}

function correlationStep(counts: Uint16Array): Step {
  const count = (rows + radius) * columns;
  const patterns = new Float32Array(count * pixels);
  new Blur(side, side, taps.weights).run(counts.subarray(0, patterns.length), patterns, count);
  weighted(patterns, count, weights);
  return {
    name: `prefilter: ${offsets.length} correlations`,
    rawBytes,
    tolerance: 1e-5,
    load: { roof: "f32", amount: 2 * offsets.length * rows * columns * pixels },
    plain() {
      const correlations = new Float32Array(rows * columns * offsets.length);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const probe = row * columns + column;
          for (let index = 0; index < offsets.length; index++) {
            const [down, right] = offsets[index];
            if (column + right < 0 || column + right >= columns) continue;
            const other = probe + down * columns + right;
            correlations[probe * offsets.length + index] = correlation(patterns, probe, other, pixels);
          }
        }
      }
      return correlations;
    },
    place(engine) {
      const input = placeArray(engine, patterns);
      const output = engine.allocate(4 * rows * columns * offsets.length);
      const calls: KernelCall[] = [], native: NativeCall[] = [];
      for (let down = 0; down <= radius; down++) {
        const first = offsets.findIndex(([row]) => row === down);
        const last = offsets.findLastIndex(([row]) => row === down);
        const numbers = (row: number, from: number, to: number) =>
          [
            at(input, 2 * row * rowBytes),
            at(input, 2 * (row + down) * rowBytes),
            columns,
            from,
            to,
            pixels,
            offsets[first][1],
            offsets[last][1],
            at(output, 4 * (row * columns * offsets.length + first)),
            offsets.length,
          ] as const;
        calls.push(...rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
          "correlate",
          ...numbers(row, from, to),
        ]));
        for (let row = 0; row < rows; row++) native.push(["correlate_f32", ...numbers(row, 0, columns)]);
      }
      const result = engine.view(Float32Array, output, rows * columns * offsets.length).fill(0);
      return { batches: [calls], native, result };
    },
  };
}

function filterStep(counts: Uint16Array): Step {
  // Every neighbour has a part, as in the middle of a large grain.
  const values = new Float32Array(reached * columns * offsets.length);
  for (let probe = 0; probe < reached * columns; probe++) {
    offsets.forEach(([down, right], k) => {
      const row = Math.floor(probe / columns) + down, column = probe % columns + right;
      if (row < reached && column >= 0 && column < columns) values[probe * offsets.length + k] = 0.5;
    });
  }
  const parts = new FilterTerms({ offsets, values } satisfies PrefilterWeights, shape);
  const terms = Array.from({ length: rows * columns }, (_, index) => {
    const count = parts.partsOf(radius + Math.floor(index / columns), index % columns);
    return Array.from({ length: count }, (_, i) => ({ probe: parts.probes[i], weight: parts.weights[i] }));
  });
  const flat = terms.flat();
  const filtered = new Float32Array(rows * columns * pixels);
  return {
    name: `prefilter: filtered patterns, ${2 * offsets.length - 1} terms`,
    rawBytes,
    tolerance: 1e-5,
    load: { roof: "f32", amount: 2 * flat.length * pixels },
    plain() {
      filtered.fill(0);
      for (let probe = 0; probe < terms.length; probe++) {
        for (const part of terms[probe]) {
          addWeighted(counts, part.probe, part.weight, pixels, filtered, probe * pixels);
        }
      }
      return filtered;
    },
    place(engine) {
      const input = placeArray(engine, counts);
      const table = new Uint32Array(2 * flat.length), floats = new Float32Array(table.buffer);
      flat.forEach(({ probe, weight }, index) => {
        table[2 * index] = input + counts.BYTES_PER_ELEMENT * probe * pixels;
        floats[2 * index + 1] = weight;
      });
      const starts = new Int32Array(terms.length + 1);
      terms.forEach((parts, probe) => starts[probe + 1] = starts[probe] + parts.length);
      const tablePointer = engine.place(table), startsPointer = engine.place(starts);
      const output = engine.allocate(4 * filtered.length);
      const numbers = (row: number, from: number, to: number) =>
        [
          tablePointer,
          at(startsPointer, 4 * columns * row),
          from,
          to,
          pixels,
          at(output, 4 * row * columns * pixels),
        ] as const;
      return {
        batches: [
          rowCalls(
            0,
            rows,
            columns,
            engine.threads,
            (row, from, to) => {
              const [terms, starts, , , , destination] = numbers(row, from, to);
              return [
                "filterU16",
                terms,
                starts,
                from,
                to,
                pixels,
                0,
                pixels,
                destination,
              ];
            },
          ),
        ],
        native: Array.from(
          { length: rows },
          (_, row): NativeCall => ["filter_u16", 0, ...numbers(row, 0, columns)],
        ),
        result: engine.view(Float32Array, output, filtered.length),
      };
    },
  };
}

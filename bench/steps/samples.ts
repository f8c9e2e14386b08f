/** The fast path: samples of blurred patterns. */

import { gaussianTaps } from "../../library/passes/features/gaussian.ts";
import { defaultPrefilter } from "../../library/passes/prefilter/parameters.ts";
import { chooseSampling } from "../../library/passes/features/sampling.ts";
import {
  rowStride,
  sampleCount,
  sampledScratchBytes,
  samplingTables,
} from "../../library/passes/features/sampling_tables.ts";
import { at, nowhere } from "../../library/engine/address.ts";
import { threadScratch } from "../../library/engine/kernels.ts";
import { rowCalls } from "../../library/engine/row_calls.ts";
import { columns, rowBytes, side, simulatedRows } from "../patterns.ts";
import { PlainSamples } from "../plain_samples.ts";
import { type NativeCall, placeArray, type Step } from "../step.ts";

const rows = 2, count = rows * columns;
const taps = gaussianTaps(defaultPrefilter.blur);
const rawBytes = rows * rowBytes;

/** The steps of this file, with their data. */
export function sampleSteps(): Step[] {
  return [samplingStep()];
}

function samplingStep(): Step {
  const sampling = chooseSampling({ patternRows: side, patternColumns: side }, defaultPrefilter.blur);
  if (!sampling) throw new Error("these patterns are not sampled");
  const plain = new PlainSamples(
    side,
    side,
    taps.weights,
    sampling.rows,
    sampling.columns,
    rowStride(sampling.rows),
  );
  const counts = simulatedRows(rows), samples = sampleCount(sampling);
  const result = new Float32Array(count * samples);
  // Products of 16-bit counts and taps, down the columns at the row nodes; the floats along rows come on top.
  const products = 2 * 2 * (taps.radius + 1) * sampling.rows.nodes.length * side * count;
  return {
    name: "samples of blurred patterns, sigma 3",
    rawBytes,
    // The kernel's taps are integers (library/passes/features/fixed_taps.ts).
    tolerance: 3e-5,
    load: { roof: "i16", amount: products },
    plain() {
      plain.run(counts, result, count);
      return result;
    },
    place(engine) {
      const input = placeArray(engine, counts), output = engine.allocate(4 * count * samples);
      const tables = engine.place(samplingTables(sampling, taps));
      const scratch = engine.allocate(sampledScratchBytes(sampling, taps));
      const addresses = (row: number) =>
        [at(input, row * rowBytes), at(output, 4 * row * columns * samples)] as const;
      return {
        batches: [
          rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
            "sampledU16",
            ...addresses(row),
            nowhere,
            from,
            to,
            side,
            side,
            tables,
            0,
            threadScratch,
          ]),
        ],
        native: Array.from({ length: rows }, (_, row): NativeCall => [
          "sampled_u16",
          ...addresses(row),
          0,
          columns,
          side,
          side,
          tables,
          scratch,
        ]),
        result: engine.view(Float32Array, output, count * samples),
      };
    },
  };
}

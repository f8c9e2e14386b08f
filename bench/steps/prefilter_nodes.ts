/** The prefilter as it runs where nodes stand for all pixels: weighting and correlations, filtered samples. */

import { defaultPrefilter } from "../../library/passes/prefilter/parameters.ts";
import { halfFootprint, patternWeights } from "../../library/passes/prefilter/footprint.ts";
import { FilterStage } from "../../library/passes/prefilter/filter_stage.ts";
import { FilterTerms } from "../../library/passes/prefilter/filter_terms.ts";
import { NodeRows } from "../../library/passes/prefilter/node_rows.ts";
import {
  nodeFeatureCount,
  nodeSampleCount,
  nodeScratchBytes,
} from "../../library/passes/prefilter/nodes/node_tables.ts";
import { choosePatternNodes, type PatternNodes } from "../../library/passes/prefilter/nodes/pattern_nodes.ts";
import { gaussianTaps } from "../../library/passes/features/gaussian.ts";
import { at } from "../../library/engine/address.ts";
import type { KernelCall } from "../../library/engine/kernels.ts";
import { ArenaMemory } from "../../library/engine/memory.ts";
import { rowCalls } from "../../library/engine/row_calls.ts";
import { columns, pixels, rowBytes, side, simulatedRows } from "../patterns.ts";
import { addWeighted, Blur, correlation, weighted } from "../plain.ts";
import { placeArray, scratchBytes, type Step } from "../step.ts";

const { radius, edge } = defaultPrefilter;
const rows = radius + 2;
const shape = { rows, columns, patternRows: side, patternColumns: side };
const offsets = halfFootprint(defaultPrefilter);

/** The steps of this file, with their data. */
export function prefilterNodeSteps(): Step[] {
  const nodes = choosePatternNodes(shape, defaultPrefilter, []);
  if (!nodes || nodeScratchBytes(nodes) > scratchBytes) {
    throw new Error("these patterns are not weighed at nodes");
  }
  const samples = nodeSampleCount(nodes);
  return [weighingStep(nodes), filteredSamplesStep(samples)];
}

/** A scan of a few rows from its counts to the correlations of all neighbours. */
function weighingStep(nodes: PatternNodes): Step {
  const counts = simulatedRows(rows), patterns = rows * columns, length = nodeFeatureCount(nodes);
  const neighbours: { probe: number; other: number; k: number }[] = [];
  for (let probe = 0; probe < patterns; probe++) {
    offsets.forEach(([down, right], k) => {
      const row = Math.floor(probe / columns) + down, column = probe % columns + right;
      if (row < rows && column >= 0 && column < columns) {
        neighbours.push({ probe, other: row * columns + column, k });
      }
    });
  }
  return {
    name: `prefilter: weighting and ${offsets.length} correlations at ${length} nodes`,
    rawBytes: rows * rowBytes,
    // Nodes stand for all pixels (docs/inside/deviations.md).
    tolerance: 1e-5,
    load: { roof: "f32", amount: 2 * neighbours.length * length },
    plain() {
      const features = new Float32Array(patterns * pixels),
        result = new Float32Array(patterns * offsets.length);
      new Blur(side, side, gaussianTaps(defaultPrefilter.blur).weights).run(counts, features, patterns);
      weighted(features, patterns, patternWeights(shape, edge));
      for (const { probe, other, k } of neighbours) {
        result[probe * offsets.length + k] = correlation(features, probe, other, pixels);
      }
      return result;
    },
    place(engine) {
      const stage = new NodeRows({ shape, dtype: "u16" }, nodes);
      stage.reserve(new ArenaMemory(engine, 0));
      const input = placeArray(engine, counts), features = engine.allocate(4 * patterns * length);
      const output = engine.allocate(4 * patterns * offsets.length);
      const featureRow = (row: number) => at(features, 4 * row * columns * length);
      const weigh = rowCalls(
        0,
        rows,
        columns,
        engine.threads,
        (row, from, to) =>
          stage.call(
            at(input, row * rowBytes + 2 * from * pixels),
            at(featureRow(row), 4 * from * length),
            to - from,
          ),
      );
      const correlate: KernelCall[] = [];
      for (let down = 0; down <= radius; down++) {
        const first = offsets.findIndex(([row]) => row === down);
        const last = offsets.findLastIndex(([row]) => row === down);
        correlate.push(...rowCalls(0, rows - down, columns, engine.threads, (row, from, to) => [
          "correlate",
          featureRow(row),
          featureRow(row + down),
          columns,
          from,
          to,
          length,
          offsets[first][1],
          offsets[last][1],
          at(output, 4 * (row * columns * offsets.length + first)),
          offsets.length,
        ]));
      }
      const result = engine.view(Float32Array, output, patterns * offsets.length).fill(0);
      return { batches: [weigh, correlate], result };
    },
  };
}

/** Samples of a few rows, filtered as in the middle of a large grain: every neighbour has weight 1. */
function filteredSamplesStep(length: number): Step {
  const filteredRows = 8, reached = filteredRows + 2 * radius, count = filteredRows * columns;
  const scan = { rows: reached, columns, patternRows: side, patternColumns: side };
  const source = Float32Array.from({ length: reached * columns * length }, (_, i) => (i * 7919) % 101);
  const values = new Float32Array(reached * columns * offsets.length);
  for (let probe = 0; probe < reached * columns; probe++) {
    offsets.forEach(([down, right], k) => {
      const row = Math.floor(probe / columns) + down, column = probe % columns + right;
      if (row < reached && column >= 0 && column < columns) values[probe * offsets.length + k] = 1;
    });
  }
  const filtered = new Float32Array(count * length), parts = new FilterTerms({ offsets, values }, scan);
  return {
    name: `prefilter: filtered samples, ${2 * offsets.length - 1} neighbours`,
    rawBytes: filteredRows * rowBytes,
    tolerance: 1e-5,
    plain() {
      filtered.fill(0);
      for (let probe = 0; probe < count; probe++) {
        const found = parts.partsOf(radius + Math.floor(probe / columns), probe % columns);
        for (let i = 0; i < found; i++) {
          addWeighted(source, parts.probes[i], parts.weights[i], length, filtered, probe * length);
        }
      }
      return filtered;
    },
    place(engine) {
      const stage = new FilterStage(scan, "F32", offsets, length), bytes = 4 * columns * length;
      stage.reserve(new ArenaMemory(engine, 0), filteredRows);
      const input = placeArray(engine, source), output = engine.allocate(filteredRows * bytes);
      stage.begin(engine, { offsets, values });
      const block = {
        first: radius,
        end: radius + filteredRows,
        pointer: (row: number) => at(input, row * bytes),
      };
      const work = stage.calls(block, (row) => at(output, (row - radius) * bytes));
      return { batches: [work], result: engine.view(Float32Array, output, count * length) };
    },
  };
}

/** Correlations of the fast path: samples of blurred patterns in 16 bits. */

import { halfFootprint } from "../../cluster/footprint.ts";
import { defaultPrefilter } from "../../cluster/parameters.ts";
import type { KernelCall } from "../../engine/kernels.ts";
import { rowCalls } from "../../engine/rows.ts";
import { columns, pixels, rowBytes, side, simulatedRows } from "../patterns.ts";
import type { NativeCall, Step } from "../step.ts";

const rows = 2, count = rows * columns, rawBytes = rows * rowBytes;

/** Norm of the 16-bit samples, as assembly/weighting.ts makes them, and as assembly/correlate.ts divides by. */
const norm = 46000;

/** The step of this file, with its data. */
export function sampledCorrelationSteps(): Step[] {
  const counts = simulatedRows(rows + defaultPrefilter.radius);
  const offsets = halfFootprint(defaultPrefilter), { radius } = defaultPrefilter;
  const samples = 64 * 64, probes = (rows + radius) * columns;
  const patterns = new Int16Array(probes * samples);
  for (let probe = 0; probe < probes; probe++) {
    const values = Array.from({ length: samples }, (_, i) => {
      const y = 3 * Math.floor(i / 64) + 1, x = 3 * (i % 64) + 1;
      return counts[probe * pixels + y * side + x];
    });
    const length = Math.hypot(...values);
    patterns.set(values.map((value) => Math.round(norm * value / length)), probe * samples);
  }
  const correlations = new Float32Array(count * offsets.length);
  return [{
    name: `prefilter: ${offsets.length} correlations of 4096 samples`,
    rawBytes,
    tolerance: 1e-6,
    load: { roof: "i16", amount: 2 * offsets.length * count * samples },
    plain() {
      for (let probe = 0; probe < count; probe++) {
        const own = patterns.subarray(probe * samples, (probe + 1) * samples);
        offsets.forEach(([down, right], index) => {
          if (probe % columns + right < 0 || probe % columns + right >= columns) return;
          const other = probe + down * columns + right;
          const partner = patterns.subarray(other * samples, (other + 1) * samples);
          let sum = 0;
          for (let i = 0; i < samples; i++) sum += own[i] * partner[i];
          correlations[probe * offsets.length + index] = sum / norm ** 2;
        });
      }
      return correlations;
    },
    place(engine) {
      const input = engine.place(new Uint8Array(patterns.buffer));
      const output = engine.allocate(correlations.byteLength), bytes = 2 * columns * samples;
      const calls: KernelCall[] = [], native: NativeCall[] = [];
      for (let down = 0; down <= radius; down++) {
        const first = offsets.findIndex(([row]) => row === down);
        const last = offsets.findLastIndex(([row]) => row === down);
        const numbers = (row: number, from: number, to: number) => [
          ...[input + row * bytes, input + (row + down) * bytes, columns, from, to, samples],
          ...[offsets[first][1], offsets[last][1]],
          ...[output + 4 * (row * columns * offsets.length + first), offsets.length],
        ];
        calls.push(...rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
          "correlate16",
          ...numbers(row, from, to),
        ]));
        for (let row = 0; row < rows; row++) native.push(["correlate_i16", ...numbers(row, 0, columns)]);
      }
      const result = engine.view(Float32Array, output, correlations.length).fill(0);
      return { batches: [calls], native, result };
    },
  }];
}

/** Samples of patterns by the kernels, and what they are to stand for, in float64. */

import { gaussianTaps } from "../../library/passes/features/gaussian.ts";
import type { PatternSampling } from "../../library/passes/features/sampling.ts";
import {
  rowStride,
  sampleCount,
  sampledScratchBytes,
  samplingTables,
} from "../../library/passes/features/sampling_tables.ts";
import { at } from "../../library/engine/address.ts";
import type { Engine } from "../../library/engine/engine.ts";
import { threadScratch, type Working } from "../../library/engine/kernels.ts";
import { reflect } from "./oracles.ts";

const arrays = { U8: Uint8Array, U16: Uint16Array, F32: Float32Array } as const;

/** Samples of each pattern and its reference, by the `sampled` kernel of a working type. */
export async function sampleByKernel(
  engine: Engine,
  sampling: PatternSampling,
  working: Working,
  patterns: readonly ArrayLike<number>[],
  centered: boolean,
): Promise<{ samples: Float32Array[]; references: Float64Array }> {
  const mark = engine.mark();
  const taps = gaussianTaps(sampling.sigma), count = sampleCount(sampling);
  const height = sampling.rows.side, width = sampling.columns.side;
  const source = new arrays[working](patterns.length * height * width);
  patterns.forEach((pattern, k) => source.set(Array.from(pattern), k * height * width));
  const input = engine.place(new Uint8Array(source.buffer));
  const tables = engine.place(samplingTables(sampling, taps));
  const output = engine.allocate(4 * count * patterns.length);
  const references = engine.allocate(8 * patterns.length);
  engine.view(Float32Array, output, count * patterns.length).fill(NaN);
  engine.allocateScratch(sampledScratchBytes(sampling, taps));
  const middle = patterns.length >> 1;
  await engine.run([[0, middle], [middle, patterns.length]].map(([from, to]) => [
    `sampled${working}`,
    input,
    output,
    references,
    from,
    to,
    height,
    width,
    tables,
    centered ? 1 : 0,
    threadScratch,
  ]));
  const found = {
    samples: patterns.map((_, k) => engine.view(Float32Array, at(output, 4 * count * k), count).slice()),
    references: engine.view(Float64Array, references, patterns.length).slice(),
  };
  engine.release(mark);
  return found;
}

/** A pattern less its mean over all pixels. */
export function lessMean(pattern: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(pattern);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

/** One-sided taps of a Gaussian in float64. */
export function exactTaps(sigma: number): Float64Array {
  const raw = Float64Array.from(
    { length: Math.floor(4 * sigma + 0.5) + 1 },
    (_, k) => Math.exp(-0.5 * (k / sigma) ** 2),
  );
  const sum = raw.reduce((total, value, k) => total + (k === 0 ? value : 2 * value), 0);
  return raw.map((value) => value / sum);
}

/** Blur in float64, fast enough for many patterns; taps across the rows may differ from those across the columns. */
export function blurExactly(
  pattern: ArrayLike<number>,
  height: number,
  width: number,
  rowTaps: ArrayLike<number>,
  columnTaps = rowTaps,
): Float64Array {
  const between = new Float64Array(height * width), blurred = new Float64Array(height * width);
  const radius = rowTaps.length - 1;
  for (let y = 0; y < height; y++) {
    for (let k = -radius; k <= radius; k++) {
      const from = reflect(y + k, height) * width, weight = rowTaps[Math.abs(k)];
      for (let x = 0; x < width; x++) between[y * width + x] += weight * pattern[from + x];
    }
  }
  for (let k = -radius; k <= radius; k++) {
    for (let x = 0; x < width; x++) {
      const from = reflect(x + k, width), weight = columnTaps[Math.abs(k)];
      for (let start = 0; start < blurred.length; start += width) {
        blurred[start + x] += weight * between[start + from];
      }
    }
  }
  return blurred;
}

/** What the samples of a blurred pattern are: values at the nodes times the roots of their weights. */
export function samplesOf(blurred: ArrayLike<number>, { rows, columns }: PatternSampling): Float64Array {
  const stride = rowStride(rows), samples = new Float64Array(columns.nodes.length * stride);
  columns.nodes.forEach((column, j) =>
    rows.nodes.forEach((row, i) =>
      samples[j * stride + i] = blurred[row * columns.side + column] *
        Math.sqrt(rows.weights[i] * columns.weights[j])
    )
  );
  return samples;
}

/** Inner products of neighbouring patterns, for each type that patterns have in memory. */

import { rowCalls } from "../engine/rows.ts";
import type { KernelName } from "../engine/kernels.ts";
import { columns, pixels, rowBytes, simulatedRows } from "./patterns.ts";
import { maxima, type Pixels, productsPerProbe, similarity } from "./plain.ts";
import { benchStep, place } from "./suite.ts";

const rows = 4;
const counts = simulatedRows(rows);

interface Kind {
  readonly name: string;
  readonly kernel: KernelName;
  readonly patterns: Pixels;
  /** Samples summed before sums are widened; as cluster/similarity.ts chooses it. */
  readonly chunk: number;
  /** Bytes of a pixel as recorded. */
  readonly recordedBytes: number;
  readonly tolerance: number;
}

const kinds: readonly Kind[] = [
  {
    name: "similarity, 8-bit counts",
    kernel: "similarityU8",
    patterns: Uint8Array.from(counts, (count) => Math.min(255, count)),
    chunk: 2048,
    recordedBytes: 1,
    tolerance: 0,
  },
  {
    name: "similarity, 16-bit counts",
    kernel: "similarityU16",
    patterns: counts,
    chunk: 2048,
    recordedBytes: 2,
    tolerance: 0,
  },
  {
    name: "similarity, 16-bit counts above 32767",
    kernel: "similarityWideU16",
    patterns: counts.map((count) => Math.min(65535, 200 * count)),
    chunk: 2048,
    recordedBytes: 2,
    tolerance: 0,
  },
  {
    name: "similarity, float32 features",
    kernel: "similarityF32",
    patterns: Float32Array.from(counts),
    chunk: 32,
    recordedBytes: 2,
    tolerance: 1e-6,
  },
];

for (const { name, kernel, patterns, chunk, recordedBytes, tolerance } of kinds) {
  const rowLength = columns * pixels;
  const row = (index: number) => {
    const inside = Math.min(index, rows - 1);
    return patterns.subarray(inside * rowLength, (inside + 1) * rowLength);
  };
  await benchStep({
    name,
    rawBytes: rows * rowLength * recordedBytes,
    tolerance,
    plain() {
      const products = new Float64Array(productsPerProbe * columns);
      const squares = new Float64Array(rows * columns);
      for (let upper = 0; upper < rows; upper++) {
        similarity(row(upper), row(upper + 1), columns, pixels, products);
        for (let column = 0; column < columns; column++) {
          squares[upper * columns + column] = products[productsPerProbe * (column + 1) - 1];
        }
      }
      return squares;
    },
    kernels(engine) {
      const bytes = rowLength * patterns.BYTES_PER_ELEMENT;
      const input = place(engine, patterns);
      const dots = engine.allocate(32 * rows * columns), norms = engine.allocate(8 * rows * columns);
      const pointer = (index: number) => input + Math.min(index, rows - 1) * bytes;
      const calls = rowCalls(0, rows, columns, engine.threads, (upper, from, to) => [
        kernel,
        ...[pointer(upper), pointer(upper + 1), columns, from, to, pixels, chunk],
        ...[dots + 32 * columns * upper, norms + 8 * columns * upper],
      ]);
      return { batches: [calls], result: engine.view(Float64Array, norms, rows * columns) };
    },
  });
}

await benchStep({
  name: "largest count of a pattern",
  rawBytes: rows * rowBytes,
  tolerance: 0,
  plain() {
    const largest = new Int32Array(rows * columns);
    maxima(counts, pixels, largest);
    return largest;
  },
  kernels(engine) {
    const input = place(engine, counts), output = engine.allocate(4 * rows * columns);
    const calls = rowCalls(0, rows, columns, engine.threads, (row, from, to) => [
      "maximaU16",
      ...[input + row * rowBytes, from, to, pixels, output + 4 * columns * row],
    ]);
    return { batches: [calls], result: engine.view(Int32Array, output, rows * columns) };
  },
});

/** Inner products of neighbouring patterns, for each type that patterns have in memory, and what chooses their kernel. */

import { at } from "../../library/engine/address.ts";
import type { SimilarityCall } from "../../library/engine/kernel_calls.ts";
import { rowCalls } from "../../library/engine/row_calls.ts";
import { columns, pixels, rowBytes, simulatedRows } from "../patterns.ts";
import { maxima, type Pixels, productsPerProbe, similarity } from "../plain.ts";
import { type Load, type NativeCall, placeArray, type Step } from "../step.ts";

const rows = 4;
/** Multiplications and additions of the products of all probes with their neighbours and themselves. */
const operations = 2 * productsPerProbe * rows * columns * pixels;

interface Kind {
  readonly name: string;
  readonly kernel: SimilarityCall[0];
  readonly native: string;
  readonly patterns: Pixels;
  /** Samples summed before sums are widened; as library/passes/similarity/row_similarity.ts chooses it. */
  readonly chunk: number;
  /** Bytes of a pixel as recorded. */
  readonly recordedBytes: number;
  readonly tolerance: number;
  readonly load?: Load;
}

/** The steps of this file, with their data. */
export function similaritySteps(): Step[] {
  const counts = simulatedRows(rows);
  const kinds: readonly Kind[] = [
    {
      name: "similarity, 8-bit counts",
      kernel: "similarityU8",
      native: "similarity_u8",
      patterns: Uint8Array.from(counts, (count) => Math.min(255, count)),
      chunk: 2048,
      recordedBytes: 1,
      tolerance: 0,
      load: { roof: "i16", amount: operations },
    },
    {
      name: "similarity, 16-bit counts",
      kernel: "similarityU16",
      native: "similarity_u16",
      patterns: counts,
      chunk: 2048,
      recordedBytes: 2,
      tolerance: 0,
      load: { roof: "i16", amount: operations },
    },
    {
      name: "similarity, 16-bit counts above 32767",
      kernel: "similarityWideU16",
      native: "similarity_wide_u16",
      patterns: counts.map((count) => Math.min(65535, 200 * count)),
      chunk: 2048,
      recordedBytes: 2,
      tolerance: 0,
    },
    {
      name: "similarity, float32 features",
      kernel: "similarityF32",
      native: "similarity_f32",
      patterns: Float32Array.from(counts),
      chunk: 32,
      recordedBytes: 2,
      tolerance: 1e-6,
      load: { roof: "f32", amount: operations },
    },
  ];
  return [...kinds.map(similarityStep), maximaStep(counts)];
}

function similarityStep(
  { name, kernel, native, patterns, chunk, recordedBytes, tolerance, load }: Kind,
): Step {
  const rowLength = columns * pixels, probes = rows * columns;
  const row = (index: number) => {
    const inside = Math.min(index, rows - 1);
    return patterns.subarray(inside * rowLength, (inside + 1) * rowLength);
  };
  return {
    name,
    rawBytes: rows * rowLength * recordedBytes,
    tolerance,
    load,
    plain() {
      const products = new Float64Array(productsPerProbe * columns);
      const dotsAndNorms = new Float64Array(productsPerProbe * probes);
      for (let upper = 0; upper < rows; upper++) {
        similarity(row(upper), row(upper + 1), columns, pixels, products);
        for (let column = 0; column < columns; column++) {
          const probe = upper * columns + column, first = productsPerProbe * column;
          dotsAndNorms.set(products.subarray(first, first + 4), 4 * probe);
          dotsAndNorms[4 * probes + probe] = products[first + 4];
        }
      }
      return dotsAndNorms;
    },
    place(engine) {
      const bytes = rowLength * patterns.BYTES_PER_ELEMENT;
      const input = placeArray(engine, patterns);
      const dots = engine.allocate(8 * productsPerProbe * probes), norms = at(dots, 32 * probes);
      const numbers = (upper: number, from: number, to: number) =>
        [
          at(input, upper * bytes),
          at(input, Math.min(upper + 1, rows - 1) * bytes),
          columns,
          from,
          to,
          pixels,
          chunk,
          at(dots, 32 * columns * upper),
          at(norms, 8 * columns * upper),
        ] as const;
      return {
        batches: [
          rowCalls(
            0,
            rows,
            columns,
            engine.threads,
            (upper, from, to) => [kernel, ...numbers(upper, from, to)],
          ),
        ],
        native: Array.from(
          { length: rows },
          (_, upper): NativeCall => [native, ...numbers(upper, 0, columns)],
        ),
        result: engine.view(Float64Array, dots, productsPerProbe * probes),
      };
    },
  };
}

function maximaStep(counts: Uint16Array): Step {
  return {
    name: "largest count of a pattern",
    rawBytes: rows * rowBytes,
    tolerance: 0,
    load: { roof: "read", amount: rows * rowBytes },
    plain() {
      const largest = new Int32Array(rows * columns);
      maxima(counts, pixels, largest);
      return largest;
    },
    place(engine) {
      const input = placeArray(engine, counts), output = engine.allocate(4 * rows * columns);
      const numbers = (row: number, from: number, to: number) =>
        [
          at(input, row * rowBytes),
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
            (row, from, to) => ["maximaU16", ...numbers(row, from, to)],
          ),
        ],
        native: Array.from(
          { length: rows },
          (_, row): NativeCall => ["maxima_u16", ...numbers(row, 0, columns)],
        ),
        result: engine.view(Int32Array, output, rows * columns),
      };
    },
  };
}

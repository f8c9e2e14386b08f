/** What the `sampled` kernels are told about a sampling (layout: assembly/sampled.ts). */

import { type FixedTaps, fixedTaps } from "./fixed_taps.ts";
import { type GaussianTaps, reflected } from "./gaussian.ts";
import type { AxisSampling, PatternSampling } from "./sampling.ts";

/** Largest counts that are multiplied with fine and with coarse integer taps (assembly/sampled.ts has them too). */
export const finestCount = 8191, coarsestCount = 32767;

/** Floats of a pattern's samples: for each column node the row nodes, padded with zeros to a multiple of 4. */
export function sampleCount({ rows, columns }: PatternSampling): number {
  return columns.nodes.length * rowStride(rows);
}

/** Bytes of scratch that the `sampled` kernels want. */
export function sampledScratchBytes({ rows, columns }: PatternSampling, { radius }: GaussianTaps): number {
  const pairs = Math.floor((rows.side + 2 * radius) / 2) + 1;
  return 128 * pairs + rowStride(rows) * (64 + 4 * (columns.side + 2 * radius));
}

/** Bytes that {@link samplingTables} has at most; the tables themselves take a while to make. */
export function samplingTableBytes({ rows, columns }: PatternSampling, { radius }: GaussianTaps): number {
  const header = 16, padded = rows.side + 2 * radius + 2, taps = 5 * radius + 8;
  return 4 * (header + padded + 4 * rowStride(rows) + 2 * columns.nodes.length + taps);
}

/** Taps as integers, which take a while to find. */
export function tapTables(taps: GaussianTaps): { readonly fine: FixedTaps; readonly coarse: FixedTaps } {
  return { fine: fixedTaps(taps, finestCount), coarse: fixedTaps(taps, coarsestCount) };
}

/**
 * The tables of the `sampled` kernels, to be placed in their memory.
 *
 * @param known integer taps, where they are known already
 */
export function samplingTables(
  { rows, columns }: PatternSampling,
  taps: GaussianTaps,
  known = tapTables(taps),
): Uint8Array<ArrayBuffer> {
  const { radius, weights } = taps;
  const stride = rowStride(rows), { fine, coarse } = known;
  const padded = Int32Array.from(
    { length: rows.side + 2 * radius + 2 },
    (_, i) => reflected(i - radius, rows.side),
  );
  const rowTable = Array.from({ length: stride }, (_, i) => {
    const weight = i < rows.nodes.length ? Math.sqrt(rows.weights[i]) : 0;
    return [
      words([rows.nodes[Math.min(i, rows.nodes.length - 1)]]),
      floats([weight, weight / fine.sum, weight / coarse.sum]),
    ];
  });
  const columnTable = columns.nodes.map((
    node,
    j,
  ) => [words([node]), floats([Math.sqrt(columns.weights[j])])]);
  const parts = [
    bytesOf([words(Array.from(padded))]),
    bytesOf(rowTable.flat()),
    bytesOf(columnTable.flat()),
    bytesOf([floats(Array.from(weights))]),
    bytesOf([tapPairs(fine)]),
    bytesOf([tapPairs(coarse)]),
  ];
  const last = rows.nodes[rows.nodes.length - 1];
  const needed = [...columnsNear(columns, radius), rows.nodes[0] >> 1, (last >> 1) + radius + 1];
  const numbers = [radius, stride, rows.nodes.length, columns.nodes.length, fine.sum, coarse.sum];
  const offsets: number[] = [];
  let offset = 4 * (numbers.length + parts.length + needed.length);
  for (const part of parts) {
    offsets.push(offset);
    offset += part.length;
  }
  return bytesOf([words([...numbers, ...offsets, ...needed]), ...parts]);
}

/** First column whose sums the nodes need, and the one after the last: at least 16, as many as the kernels take at a time. */
function columnsNear({ side, nodes }: AxisSampling, radius: number): readonly [first: number, end: number] {
  const first = Math.max(0, nodes[0] - radius), end = Math.min(side, nodes[nodes.length - 1] + radius + 1);
  return [Math.max(0, Math.min(first, end - 16)), Math.min(side, Math.max(end, first + 16))];
}

/** Floats of a column of samples: row nodes, rounded up to a multiple of 4. */
export function rowStride({ nodes }: AxisSampling): number {
  return 4 * Math.ceil(nodes.length / 4);
}

/** Both sides' taps in pairs, for nodes in even rows, which leave the last place of a pair, and in odd rows, the first. */
function tapPairs({ values }: FixedTaps): Int16Array {
  const taps = [...values.slice(1).reverse(), ...values];
  return Int16Array.from([...taps, 0, 0, ...taps]);
}

const words = (values: readonly number[]) => Int32Array.from(values);
const floats = (values: readonly number[]) => Float32Array.from(values);

/** Arrays one after the other. */
export function bytesOf(
  parts: readonly (Int32Array | Float32Array | Int16Array | Uint8Array)[],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), offset);
    offset += part.byteLength;
  }
  return bytes;
}

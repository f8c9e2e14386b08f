/** What the `sampled` kernels are told about a sampling (layout: assembly/sampled.ts). */

import type { GaussianTaps } from "./gaussian.ts";
import type { AxisSampling, PatternSampling } from "./sampling.ts";

/** Fixed taps fit 16 bits, and with counts up to 8191 their sum fits 32. */
const largestTap = 32767, largestTapSum = 2 ** 18;

/** Taps as integers, by distance; the two-sided sum stands for 1. */
export interface FixedTaps {
  readonly values: readonly number[];
  readonly sum: number;
}

/** Floats of a pattern's samples: for each column node the row nodes, padded with zeros to a multiple of 4. */
export function sampleCount({ rows, columns }: PatternSampling): number {
  return columns.nodes.length * rowStride(rows);
}

/** Bytes of scratch that the `sampled` kernels want. */
export function sampledScratchBytes({ rows, columns }: PatternSampling, { radius }: GaussianTaps): number {
  const pairs = Math.floor((rows.side + 2 * radius) / 2) + 1;
  return 128 * pairs + rowStride(rows) * (64 + 4 * (columns.side + 2 * radius));
}

/** The tables of the `sampled` kernels, to be placed in their memory. */
export function samplingTables(
  { rows, columns }: PatternSampling,
  taps: GaussianTaps,
): Uint8Array<ArrayBuffer> {
  const { radius, weights } = taps;
  const stride = rowStride(rows), fixed = fixedTaps(taps);
  const padded = Int32Array.from(
    { length: rows.side + 2 * radius + 2 },
    (_, i) => reflected(i - radius, rows.side),
  );
  const rowTable = Array.from({ length: stride }, (_, i) => {
    const weight = i < rows.nodes.length ? Math.sqrt(rows.weights[i]) : 0;
    return [words([rows.nodes[i] ?? 0]), words32([weight, weight / fixed.sum]), words([0])];
  });
  const columnTable = columns.nodes.map((
    node,
    j,
  ) => [words([node]), words32([Math.sqrt(columns.weights[j])])]);
  const even: number[] = [], odd: number[] = [];
  for (let k = -radius; k <= radius; k++) even.push(fixed.values[Math.abs(k)]);
  odd.push(0, ...even);
  even.push(0);
  const parts = [
    bytesOf([words(Array.from(padded))]),
    bytesOf(rowTable.flat()),
    bytesOf(columnTable.flat()),
    bytesOf([words32(Array.from(weights))]),
    bytesOf([Int16Array.from([...even, ...odd])]),
  ];
  const header = [radius, stride, rows.nodes.length, columns.nodes.length, fixed.sum];
  let offset = 4 * (header.length + parts.length);
  for (const part of parts) {
    header.push(offset);
    offset += part.length;
  }
  return bytesOf([words(header), ...parts]);
}

/**
 * Taps in fixed point. Rounded one by one they would change the blur's response by some 1e-5, at low frequencies too;
 * so taps are moved by single units as long as that brings the response nearer to the Gaussian's where blurred
 * patterns have anything left.
 */
export function fixedTaps({ radius, weights }: GaussianTaps): FixedTaps {
  const scale = Math.min(largestTap / weights[0], largestTapSum) * (1 - 2 ** -10);
  const sum = Math.floor(scale);
  const errors = Float64Array.from(weights, (weight) => Math.round(weight * sum) - weight * sum);
  const frequencies = 64, sigma = radius / 4;
  const modes = Array.from({ length: frequencies }, (_, i) => {
    const frequency = i * 3 / (sigma * frequencies);
    // The mean must be exact, or nearly constant patterns would not become zero when centred.
    const importance = i === 0 ? 1e6 : Math.exp(-((frequency * sigma) ** 2) / 2);
    return errors.map((_, k) => (k === 0 ? 1 : 2 * Math.cos(frequency * k)) * importance);
  });
  const misses = modes.map((mode) => mode.reduce((total, value, k) => total + value * errors[k], 0));
  const cost = (moves: readonly (readonly [number, number])[]) =>
    modes.reduce((total, mode, i) => {
      const miss = moves.reduce((miss, [k, by]) => miss + by * mode[k], misses[i]);
      return total + miss * miss;
    }, 0);
  const moves = candidateMoves(weights.length);
  let best = cost([]);
  while (true) {
    const costs = moves.map(cost), least = Math.min(...costs);
    if (!(least < best * (1 - 1e-9))) break;
    best = least;
    for (const [k, by] of moves[costs.indexOf(least)]) {
      errors[k] += by;
      modes.forEach((mode, i) => misses[i] += by * mode[k]);
    }
  }
  const values = Array.from(weights, (weight, k) => Math.round(weight * sum + errors[k]));
  return { values, sum: values.reduce((total, value, k) => total + (k === 0 ? value : 2 * value), 0) };
}

/** Changes of one, two or three taps by one unit up or down. */
function candidateMoves(count: number): [number, number][][] {
  const single: [number, number][] = [];
  for (let k = 0; k < count; k++) single.push([k, 1], [k, -1]);
  const pairs = single.flatMap((a) => single.filter((b) => b[0] > a[0]).map((b) => [a, b]));
  const triples = pairs.flatMap(([a, b]) => single.filter((c) => c[0] > b[0]).map((c) => [a, b, c]));
  return [...single.map((a) => [a]), ...pairs, ...triples];
}

/** Floats of a column of samples: row nodes, rounded up to a multiple of 4. */
export function rowStride({ nodes }: AxisSampling): number {
  return 4 * Math.ceil(nodes.length / 4);
}

function reflected(index: number, side: number): number {
  const period = 2 * side, inside = ((index % period) + period) % period;
  return inside < side ? inside : period - 1 - inside;
}

const words = (values: readonly number[]) => Int32Array.from(values);
const words32 = (values: readonly number[]) => Float32Array.from(values);

function bytesOf(
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

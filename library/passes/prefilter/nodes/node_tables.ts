/** What the `nodes` kernels are told about the nodes of a pattern (layout: assembly/nodes.ts and assembly/weights.ts). */

import { reflected } from "../../features/gaussian.ts";
import { coarsestCount, finestCount } from "../../features/sampling_tables.ts";
import type { AxisNodes } from "./axis_nodes.ts";
import type { PatternNodes } from "./pattern_nodes.ts";
import { IntegerTaps } from "./shifted_taps.ts";

/** Numbers of the layout. */
export interface NodeLayout {
  /** Rows, above and below the pattern, that are mirrored. */
  readonly pad: number;
  /** Pairs of padded rows. */
  readonly pairs: number;
  /** Pairs of integer taps of a node, and taps of a node. */
  readonly tapPairs: number;
  readonly taps: number;
  /** Row nodes, rounded up to a multiple of 4. */
  readonly stride: number;
  /** Uniform row nodes, rounded up likewise. */
  readonly uniformStride: number;
  /** Features along the columns' axis, rounded up likewise. */
  readonly featureStride: number;
}

const wholeLanes = (count: number) => 4 * Math.ceil(count / 4);

/** The layout for these nodes. */
function nodeLayout({ sigma, rows, columns }: PatternNodes): NodeLayout {
  const radius = Math.floor(4 * sigma + 0.5), pad = radius + 3;
  return {
    pad,
    pairs: Math.ceil((rows.axis.side + 2 * pad) / 2),
    tapPairs: radius + 2,
    taps: 2 * radius + 2,
    stride: wholeLanes(rows.positions.length),
    uniformStride: wholeLanes(rows.uniform),
    featureStride: wholeLanes(columns.features),
  };
}

/** Floats of a pattern's samples: for each uniform column node the uniform row nodes and zeros. */
export function nodeSampleCount(nodes: PatternNodes): number {
  return nodes.columns.uniform * nodeLayout(nodes).uniformStride;
}

/** Floats of a weighted pattern: for each feature of the rows those of the columns and zeros. */
export function nodeFeatureCount(nodes: PatternNodes): number {
  return nodes.rows.features * nodeLayout(nodes).featureStride;
}

/** Bytes of scratch that the `nodes` kernels want. */
export function nodeScratchBytes(nodes: PatternNodes): number {
  const { pad, pairs, stride, featureStride } = nodeLayout(nodes), { axis, positions } = nodes.columns;
  const floats = 16 * stride + (axis.side + 2 * pad) * stride + 2 * positions.length * stride +
    2 * featureStride * stride;
  return 128 * pairs + 4 * floats;
}

/** Number of words before the parts. */
const headerWords = 32;

/** Bytes that {@link nodeTables} has at most; the tables themselves take a while to make. */
export function nodeTableBytes(nodes: PatternNodes): number {
  const { pairs, tapPairs, taps, stride } = nodeLayout(nodes), { rows, columns } = nodes;
  const words = headerWords + 2 * pairs + stride * (4 + 2 * tapPairs + taps) +
    columns.positions.length * (1 + taps + 2 * stride);
  const axis = (nodes: AxisNodes) =>
    8 + 2 * nodes.blocks[0].length + nodes.transform.length + nodes.interior.length;
  return 4 * (words + axis(rows) + axis(columns)) + 16 * 16;
}

/** The tables of the `nodes` kernels, to be placed in their memory. */
export function nodeTables(nodes: PatternNodes): Uint8Array<ArrayBuffer> {
  const { rows, columns } = nodes, layout = nodeLayout(nodes);
  const { pad, pairs, tapPairs, taps, stride, uniformStride, featureStride } = layout;
  const integers = new IntegerTaps(nodes.sigma);
  const fine = integerTaps(rows, integers, finestCount), coarse = integerTaps(rows, integers, coarsestCount);
  const records = new DataView(new ArrayBuffer(16 * stride));
  const rowTaps = new Float32Array(stride * taps);
  const packed = [new Int16Array(2 * stride * tapPairs), new Int16Array(2 * stride * tapPairs)];
  for (let i = 0; i < stride; i++) {
    // The last node again, with scale zero, where there are no more.
    const node = Math.min(i, rows.positions.length - 1), root = i === node ? Math.sqrt(rows.spacing) : 0;
    const start = rows.taps[node].first + pad;
    records.setInt32(16 * i, start, true);
    [fine[node], coarse[node]].forEach(({ values, sum }, kind) => {
      records.setFloat32(16 * i + 4 + 4 * kind, root / sum, true);
      packed[kind].set(values, 2 * i * tapPairs + (start & 1));
    });
    rowTaps.set(rows.taps[node].values.map((tap) => root * tap), i * taps);
  }
  const columnTaps = new Float32Array(columns.positions.length * taps);
  columns.taps.forEach(({ values }, j) =>
    columnTaps.set(values.map((tap) => Math.sqrt(columns.spacing) * tap), j * taps)
  );
  const { weights, means } = weightTables(nodes, stride);
  const padded = Int32Array.from({ length: 2 * pairs }, (_, i) => reflected(i - pad, rows.axis.side));
  const parts: Part[] = [
    padded,
    new Uint8Array(records.buffer),
    packed[0],
    packed[1],
    rowTaps,
    Int32Array.from(columns.taps, ({ first }) => first + pad),
    columnTaps,
    weights,
    means,
    ...axisParts(columns),
    ...axisParts(rows),
  ];
  const numbers = [pad, pairs, tapPairs, taps, stride, columns.positions.length];
  numbers.push(rows.uniform, uniformStride, columns.uniform, featureStride);
  return joined(numbers, parts);
}

/**
 * Sum of the squared weights over all nodes of the samples, as they are scaled: what a constant pattern would have for a norm if its
 * mean were not subtracted.
 */
export function weightSquares(nodes: PatternNodes): number {
  const { weights } = weightTables(nodes, nodeLayout(nodes).stride);
  return weights.reduce((sum, weight) => sum + weight * weight, 0);
}

type Part = Int32Array | Float32Array | Int16Array | Uint8Array;

function integerTaps({ taps }: AxisNodes, integers: IntegerTaps, largestCount: number) {
  const known = new Map<Float64Array, { values: Int16Array; sum: number }>();
  return taps.map(({ values }) => {
    let found = known.get(values);
    if (!found) {
      const whole = integers.search(values, largestCount);
      found = { values: whole, sum: whole.reduce((sum, tap) => sum + tap, 0) };
      known.set(values, found);
    }
    return found;
  });
}

/**
 * float32 (column node, stride): the weight function at the nodes, and the weights with which samples sum up to a pattern's mean
 * under it; zero beyond the row nodes. The latter sum to 1, so that nothing is left of constant patterns.
 */
function weightTables({ rows, columns }: PatternNodes, stride: number) {
  const area = rows.axis.side * columns.axis.side;
  const weights = new Float32Array(columns.positions.length * stride), means = weights.slice();
  let total = 0;
  const each = (visit: (row: number, column: number, place: number) => void) =>
    columns.positions.forEach((_, column) =>
      rows.positions.forEach((_, row) => visit(row, column, column * stride + row))
    );
  const mean = (row: number, column: number) =>
    rows.squares[row] * columns.sums[column] + rows.sums[row] * columns.squares[column];
  each((row, column) => total += mean(row, column));
  each((row, column, place) => {
    const down = rows.positions[row] - (rows.axis.side - 1) / 2;
    const right = columns.positions[column] - (columns.axis.side - 1) / 2;
    weights[place] = (down * down + right * right) / area;
    means[place] = mean(row, column) / total;
  });
  return { weights, means };
}

/** Numbers of an axis, then nodes of the blocks, the transform and the interior. */
function axisParts({ blocks, kept, transform, interior, spacing }: AxisNodes): Part[] {
  const numbers = new DataView(new ArrayBuffer(20));
  [blocks.length, blocks[0].length, kept, interior.length].forEach((value, i) =>
    numbers.setInt32(4 * i, value, true)
  );
  numbers.setFloat32(16, Math.sqrt(spacing), true);
  return [
    new Uint8Array(numbers.buffer),
    Int32Array.from(blocks.flatMap((block) => Array.from(block))),
    Float32Array.from(transform),
    interior,
  ];
}

/** Numbers and the places of the parts, then the parts, each at a multiple of 16 bytes. */
function joined(numbers: readonly number[], parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const offsets: number[] = [];
  let bytes = 4 * headerWords;
  for (const part of parts) {
    offsets.push(bytes);
    bytes += 16 * Math.ceil(part.byteLength / 16);
  }
  const table = new Uint8Array(bytes), header = new Int32Array(table.buffer, 0, headerWords);
  header.set([...numbers, ...offsets]);
  parts.forEach((part, i) =>
    table.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), offsets[i])
  );
  return table;
}

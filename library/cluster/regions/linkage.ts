/**
 * Regions by joining neighbours, always the pair whose mean patterns differ least significantly, until what is left differs
 * visibly as well.
 *
 * Features are linear in the counts, so the mean features of a region are those of its mean pattern, and their noise is
 * known. For two regions with means m, squared noise b of the means and effectively f independent components of noise
 *
 *     z = (|m1 - m2|^2 - b1 - b2) / ((b1 + b2) sqrt(2 / f))
 *
 * is about standard normal where both have the same pattern. It gives the order of the mergers. It cannot end them: with
 * enough electrons any two probes differ significantly. The cosine of the means, freed of noise, does not depend on the
 * dose and ends them.
 */

import { type Address, wholeLines } from "../../engine/address.ts";
import { onOwnMemory } from "../../engine/own_memory.ts";
import { forwardOffsets } from "../../scan/neighbours.ts";
import { innerProduct, type Sketch } from "../../passes/sketch/sketch.ts";
import { neighbourProducts } from "./grid.ts";
import { differentCosine, sameCosine } from "./hint.ts";

/** Regions with a lower cosine of their means than this are different. */
export const leastCosine = 0.75;
/** Regions that differ by no more than this many standard deviations may merge whatever their cosine. */
export const significance = 3;
/** Squared signals below this fraction of the noise are taken as this. */
export const leastSignal = 0.05;
/** Noise counts as at least this fraction of the squared lengths, so that features free of noise have an order too. */
const leastNoise = 1e-12;

/** Regions found by linkage. */
export interface LinkedRegions {
  /** int32 (row, column): region 0..count-1 in the order of their first probes, -1 where a probe takes no part. */
  readonly labels: Int32Array;
  readonly count: number;
}

/**
 * Joins neighbouring probes, then regions, until all that touch differ significantly and in their cosine.
 *
 * Takes about (probes x neighbours of a region) inner products of length k.
 *
 * @param inside uint8 (row, column): 1 where a probe takes part
 * @param products inner products of neighbours, of `neighbourProducts`; those of probes that take no part are not used
 * @param expected int32 (row, column): which region another frame expects at each probe, -1 = unknown
 * @param cosine of their means from which regions may merge where nothing is expected of them
 * @throws {OutOfResources} beyond some nine million probes, of which the records are more than 4 GB
 */
export function linkRegions(
  sketch: Sketch,
  inside: Uint8Array,
  products: Float64Array = neighbourProducts(sketch, inside),
  expected?: Int32Array,
  cosine: number = leastCosine,
): LinkedRegions {
  const { rows, columns, length } = sketch, probes = rows * columns;
  const room = layOut(probes, length);
  const roots = onOwnMemory(room.bytes, (kernels, memory) => {
    const steps = forwardOffsets.map(([down, right]) => down * columns + right);
    placeRegions(memory, room, sketch, inside, expected);
    placeEdges(memory, room, inside, products, steps);
    new Int32Array(memory, room.steps, steps.length).set(steps);
    // sqrt(2 / f): standard deviation of the squared noise relative to its mean.
    const limits = [Math.sqrt(2 / sketch.degreesOfFreedom), significance, leastNoise, leastSignal];
    limits.push(cosine, sameCosine, differentCosine);
    new Float64Array(memory, room.limits, limits.length).set(limits);
    kernels.linkRegions(
      room.regions,
      room.stride,
      probes,
      length,
      room.edges,
      room.steps,
      room.limits,
      room.heap,
      room.roots,
    );
    return new Int32Array(memory, room.roots, probes).slice();
  });
  const labels = new Int32Array(probes).fill(-1), ids = new Int32Array(probes).fill(-1);
  let count = 0;
  for (let probe = 0; probe < probes; probe++) {
    if (inside[probe] === 0) continue;
    const root = roots[probe];
    if (ids[root] < 0) ids[root] = count++;
    labels[probe] = ids[root];
  }
  return { labels, count };
}

/** Bytes of a region's record without its sums, and of an edge's: see assembly/records.ts. */
const regionBytes = 64, edgeBytes = 32;

/** Where everything lies in the memory of the kernel. */
interface Room {
  readonly limits: Address;
  readonly steps: Address;
  readonly heap: Address;
  readonly regions: Address;
  /** Bytes from a region to the next. */
  readonly stride: number;
  readonly edges: Address;
  readonly roots: Address;
  readonly bytes: number;
}

function layOut(probes: number, length: number): Room {
  const stride = regionBytes + 16 * Math.ceil(length / 4);
  // Address 0 stands for none.
  const limits = 64, steps = 128;
  // The first of the heap ends a line, so that its children begin one.
  const heap = 240, regions = 256 + wholeLines(16 * probes);
  const edges = regions + wholeLines(stride * probes), roots = edges + 4 * edgeBytes * probes;
  return {
    limits: limits as Address,
    steps: steps as Address,
    heap: heap as Address,
    regions: regions as Address,
    stride,
    edges: edges as Address,
    roots: roots as Address,
    bytes: roots + 4 * probes,
  };
}

/** Writes what is known of each probe by itself into the records of regions. */
function placeRegions(
  memory: ArrayBufferLike,
  { regions, stride }: Room,
  { length, features, noise }: Sketch,
  inside: Uint8Array,
  expected: Int32Array | undefined,
): void {
  const doubles = new Float64Array(memory),
    floats = new Float32Array(memory),
    integers = new Int32Array(memory);
  const padded = 4 * Math.ceil(length / 4);
  for (let probe = 0, at = regions as number; probe < noise.length; probe++, at += stride) {
    const first = probe * length, name = expected ? expected[probe] : -1;
    doubles[at / 8] = 1;
    doubles[at / 8 + 1] = doubles[at / 8 + 2] = noise[probe];
    doubles[at / 8 + 3] = inside[probe] ? innerProduct(features, first, features, first, length) : 0;
    integers[at / 4 + 12] = name;
    integers[at / 4 + 13] = name < 0 ? 0 : 1;
    const sums = (at + regionBytes) / 4;
    for (let i = 0; i < length; i++) floats[sums + i] = features[first + i];
    for (let i = length; i < padded; i++) floats[sums + i] = 0;
  }
}

/** Writes the inner products into the records of edges, NaN where there is none. */
function placeEdges(
  memory: ArrayBufferLike,
  { edges }: Room,
  inside: Uint8Array,
  products: Float64Array,
  steps: readonly number[],
): void {
  const doubles = new Float64Array(memory);
  for (let edge = 0, at = edges / 8 + 2; edge < products.length; edge++, at += edgeBytes / 8) {
    const probe = edge >> 2;
    const taken = inside[probe] && inside[probe + steps[edge & 3]];
    doubles[at] = taken ? products[edge] : NaN;
  }
}

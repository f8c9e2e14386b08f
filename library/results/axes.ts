/** The axes of products: how long they are, and how they are calibrated. */

import { neighbourOffsets } from "../scan/neighbours.ts";
import { probeCount, type ScanShape } from "../scan/shape.ts";

/** Sizes that lengths of axes follow from. */
export interface Sizes {
  /** Sizes of the scan. */
  readonly shape: ScanShape;
  /** Number of clusters. */
  readonly clusters: number;
}

/** Name of an axis. */
export type AxisName =
  | ("row" | "column" | "neighbour" | "qy" | "qx" | "cluster" | "pair" | "edge" | "frame" | "direction")
  /** items of a ragged list, one probe's after the other's, and where those of each probe begin */
  | ("peak" | "offset");

/**
 * Lengths of the axes, where they follow from scan and clusters. Those that do not, `null` here, are as long as the
 * arrays along them, which must agree. A ragged list is stored as flat arrays along `peak` and one along `offset`: the
 * peaks of probe p are those from `offsets[p]` to `offsets[p + 1]`.
 */
const lengths: Readonly<Record<AxisName, ((sizes: Sizes) => number) | null>> = {
  row: ({ shape }) => shape.rows,
  column: ({ shape }) => shape.columns,
  neighbour: () => neighbourOffsets.length,
  qy: ({ shape }) => shape.patternRows,
  qx: ({ shape }) => shape.patternColumns,
  cluster: ({ clusters }) => clusters,
  pair: () => 2,
  offset: ({ shape }) => probeCount(shape) + 1,
  edge: null,
  frame: null,
  direction: null,
  peak: null,
};

/** Whether only the arrays along an axis tell how long it is. */
export function isOpen(axis: AxisName): boolean {
  return lengths[axis] === null;
}

/** Length of an axis; `null` where only the arrays along it tell. */
export function knownLength(axis: AxisName, sizes: Sizes): number | null {
  return lengths[axis]?.(sizes) ?? null;
}

/** Number of elements along axes, those left out that only an array itself tells the length of. */
export function knownElements(axes: readonly AxisName[], sizes: Sizes): number {
  return axes.reduce((product, axis) => product * (knownLength(axis, sizes) ?? 1), 1);
}

/**
 * Lengths of the axes of an array, slowest first.
 *
 * @param name of the array, for the message
 * @throws {RangeError} when no lengths make up so many elements
 */
export function lengthsOf(name: string, axes: readonly AxisName[], elements: number, sizes: Sizes): number[] {
  const known = knownElements(axes, sizes);
  const open = axes.some(isOpen);
  const along = open && known > 0 ? elements / known : 1;
  if (known * along !== elements || !Number.isInteger(along)) {
    throw new RangeError(`${name} hold ${elements} values, not ${open ? `a multiple of ${known}` : known}`);
  }
  return axes.map((axis) => knownLength(axis, sizes) ?? along);
}

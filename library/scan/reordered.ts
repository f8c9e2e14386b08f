/** The patterns of a scan at other positions: left out, turned round, in another order. */

import { deriveScan } from "./derive.ts";
import type { PixelArray } from "./dtype.ts";
import { RowBuffer } from "./row_buffer.ts";
import { checkPatterns, checkRows, type Scan } from "./scan.ts";
import { pixelCount, type ScanShape } from "./shape.ts";
import { pickStored } from "./picked.ts";

/** Numbers of patterns in a scan, counted in raster order: one for each probe of another scan, in its raster order. */
export type ProbeOrder = Uint32Array;

/** The order in which probe (row, column) of `rows` x `columns` is pattern `patternAt(row, column)`. */
export function probeOrder(
  rows: number,
  columns: number,
  patternAt: (row: number, column: number) => number,
): ProbeOrder {
  const order = new Uint32Array(rows * columns);
  for (let row = 0, probe = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) order[probe++] = patternAt(row, column);
  }
  return order;
}

/**
 * A scan of `order.length` of the patterns of `scan`, in that order. Threads read it as they read the scan, where its
 * patterns lie in files and can be told in not too many parts. Closing it closes the scan.
 *
 * @param size rows and columns of the result
 */
export function reorderProbes(
  scan: Scan,
  size: Pick<ScanShape, "rows" | "columns">,
  order: ProbeOrder,
  changes: Partial<Scan> = {},
): Scan {
  const shape = { ...scan.shape, rows: size.rows, columns: size.columns };
  const read = scan.readPatterns ? patternsInRuns(scan, order) : patternsOfRows(scan, order);
  return deriveScan(scan, {
    shape,
    stored: pickStored(scan, order),
    readRows(first, count, into) {
      checkRows(shape, first, count, into);
      return read(first * shape.columns, count * shape.columns, into);
    },
    readPatterns(first, count, into) {
      checkPatterns(shape, first, count, into);
      return read(first, count, into);
    },
    ...changes,
  });
}

/** Fills `into` with `count` patterns from number `first` of the order. */
type Read = (first: number, count: number, into: PixelArray) => Promise<void>;

/** Patterns that follow each other, forwards or backwards, are read at once. */
function patternsInRuns(scan: Scan, order: ProbeOrder): Read {
  const pixels = pixelCount(scan.shape);
  return async (first, count, into) => {
    for (let probe = first; probe < first + count;) {
      const length = neighboursFrom(order, probe, first + count), last = probe + length - 1;
      const target = into.subarray((probe - first) * pixels, (last + 1 - first) * pixels);
      await scan.readPatterns!(Math.min(order[probe], order[last]), length, target);
      if (order[last] < order[probe]) reversePatterns(target, pixels);
      probe += length;
    }
  };
}

/** How many patterns from `probe` on, before `end`, are each one further than the one before, or each one back. */
function neighboursFrom(order: ProbeOrder, probe: number, end: number): number {
  const step = probe + 1 < end ? order[probe + 1] - order[probe] : 0;
  if (Math.abs(step) !== 1) return 1;
  let next = probe + 2;
  while (next < end && order[next] - order[next - 1] === step) next++;
  return next - probe;
}

function reversePatterns(patterns: PixelArray, pixels: number): void {
  const held = patterns.slice(0, pixels);
  for (let low = 0, high = patterns.length - pixels; low < high; low += pixels, high -= pixels) {
    held.set(patterns.subarray(low, low + pixels));
    patterns.copyWithin(low, high, high + pixels);
    patterns.set(held, high);
  }
}

/** From scans that hand out nothing but rows. */
function patternsOfRows(scan: Scan, order: ProbeOrder): Read {
  const pixels = pixelCount(scan.shape), { columns } = scan.shape;
  const buffer = new RowBuffer(scan.dtype, columns * pixels);
  return (first, count, into) =>
    buffer.lend(async (row) => {
      let held = -1;
      for (let probe = 0; probe < count; probe++) {
        const pattern = order[first + probe], wanted = Math.floor(pattern / columns);
        if (wanted !== held) await scan.readRows(held = wanted, 1, row);
        const start = (pattern % columns) * pixels;
        into.set(row.subarray(start, start + pixels), probe * pixels);
      }
    });
}

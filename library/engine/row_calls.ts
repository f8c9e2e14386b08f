/** Dealing rows of patterns out among the threads. */

import type { KernelCall, Work } from "./kernels.ts";

/** Calls for each thread between two waits: the last of them is what the others wait for. */
const callsPerThread = 12;

/** Calls that cover `count` rows from `first`, each row split along columns so that every thread finds work. */
export function rowCalls(
  first: number,
  count: number,
  columns: number,
  threads: number,
  call: (row: number, from: number, to: number) => KernelCall,
): KernelCall[] {
  return rowWork(first, count, columns, threads, call);
}

/** The same for work that may be several calls. */
export function rowWork<Item extends Work>(
  first: number,
  count: number,
  columns: number,
  threads: number,
  work: (row: number, from: number, to: number) => Item,
): Item[] {
  const parts = threads === 1 ? 1 : Math.max(1, Math.ceil(callsPerThread * threads / Math.max(1, count)));
  // Kernels take columns in pairs.
  const width = Math.max(2, 2 * Math.ceil(columns / parts / 2));
  const items: Item[] = [];
  for (let row = first; row < first + count; row++) {
    for (let from = 0; from < columns; from += width) {
      items.push(work(row, from, Math.min(columns, from + width)));
    }
  }
  return items;
}

/** Columns that several rows are computed in together: wide beside the neighbours that they want, narrow beside a cache. */
export const tileColumns = 32;

/** Work that covers all columns of several rows at once, in tiles whose patterns are shared by the rows. */
export function tileWork<Item extends Work>(
  columns: number,
  threads: number,
  work: (from: number, to: number) => Item,
): Item[] {
  // Every thread finds work in narrow scans too.
  const width = Math.min(tileColumns, Math.max(4, 4 * Math.ceil(columns / (4 * threads) / 4)));
  const items: Item[] = [];
  for (let from = 0; from < columns; from += width) items.push(work(from, Math.min(columns, from + width)));
  return items;
}

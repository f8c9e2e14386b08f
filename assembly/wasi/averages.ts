// One averaged pattern for each cluster (library/passes/averages; spec stage 7). Patterns are read again, or taken from
// where they are kept; clusters whose sums do not fit the memory together wait for another reading.

import { accumulateF32, accumulateU16, accumulateU8 } from "../accumulate";
import { group, kept, progress, ring } from "./compare";
import { sizes, clusters } from "./growth";
import { free, take } from "./memory";
import { AVERAGES } from "./options";
import { beginArray, endArray, writeArray } from "./output";
import { columns, height, moveToProbe, patternBytes, pixels, readPatterns, rows, U16, U8, width, working } from "./scan";

/** Bytes of a term of the kernels: u32 address of a pattern, i32 slot, f64 weight. */
const TERM = 16;
let sums: usize = 0, terms: usize = 0, count: i32 = 0;

/** Sums the patterns of all clusters, and writes their averages in the order of the clusters. */
export function writeAverages(labels: usize): void {
  beginArray(AVERAGES, "<f4", clusters, height, width);
  if (clusters > 0) {
    terms = take(<u64>TERM * columns);
    const average = take(4 * <u64>pixels), bytes = 8 * <u64>pixels;
    const slots = <i32>max<u64>(1, min<u64>(clusters, free() / bytes));
    sums = take(<u64>slots * bytes);
    for (let first = 0; first < clusters; first += slots) {
      const end = min(clusters, first + slots);
      memory.fill(sums, 0, <usize>(end - first) * <usize>bytes);
      sumClusters(labels, first, end);
      for (let id = first; id < end; id++) {
        divide(sums + <usize>(id - first) * <usize>bytes, load<i32>(sizes + (<usize>id << 2)), average);
        writeArray(average, <usize>pixels << 2);
      }
    }
  }
  endArray();
}

/** Adds the patterns of clusters first..end-1, in the order of the scan. */
function sumClusters(labels: usize, first: i32, end: i32): void {
  let told = 0;
  for (let row = 0; row < rows; row++) {
    for (let from = 0; from < columns; from += group) {
      const to = min(from + group, columns), start = <u64>row * columns + from;
      const patterns = kept ? kept + <usize>start * patternBytes : ring;
      count = 0;
      for (let column = from; column < to; column++) {
        const label = load<i32>(labels + ((<usize>row * columns + column) << 2));
        if (label < first || label >= end) continue;
        const term = terms + <usize>(count++) * TERM;
        store<u32>(term, <u32>(patterns + <usize>(column - from) * patternBytes));
        store<i32>(term, label - first, 4);
        store<f64>(term, 1, 8);
      }
      if (count == 0) continue;
      if (!kept) {
        moveToProbe(start);
        readPatterns(to - from, patterns);
      }
      if (working == U8) accumulateU8(terms, count, pixels, 0, pixels, sums);
      else if (working == U16) accumulateU16(terms, count, pixels, 0, pixels, sums);
      else accumulateF32(terms, count, pixels, 0, pixels, sums);
    }
    told = progress("averages", row + 1, rows, told);
  }
}

function divide(sum: usize, size: i32, average: usize): void {
  for (let i: usize = 0; i < <usize>pixels; i++) {
    store<f32>(average + (i << 2), <f32>(load<f64>(sum + (i << 3)) / <f64>size));
  }
}

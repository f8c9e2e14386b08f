// Values of blurred patterns within a mask of the detector (library/passes/features/masked_sampling.ts): samples under a
// smooth window, then pixels along the mask's edges, each value times the root of its weight, so that plain inner products
// stand for those over the mask.
//
// A pattern's places lie in several parts, some rows times some columns each, which sampled.ts blurs one after the other
// into the scratch memory. Of these only groups of four neighbours that count are kept, part by part:
//
//   destination[pattern][group][4] = roots * (blurred - mean)
//
// tables (library/passes/features/masked_tables.ts makes them), 32-bit words:
//   0 number of parts   1 bytes of scratch that sampling takes
// then from word 4 on four words a part: offsets in bytes from the start to its tables of sampled.ts, whose weights are
// all 1, and to its groups, the number of these, and nothing. A group is the byte at which it begins among the part's
// places, and four float32 roots.
//
// scratch: what sampled.ts takes, then all places of the largest part.

import { sumOf } from "./moments";
import { samplesOf } from "./sampled";

/** Bytes of a group. */
const GROUP: usize = 20;

function masked<T>(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, tables: usize,
  centered: i32, values: i32, scratch: usize,
): void {
  const pixels = height * width;
  const places = scratch + load<u32>(tables, 4);
  const endParts = tables + 16 + (<usize>load<i32>(tables) << 4);
  for (let k = from; k < to; k++) {
    const pattern = source + <usize>k * <usize>pixels * sizeof<T>();
    const mean = centered ? sumOf<T>(pattern, pixels) / f64(pixels) : 0.0;
    if (centered) store<f64>(references + (<usize>k << 3), mean * mean * f64(pixels));
    let out = destination + ((<usize>k * <usize>values) << 2);
    for (let part = tables + 16; part < endParts; part += 16) {
      samplesOf<T>(pattern, height, width, tables + load<u32>(part), mean, places, scratch);
      let group = tables + load<u32>(part, 4);
      for (const end = group + <usize>load<u32>(part, 8) * GROUP; group < end; group += GROUP, out += 16) {
        v128.store(out, f32x4.mul(v128.load(places + load<u32>(group)), v128.load(group, 4)));
      }
    }
  }
}

/** Values of patterns from..to-1 of a row of 8-bit counts, `values` floats each; references as those of sampled.ts. */
export function maskedU8(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, tables: usize,
  centered: i32, values: i32, scratch: usize,
): void {
  masked<u8>(source, destination, references, from, to, height, width, tables, centered, values, scratch);
}

/** Values of patterns from..to-1 of a row of 16-bit counts. */
export function maskedU16(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, tables: usize,
  centered: i32, values: i32, scratch: usize,
): void {
  masked<u16>(source, destination, references, from, to, height, width, tables, centered, values, scratch);
}

/** Values of patterns from..to-1 of a row of float32 patterns. */
export function maskedF32(
  source: usize, destination: usize, references: usize, from: i32, to: i32, height: i32, width: i32, tables: usize,
  centered: i32, values: i32, scratch: usize,
): void {
  masked<f32>(source, destination, references, from, to, height, width, tables, centered, values, scratch);
}

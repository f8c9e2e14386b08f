/** Packed counters on this thread: what the kernel `unpackWords` (assembly/packed.ts) does on the others. */

import { packedBytes, type PackedWords } from "../../scan/frames.ts";

/**
 * Unpacks one frame.
 *
 * @param words as the file has them
 * @param columns of the pattern
 * @param into its pixels in native byte order, u8, u16 or u32 by the depth; at a multiple of their size
 */
export function unpackWords(
  { depth, chips }: PackedWords,
  words: Uint8Array,
  columns: number,
  into: Uint8Array,
): void {
  const pixels = pixelsOf(depth, into), rows = pixels.length / columns;
  if (chips === 1) return unpackRun(depth, words, 0, pixels, 0, pixels.length, 1);
  const run = columns / 2;
  for (let row = 0; row < rows / 2; row++) {
    const upper = row * columns, lower = (rows - row) * columns - 1;
    unpackRun(depth, words, 4 * row * run, pixels, lower, run, -1);
    unpackRun(depth, words, (4 * row + 1) * run, pixels, lower - run, run, -1);
    unpackRun(depth, words, (4 * row + 2) * run, pixels, upper + run, run, 1);
    unpackRun(depth, words, (4 * row + 3) * run, pixels, upper, run, 1);
  }
}

type Pixels = Uint8Array | Uint16Array | Uint32Array;

function pixelsOf(depth: PackedWords["depth"], { buffer, byteOffset, byteLength }: Uint8Array): Pixels {
  if (depth === 24) return new Uint32Array(buffer, byteOffset, byteLength / 4);
  return depth === 12
    ? new Uint16Array(buffer, byteOffset, byteLength / 2)
    : new Uint8Array(buffer, byteOffset, byteLength);
}

/** Pixels from..from+count of the words, to places that begin at `to` and go by `step`. */
function unpackRun(
  depth: PackedWords["depth"],
  words: Uint8Array,
  from: number,
  pixels: Pixels,
  to: number,
  count: number,
  step: 1 | -1,
): void {
  // Numbers of a word lie in it the wrong way round, and so do the bytes of 64 bits.
  const low = depth === 24 ? packedBytes({ depth: 12, chips: 1 }, pixels.length) : 0;
  for (let i = from; i < from + count; i++, to += step) {
    if (depth === 1) pixels[to] = words[(i >> 3) ^ 7] >> (i & 7) & 1;
    else if (depth === 6) pixels[to] = words[i ^ 7];
    else {
      const at = 2 * (i ^ 3), number = words[at] << 8 | words[at + 1];
      pixels[to] = depth === 12 ? number : number << 12 | words[low + at] << 8 | words[low + at + 1];
    }
  }
}

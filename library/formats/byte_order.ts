/** Turning numbers of the other byte order into native ones. */

import type { PixelArray } from "../scan/dtype.ts";

/**
 * Reverses the bytes of every number in place.
 *
 * @param numberBytes bytes of one; default: of one element of the array
 */
export function swapBytes(array: PixelArray, numberBytes = array.BYTES_PER_ELEMENT): void {
  const { buffer, byteOffset, byteLength } = array;
  switch (numberBytes) {
    case 2: {
      const words = new Uint16Array(buffer, byteOffset, byteLength / 2);
      for (let i = 0; i < words.length; i++) words[i] = words[i] << 8 | words[i] >>> 8;
      break;
    }
    case 4: {
      const words = new Uint32Array(buffer, byteOffset, byteLength / 4);
      for (let i = 0; i < words.length; i++) words[i] = reversed(words[i]);
      break;
    }
    case 8: {
      const words = new Uint32Array(buffer, byteOffset, byteLength / 4);
      for (let i = 0; i < words.length; i += 2) {
        const first = words[i];
        words[i] = reversed(words[i + 1]);
        words[i + 1] = reversed(first);
      }
      break;
    }
  }
}

function reversed(word: number): number {
  return word << 24 | (word & 0xff00) << 8 | word >>> 8 & 0xff00 | word >>> 24;
}

/** PNG pictures from outside: only the chunks that make pixels, after a look at how much they unpack to. */

import { inflateSync } from "node:zlib";
import { type ByteSource, endsEarly, readBytes } from "../scan/byte_source.ts";

/** What the pixels need; profiles and texts, which may be packed without bounds, are left out. */
const pixelChunks: readonly string[] = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];
const signatureBytes = 8;
/** More chunks than any picture has that somebody drew. */
const mostChunks = 2 ** 16;
/** Numbers of a pixel by the kind of colours. */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * The bytes of a picture without what is not needed for its pixels.
 *
 * @throws {CorruptFile} when the file ends inside a chunk
 * @throws {Error} when the picture unpacks to more than `rows` x `columns` pixels, or is none
 */
export function boundedPng(file: ByteSource, rows: number, columns: number): Uint8Array {
  const kept = [readBytes(file, 0, signatureBytes)], data: Uint8Array[] = [];
  let position = signatureBytes, most = 0, dataBytes = 0;
  for (let chunk = 0, kind = ""; kind !== "IEND"; chunk++) {
    if (chunk === mostChunks) throw new Error(`more than ${mostChunks} chunks`);
    const head = new DataView(readBytes(file, position, 8).buffer), length = head.getUint32(0);
    kind = String.fromCharCode(...new Uint8Array(head.buffer, 4));
    if (position + 12 + length > file.size) {
      throw endsEarly(file.path, position, 12 + length, file.size - position);
    }
    if (pixelChunks.includes(kind)) {
      // What hardly packs takes no more than what it unpacks to, and a little.
      if (kind !== "IHDR" && dataBytes + length > 2 * most + 4096) throw new Error("more data than pixels");
      const bytes = readBytes(file, position, 12 + length);
      if (kind === "IHDR") most = largestUnpacked(bytes, rows, columns);
      if (kind === "IDAT") data.push(bytes.subarray(8, 8 + length));
      dataBytes += length;
      kept.push(bytes);
    }
    position += 12 + length;
  }
  // Ends when there is more, before memory is taken for it.
  inflateSync(joined(data), { maxOutputLength: most });
  return joined(kept);
}

/** Bytes of all lines with their filters; a picture in seven passes has more lines. */
function largestUnpacked(header: Uint8Array, rows: number, columns: number): number {
  const [depth, colours] = header.subarray(16, 18), numbers = samples[colours];
  if (numbers === undefined || depth > 16) throw new Error(`colours of kind ${colours}, ${depth} bits`);
  return 2 * rows * (Math.ceil(columns * numbers * depth / 8) + 2) + 64;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

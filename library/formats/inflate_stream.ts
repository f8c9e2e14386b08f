/** Deflated bytes unpacked piece by piece, by the system's zlib. */

import { pipeline, Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";

/** Unpacked bytes that come at once. */
const unpackedStep = 256 * 1024;

/** What was to be unpacked is no deflate stream. */
export class DamagedStream extends Error {}

/**
 * Unpacks a deflate stream without header; however well it is packed, little memory is taken.
 *
 * @param packed its bytes, each piece asked for when the one before is used
 * @throws {DamagedStream} when they are none
 * @throws whatever `packed` throws
 */
export async function* inflateStream(packed: Iterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const unpacking = createInflateRaw({ chunkSize: unpackedStep });
  // Failures on the way reach whoever reads the pieces.
  pipeline(Readable.from(packed), unpacking, () => {});
  try {
    yield* unpacking;
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && /^Z_/.test(String(cause.code)))) throw cause;
    throw new DamagedStream("a damaged deflate stream", { cause });
  }
}

/** The maps of tracks that were just written, frame by frame: all of them together may be larger than memory. */

import { FileSource } from "../../scan/byte_source.ts";
import { bytesOf } from "../../scan/dtype.ts";

/**
 * The frames of an int32 `tracks.npy` (frame, row, column) that this program has written.
 *
 * @param probes of a frame
 * @returns track of each probe, -1 = none; the same array every time
 * @throws {FileUnavailable} when the file cannot be read
 */
export function* trackMaps(path: string, frames: number, probes: number): Generator<Int32Array> {
  const tracks = new Int32Array(probes), bytes = bytesOf(tracks), source = FileSource.open(path);
  try {
    const header = source.size - bytes.length * frames;
    for (let frame = 0; frame < frames; frame++) {
      source.readAt(header + bytes.length * frame, bytes);
      yield tracks;
    }
  } finally {
    source.close();
  }
}

/** The rotation index in the header of each frame of a TVIPS recording: which position of the scan it shows. */

import { FileSource, readBytes } from "../../scan/byte_source.ts";
import type { TvipsFile } from "./files.ts";

/** Where the index stands in the header of a frame, and the bytes that a header with one has. */
const indexOffset = 48;
export const indexedHeaderBytes = indexOffset + 4;
/** Beyond, looking at every frame would take too long. */
const mostFrames = 2 ** 20;

/** The index of each frame; `undefined` where there are too many. */
export function readRotationIndex(
  files: readonly TvipsFile[],
  recordBytes: number,
): Uint32Array | undefined {
  const total = files.reduce((sum, { frames }) => sum + frames, 0);
  if (total > mostFrames) return undefined;
  const indices = new Uint32Array(total);
  let done = 0;
  for (const { path, start, frames } of files) {
    const file = FileSource.open(path);
    try {
      for (let frame = 0; frame < frames; frame++) {
        const bytes = readBytes(file, start + frame * recordBytes + indexOffset, 4);
        indices[done++] = new DataView(bytes.buffer).getUint32(0, true);
      }
    } finally {
      file.close();
    }
  }
  return indices;
}

/** Which frame shows each position. */
export interface ScanPositions {
  /** The frame of each position. */
  readonly order: Int32Array;
  /** Positions without a frame of their own, which have that of the position before. */
  readonly repeated: number;
  /** Whether the index is the number of the frame from 0 on, and so may count nothing but frames. */
  readonly doubtful: boolean;
}

/**
 * The frames of the positions that the index counts from 1, from the frame with the first 1 on. Of several frames of one
 * position the first is taken. `undefined` where the index counts nothing, or most positions would have no frame.
 */
export function positionsOf(indices: Uint32Array): ScanPositions | undefined {
  const first = indices.indexOf(1);
  if (first < 0) return undefined;
  let last = 1;
  for (let frame = first; frame < indices.length; frame++) last = Math.max(last, indices[frame]);
  if (last < 2 || last > 2 * (indices.length - first)) return undefined;
  const order = new Int32Array(last).fill(-1);
  for (let frame = first; frame < indices.length; frame++) {
    const position = indices[frame] - 1;
    if (position >= 0 && order[position] < 0) order[position] = frame;
  }
  let repeated = 0;
  for (let position = 1; position < last; position++) {
    if (order[position] >= 0) continue;
    order[position] = order[position - 1];
    repeated++;
  }
  return { order, repeated, doubtful: first === 1 && indices.every((index, frame) => index === frame) };
}

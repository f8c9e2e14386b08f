/** Which chunks patterns lie in, and which files these. */

import { CorruptFile } from "../scan/errors.ts";
import { tileBytes, type TiledPatterns } from "../scan/tiles.ts";

/** Patterns side by side in a scan row that share chunks. */
export interface Run {
  /** Index of their chunks on each axis before the detector. */
  readonly chunk: readonly number[];
  /** Index within the chunk on each axis before the detector, of the first of them. */
  readonly within: readonly number[];
  readonly count: number;
}

/** The patterns from position `first` on, at most `most`, that lie in the same chunks and the same row of them. */
export function runAt({ lengths, chunks, window }: TiledPatterns, first: number, most: number): Run {
  const chunk: number[] = [], within: number[] = [], columns = lengths.length - 3;
  let rest = first, left = most;
  if (window) {
    const column = first % window.count;
    rest = Math.floor(first / window.count) * lengths[columns] + window.first + column;
    left = Math.min(most, window.count - column);
  }
  for (let axis = columns; axis >= 0; axis--) {
    const at = rest % lengths[axis];
    rest = Math.floor(rest / lengths[axis]);
    chunk[axis] = Math.floor(at / chunks[axis]);
    within[axis] = at % chunks[axis];
    if (axis === columns) left = Math.min(left, chunks[axis] - within[axis], lengths[axis] - at);
  }
  return { chunk, within, count: left };
}

/** Columns of the scan in a chunk: fewer than it is wide where the scan ends. */
export function columnsAt({ lengths, chunks }: TiledPatterns, { chunk }: Pick<Run, "chunk">): number {
  const axis = lengths.length - 3;
  return Math.min(chunks[axis], lengths[axis] - chunk[axis] * chunks[axis]);
}

/** Rows of the scan in a chunk. */
export function rowsAt({ lengths, chunks }: TiledPatterns, { chunk }: Pick<Run, "chunk">): number {
  const axis = lengths.length - 4;
  return axis < 0 ? 1 : Math.min(chunks[axis], lengths[axis] - chunk[axis] * chunks[axis]);
}

/** The file of the chunk at an index on each axis. */
export function fileOf({ path, separator, perFile }: TiledPatterns, index: readonly number[]): string {
  if (separator === undefined) return path;
  const file = perFile ? index.map((at, axis) => Math.floor(at / perFile[axis])) : index;
  return path + file.join(separator);
}

/** The error that names a chunk that could not be unpacked. */
export function damaged(
  part: TiledPatterns,
  number: number,
  index: readonly number[],
  cause: unknown,
): CorruptFile {
  const file = fileOf(part, index);
  const reason = cause instanceof Error ? cause.message.replace(/\s+/g, " ").slice(0, 200) : String(cause);
  return new CorruptFile(`${file} holds a damaged chunk of patterns`, {
    file,
    offset: part.offsets[number],
    expected: `chunk ${index.join(", ")} of ${tileBytes(part)} bytes, packed in ${part.sizes[number]}`,
    found: reason || "damaged bytes",
    remedy: "copy or export the file again",
  }, { cause });
}

/** Where each frame of a movie was taken: `…_scan_coordinates.csv`, a line `x,y` for each. */

import { CorruptFile, UnsupportedFormat } from "../../scan/errors.ts";

/** Longest line that is read, and its end. */
const lineBytes = 32;

/** Frames on their probe positions. */
export interface PlacedFrames {
  /** Frames of the series; absent where no position was visited twice. */
  readonly frames?: number;
  /** For each position of each frame of the series the number of its record, -1 where there is none. */
  readonly order: Int32Array;
  /** How many there are of those. */
  readonly empty: number;
}

/** Longer movies are recorded by nobody, and their coordinates are not read into memory. */
const mostFrames = 2 ** 22;

/** Bytes that the coordinates of so many frames take at most. */
export function largestCoordinates(frames: number): number {
  return lineBytes * (Math.min(frames, mostFrames) + 1);
}

/**
 * Places frames where they were taken. The second visit of a position belongs to the second frame of a series, and so on.
 *
 * @param file the file of coordinates, for messages
 * @param text what is in it
 * @param count number of frames recorded
 * @param wanted number of lines that there must be, `count` at least
 * @param mostBytes memory that the order may take
 * @throws {CorruptFile} when a line is no position of the scan, or there are not as many lines as frames
 * @throws {UnsupportedFormat} when hardly any position was visited
 */
export function placeFrames(
  file: string,
  text: string,
  scan: { readonly rows: number; readonly columns: number },
  count: number,
  wanted: number,
  mostBytes: number,
): PlacedFrames {
  const { rows, columns } = scan, probes = rows * columns;
  refuseSparse(file, probes, count, mostBytes);
  const lines = text.split(/\r?\n/);
  while (lines.at(-1)?.trim() === "") lines.pop();
  if (lines.length !== wanted) {
    throw new CorruptFile(`${file} has not one line for each frame of the movie`, {
      file,
      expected: `${wanted} lines`,
      found: `${lines.length} lines`,
      remedy: "put the file that belongs to the movie beside it",
    });
  }
  const positions = lines.slice(0, count).map((line, index) => {
    const [, x, y] = /^\s*(\d{1,8})\s*,\s*(\d{1,8})\s*$/.exec(line)?.map(Number) ?? [];
    if (x < columns && y < rows) return y * columns + x;
    throw new CorruptFile(`line ${index + 1} of ${file} is no position of the scan`, {
      file,
      expected: `x,y below ${columns},${rows}`,
      found: line.slice(0, lineBytes),
      remedy: "put the file that belongs to the movie beside it",
    });
  });
  const visits = new Uint32Array(probes);
  const frames = positions.reduce((most, position) => Math.max(most, ++visits[position]), 1);
  refuseSparse(file, frames * probes, count, mostBytes);
  const order = new Int32Array(frames * probes).fill(-1);
  visits.fill(0);
  positions.forEach((position, record) => order[visits[position]++ * probes + position] = record);
  return { ...(frames > 1 && { frames }), order, empty: order.length - count };
}

/** Whoever claims a huge scan of few frames gets no memory for it. */
function refuseSparse(file: string, positions: number, count: number, mostBytes: number): void {
  if (positions * Int32Array.BYTES_PER_ELEMENT <= mostBytes) return;
  throw new UnsupportedFormat(`${file} has hardly any of the scan's positions`, {
    file,
    expected: "a scan of which a good part was recorded",
    found: `${count} frames for ${positions} positions`,
    remedy: "look whether this file and the info file belong to the movie",
  });
}

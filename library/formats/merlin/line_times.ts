/** How many frames a scan line has, by the times of frames: the beam takes a while to fly back. */

import type { Moment } from "./frame_header.ts";

/** Lines have no more frames than this. */
const longestLine = 2 ** 14;
/** Lines that are looked at, spread over the scan. */
const linesChecked = 64;
/** A line ends where the time to the next frame is longer by this many times what the others differ by. */
const distinct = 4;

/**
 * Frames of a line: up to the first one after which more than the mean time passes. The gap must stand out, and come at
 * the end of other lines and nowhere within them.
 *
 * @param frames number of frames
 * @param timeOf when a frame, 0-based, was taken
 * @returns `undefined` where the times do not show it
 */
export function framesOfLine(
  frames: number,
  timeOf: (frame: number) => Moment | undefined,
): number | undefined {
  const after = (from: number, to: number) => {
    const [first, last] = [timeOf(from), timeOf(to)];
    if (!first || !last) return NaN;
    return (last.seconds - first.seconds) * 1e9 + last.nanoseconds - first.nanoseconds;
  };
  const gapAfter = (frame: number) => after(frame, frame + 1);
  const mean = after(0, frames - 1) / (frames - 1);
  let least = Infinity, most = -Infinity;
  for (let frame = 0; frame < Math.min(frames / 2, longestLine); frame++) {
    const gap = gapAfter(frame);
    if (!(gap > 0)) return undefined;
    if (gap <= mean) {
      least = Math.min(least, gap);
      most = Math.max(most, gap);
      continue;
    }
    const columns = frame + 1;
    // One gap within a line would say nothing about how much they differ.
    if (columns < 3 || frames % columns !== 0 || !(gap - most > distinct * (most - least))) return undefined;
    const limit = (gap + most) / 2, lines = frames / columns, step = Math.ceil(lines / linesChecked);
    for (let line = 0; line < lines; line += step) {
      const last = (line + 1) * columns - 1, middle = line * columns + Math.floor((columns - 1) / 2);
      if (last < frames - 1 && !(gapAfter(last) > limit)) return undefined;
      if ([middle, last - 1].some((inner) => !(gapAfter(inner) <= limit))) return undefined;
    }
    return columns;
  }
  return undefined;
}

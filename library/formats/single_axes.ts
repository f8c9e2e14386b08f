/** Axes of one element that arrays have beside those of a scan: of colours, of channels, of a time. */

import type { OpenOptions } from "./format.ts";

/** Which axes are read. */
export interface KeptAxes {
  /** By number, slowest first. */
  readonly axes: readonly number[];
  /** Plain sentences about those that were left out. */
  readonly warnings: readonly string[];
}

/**
 * Leaves out one axis of one element, which does not move a number, of an array of five: the first one, else the last one,
 * else one between scan and detector, as fpd files have it for colours, else one between the axes of the detector.
 * (frame, 1, column, qy, qx) stays a series of lines, and so does (frame, row, 1, qy, qx) where the scan shape is that of
 * one of its frames, or the file calls its first axis frames or time. Of (position, qy, qx, 1) the last one is left out where
 * the scan shape is that of the positions.
 *
 * @param lengths lengths of the axes, slowest first
 * @param name the array as a person would name it
 * @param firstAxis what the file calls the first axis, if it says so
 */
export function leaveOutSingleAxes(
  lengths: readonly number[],
  { scanShape }: OpenOptions,
  name: string,
  firstAxis?: string,
): KeptAxes {
  const isTime = firstAxis !== undefined && /^(frames?|time|t)$/i.test(firstAxis);
  const left = singleAxis(lengths, scanShape && scanShape.rows * scanShape.columns, isTime);
  const axes = lengths.map((_, axis) => axis).filter((axis) => axis !== left);
  if (left === undefined) return { axes, warnings: [] };
  const kept = axes.map((axis) => lengths[axis]);
  return {
    axes,
    warnings: [
      `${name} has an axis of one element, which was left out: ${lengths.join(" x ")} is read as ${
        kept.join(" x ")
      }` +
      (left === colours ? `; with --scan-shape ${lengths[1]}x1 it is a series of ${lengths[0]} scans` : ""),
    ],
  };
}

/** The axis of five that fpd files have for colours. */
const colours = 2;

/**
 * @param positions those of the scan shape, if there is one
 * @param isTime whether the file says that the first axis counts frames
 */
function singleAxis(
  lengths: readonly number[],
  positions: number | undefined,
  isTime: boolean,
): number | undefined {
  if (lengths.length === 4) {
    const isStack = lengths[3] === 1 && lengths[2] > 1 && positions === lengths[0];
    return isStack ? 3 : undefined;
  }
  if (lengths.length !== 5) return undefined;
  const isSeries = lengths[0] > 1 && (isTime || positions === lengths[1] && lengths[1] > 1);
  return [0, 4, colours, 3].find((axis) => lengths[axis] === 1 && !(axis === colours && isSeries));
}

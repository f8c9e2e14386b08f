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
 * Leaves out axes of one element, which does not move a number, as long as there are more than four: leading ones, then
 * the last one, then one between scan and detector, as fpd files have it for colours, then one between the axes of the
 * detector. (frame, 1, column, qy, qx) stays a series of lines, and so does (frame, row, 1, qy, qx) where the scan shape
 * is that of one of its frames. Of (position, qy, qx, 1) the last one is left out where the scan shape is that of the
 * positions.
 *
 * @param lengths lengths of the axes, slowest first
 * @param name the array as a person would name it
 */
export function leaveOutSingleAxes(
  lengths: readonly number[],
  { scanShape }: OpenOptions,
  name: string,
): KeptAxes {
  const axes = lengths.map((_, axis) => axis);
  const length = (fromEnd: number) => lengths[axes[axes.length - fromEnd]];
  const leaveOut = (fromEnd: number): boolean => {
    if (length(fromEnd) !== 1) return false;
    axes.splice(axes.length - fromEnd, 1);
    return true;
  };
  const positions = scanShape && scanShape.rows * scanShape.columns;
  let series = false;
  while (axes.length > 4) {
    if (leaveOut(axes.length) || leaveOut(1)) continue;
    series = axes.length === 5 && length(3) === 1 && positions === length(4) && length(5) > 1;
    if (series || !(leaveOut(3) || leaveOut(2))) break;
  }
  if (axes.length === 4 && length(1) === 1 && length(2) > 1 && positions === length(4)) leaveOut(1);
  if (axes.length === lengths.length) return { axes, warnings: [] };
  const kept = axes.map((axis) => lengths[axis]);
  const colour = lengths.length === 5 && axes.join() === "0,1,3,4";
  return {
    axes,
    warnings: [
      `${name} has axes of one element, which were left out: ${lengths.join(" x ")} is read as ${
        kept.join(" x ")
      }` +
      (colour ? `; with --scan-shape ${lengths[1]}x1 it is a series of ${lengths[0]} scans` : ""),
    ],
  };
}

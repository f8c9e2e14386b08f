/** Rows and columns of the detector, and those that are far brighter than the ones around them. */

import { medianOf } from "../../scan/median.ts";
import type { ScanShape } from "../../scan/shape.ts";
import type { DetectorSample } from "./detector_sample.ts";

/** A line is bright if its median is this many times that of the lines around it, and there are that many counts in it. */
const lineContrast = 8, lineCounts = 50;
/** Lines on each side that are compared with. */
const lineReach = 4;

/** Rows, then columns: how many there are, how long they are, and where their pixels lie. */
export function linesOf(
  { patternRows, patternColumns }: ScanShape,
): { readonly lines: number; readonly pixels: (line: number) => number[] }[] {
  return [
    {
      lines: patternRows,
      pixels: (row) => Array.from({ length: patternColumns }, (_, column) => row * patternColumns + column),
    },
    {
      lines: patternColumns,
      pixels: (column) => Array.from({ length: patternRows }, (_, row) => row * patternColumns + column),
    },
  ];
}

/**
 * Finds rows and columns that are far brighter than those around them, from end to end and all over the scan.
 *
 * @param known pixels already known to be bad (1)
 * @param gain what one electron adds to the values
 * @returns a map with 1 = bad, the known ones not included
 */
export function findBrightLines(
  { mean, parts, patterns }: DetectorSample,
  shape: ScanShape,
  known: Uint8Array,
  gain: number,
): Uint8Array {
  const bad = new Uint8Array(mean.length);
  for (const { lines, pixels } of linesOf(shape)) {
    const good = Array.from({ length: lines }, (_, line) => pixels(line).filter((pixel) => !known[pixel]));
    const level = (of: Float64Array, line: number) => {
      const own = good[line];
      return own.length > 0 ? medianOf(own.map((pixel) => of[pixel])) : NaN;
    };
    const around = (levelOf: (line: number) => number, line: number) => {
      const near: number[] = [];
      for (let other = line - lineReach; other <= line + lineReach; other++) {
        if (other < 0 || other >= lines || other === line) continue;
        const value = levelOf(other);
        if (!Number.isNaN(value)) near.push(value);
      }
      return near.length > 0 ? medianOf(near) : Infinity;
    };
    const levels = Array.from({ length: lines }, (_, line) => level(mean, line));
    for (let line = 0; line < lines; line++) {
      const beside = around((other) => levels[other], line);
      if (!(levels[line] * patterns >= lineCounts * gain && levels[line] > lineContrast * beside)) continue;
      const everywhere = parts.every((part) =>
        level(part, line) > lineContrast * around((other) => level(part, other), line)
      );
      if (!everywhere) continue;
      for (const pixel of good[line]) if (mean[pixel] > beside) bad[pixel] = 1;
    }
  }
  return bad;
}

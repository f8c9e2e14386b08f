/** What a written file says of its patterns, whatever its format. */

import type { Calibration } from "../scan/calibration.ts";
import type { DType } from "../scan/dtype.ts";
import type { ScanSource } from "../scan/scan.ts";
import type { ScanShape } from "../scan/shape.ts";

/** A scan or series that is to be written. */
export interface ScanDescription {
  readonly shape: ScanShape;
  readonly dtype: DType;
  /** Number of scans of a series; absent for a single scan. */
  readonly frames?: number;
  readonly calibration: Calibration;
  readonly source: ScanSource;
  /** Detector pixels that the scan's file calls bad: 1 = bad, (qy, qx) row-major. */
  readonly badPixels?: Uint8Array;
  /** Value from which on pixels do not count any more, where the scan's file says it. */
  readonly saturation?: number;
  /** Name of the array, where the format has a place for it. */
  readonly name: string;
}

/** An axis of the written array. */
export interface DescribedAxis {
  readonly name: string;
  readonly length: number;
  /** Step of its values in `unit`; 1 where it is not known. */
  readonly step: number;
  /** A name of `library/scan/units.ts`; absent where the step is not known. */
  readonly unit?: string;
  /** Whether it runs over probe positions or scans, not over the detector. */
  readonly navigates: boolean;
}

/** Lengths of the array, slowest first: (row, column, qy, qx), with the scans of a series before them. */
export function lengthsOf({ shape, frames }: ScanDescription): number[] {
  const { rows, columns, patternRows, patternColumns } = shape;
  return [...frames === undefined ? [] : [frames], rows, columns, patternRows, patternColumns];
}

/** The axes of the array, with their steps. */
export function axesOf(description: ScanDescription): DescribedAxis[] {
  const { pixelSize, qPixelSize } = description.calibration;
  const axes = [
    { name: "row", size: pixelSize, along: "row", navigates: true },
    { name: "column", size: pixelSize, along: "column", navigates: true },
    { name: "qy", size: qPixelSize, along: "row", navigates: false },
    { name: "qx", size: qPixelSize, along: "column", navigates: false },
  ] as const;
  const lengths = lengthsOf(description);
  const described = axes.map(({ name, size, along, navigates }, index): DescribedAxis => ({
    name,
    length: lengths[lengths.length - 4 + index],
    step: size?.[along] ?? 1,
    ...(size && { unit: size.unit }),
    navigates,
  }));
  return description.frames === undefined
    ? described
    : [{ name: "frame", length: lengths[0], step: 1, navigates: true }, ...described];
}

/** A unit as parsers of other programs read it: a bare A is ampere to them. */
export function writtenUnit(unit: string): string {
  return unit.replace(/^A(?=\^|$)/, "Å");
}

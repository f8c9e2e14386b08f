/** Steps of the axes of an array, and the calibration that follows from them. */

import { type Calibration, normaliseUnit, type PixelSize } from "../scan/calibration.ts";

/** Step and unit of one axis. */
export interface AxisStep {
  readonly step: number | undefined;
  readonly unit: string | undefined;
}

/** A pixel size from the steps of a row axis and a column axis, where both are known and of one unit. */
export function pixelSizeOf(row: AxisStep, column: AxisStep): PixelSize | undefined {
  const unit = row.unit === undefined ? undefined : normaliseUnit(row.unit);
  if (unit === undefined || column.unit === undefined || normaliseUnit(column.unit) !== unit) {
    return undefined;
  }
  const rowStep = Math.abs(row.step ?? NaN), columnStep = Math.abs(column.step ?? NaN);
  if (!(rowStep > 0 && columnStep > 0 && Number.isFinite(rowStep + columnStep))) return undefined;
  return { row: rowStep, column: columnStep, unit };
}

/** Pixel sizes of the last four axes, where known: steps along rows, columns, qy and qx. */
export function axisCalibration(steps: readonly AxisStep[]): Calibration {
  const [row, column, qRow, qColumn] = steps;
  const pixelSize = pixelSizeOf(row, column);
  const qPixelSize = pixelSizeOf(qRow, qColumn);
  return { ...(pixelSize && { pixelSize }), ...(qPixelSize && { qPixelSize }) };
}

/** A value as the calibration wants it: positive and finite, or unknown. */
export function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 && Number.isFinite(value) ? value : undefined;
}

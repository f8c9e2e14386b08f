/** Steps of the axes of an array, and the calibration that follows from them. */

import type { Calibration, PixelSize } from "../scan/calibration.ts";
import { UnsupportedFormat } from "../scan/errors.ts";
import { conversion, parseUnit, type Quantity, saysNoUnit, type Unit } from "../scan/units.ts";
import { type ArrayPlace, nameOf } from "./axes.ts";
import type { OpenOptions } from "./format.ts";

/** Step and unit of one axis. */
export interface AxisStep {
  readonly step: number | undefined;
  readonly unit: string | undefined;
  /** What the file calls the axis. */
  readonly name?: string;
}

/** An axis of which nothing is known. */
export const unknownStep: AxisStep = { step: undefined, unit: undefined };

/** The axes of rows, columns, qy and qx among those that are read; `undefined` for those that a stack has not. */
export function lastFour(axes: readonly number[]): readonly (number | undefined)[] {
  return [4, 3, 2, 1].map((fromEnd) => axes.at(-fromEnd));
}

/**
 * A pixel size from the steps of a row axis and a column axis, in the unit of the rows. Signs of steps are of no meaning.
 *
 * @param warnings gets a sentence where a file says something that was not understood; what says nothing gives none
 * @returns `undefined` where a step or a unit is not known, or the two measure different things
 */
export function pixelSizeOf(row: AxisStep, column: AxisStep, warnings?: string[]): PixelSize | undefined {
  const steps = [row, column].map(({ step }) => Math.abs(step ?? NaN));
  if (!steps.every((step) => step > 0 && Number.isFinite(step))) return undefined;
  const [rowUnit, columnUnit] = [row, column].map((axis) => unitOf(axis, warnings));
  if (!rowUnit || !columnUnit) return undefined;
  const convert = conversion(columnUnit.name, rowUnit.name);
  if (convert === undefined) {
    warnings?.push(
      `the file says ${quote(row)} along rows and ${quote(column)} along columns, which do not go together`,
    );
    return undefined;
  }
  return {
    row: steps[0] * rowUnit.factor,
    column: steps[1] * columnUnit.factor * convert,
    unit: rowUnit.name,
  };
}

function unitOf(axis: AxisStep, warnings?: string[]): Unit | undefined {
  if (axis.unit === undefined || saysNoUnit(axis.unit)) return undefined;
  const unit = parseUnit(axis.unit);
  const sentence = `the file says ${quote(axis)}, which was not understood`;
  if (!unit && !warnings?.includes(sentence)) warnings?.push(sentence);
  return unit;
}

/** What an axis says, cut short: a unit may be any text. */
function quote({ step, unit = "" }: AxisStep): string {
  return `${step} '${unit.length > 40 ? `${unit.slice(0, 39)}…` : unit}'`;
}

/** What a pixel size measures, and what it must not: steps of a scan are lengths, detector pixels are not. */
function measuring(
  size: PixelSize | undefined,
  quantities: readonly Quantity[],
  of: string,
  warnings?: string[],
): PixelSize | undefined {
  if (!size || quantities.includes(parseUnit(size.unit)!.quantity)) return size;
  warnings?.push(
    `the file says that ${of} is ${size.row} ${size.unit}, which is no ${
      quantities.join(" or ")
    }, so it was left out`,
  );
  return undefined;
}

/**
 * Pixel sizes of the last four axes, where known: steps along rows, columns, qy and qx.
 *
 * @param warnings gets a sentence where a file says something that was not understood
 */
export function axisCalibration(steps: readonly AxisStep[], warnings?: string[]): Calibration {
  const [row, column, qRow, qColumn] = steps;
  const pixelSize = measuring(
    pixelSizeOf(row, column, warnings),
    ["length"],
    "the step of the scan",
    warnings,
  );
  const qPixelSize = measuring(
    pixelSizeOf(qRow, qColumn, warnings),
    ["reciprocal length", "angle"],
    "a detector pixel",
    warnings,
  );
  return { ...(pixelSize && { pixelSize }), ...(qPixelSize && { qPixelSize }) };
}

/**
 * How the axes of an array stand whose first two are in reciprocal units and the last two are not, or are named so: reversed,
 * or the detector before the scan; `undefined` where they do not stand so, or the user says the scan shape. One of the first
 * two is enough where one of the last is a length, and the others say nothing.
 *
 * @param steps of the last four axes
 */
export function turnedAxes(
  steps: readonly AxisStep[],
  { scanShape }: OpenOptions,
): "reversed" | "detector first" | undefined {
  const spaces = steps.map(spaceOf), first = spaces.slice(0, 2), last = spaces.slice(2);
  const detector = first.includes("reciprocal") && !first.includes("real");
  const sure = first[0] === first[1] || last.includes("real");
  if (scanShape || !detector || last.includes("reciprocal") || !sure) return undefined;
  // Columns before rows in the detector, or in the scan.
  const xBeforeY = (first: AxisStep, second: AxisStep) =>
    /x$/i.test(first.name ?? "") && /y$/i.test(second.name ?? "");
  return xBeforeY(steps[0], steps[1]) || xBeforeY(steps[2], steps[3]) ? "reversed" : "detector first";
}

/**
 * Refuses an array whose scan axes are in reciprocal units and whose detector axes are not, or whose axes are named the
 * other way round, unless the user says the scan shape: as it stands, its patterns would be taken for the scan.
 *
 * @param steps of the last four axes
 * @throws {UnsupportedFormat} when the axes stand the other way round
 */
export function refuseSwappedAxes(
  place: ArrayPlace,
  steps: readonly AxisStep[],
  options: OpenOptions,
): void {
  if (turnedAxes(steps, options) === undefined) return;
  throw new UnsupportedFormat(`the axes of ${nameOf(place)} stand the other way round`, {
    ...place,
    expected: "lengths along the first two axes, reciprocal lengths or angles along the last two",
    found: steps.map(({ name, unit }) => [name, unit].filter(Boolean).join(" in ") || "nothing").join(", "),
    parameter: "scanShape",
    remedy: "save it as (row, column, qy, qx); if only its units are wrong, give `scanShape` ROWSxCOLUMNS",
  });
}

/** By the unit of an axis, or where that says neither, by its name. Angles are reciprocal: those of a detector. */
function spaceOf({ unit = "", name = "" }: AxisStep): "real" | "reciprocal" | undefined {
  const quantity = parseUnit(unit)?.quantity;
  if (quantity !== undefined) return quantity === "length" ? "real" : "reciprocal";
  if (/^([kq][_ ]?[xy]|(det|detector|camera)[_ ]?[xy])$/i.test(name)) return "reciprocal";
  return /^([xy]|r[_ ]?[xy]|(scan|probe)[_ ]?[xy])$/i.test(name) ? "real" : undefined;
}

/** A value as the calibration wants it: positive and finite, or unknown. */
export function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 && Number.isFinite(value) ? value : undefined;
}

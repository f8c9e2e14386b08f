/** Which axes of a DigitalMicrograph image are those of the scan: there are files of two orders. */

import { parseUnit } from "../../scan/units.ts";
import type { DmAxis } from "./images.ts";

/** `whole`: the pixels of a pattern lie together. `scattered`: the probe positions of a detector pixel do. */
export type AxisOrder = "whole" | "scattered";

/** What a file says about the order of its axes. */
export interface OrderTags {
  /** `Data Order Swapped`, which newer versions write with scans. */
  readonly swapped: boolean | undefined;
  /** `Format`: `Diffraction image`, `Spectrum image`, `Image`. */
  readonly format: string | undefined;
}

/**
 * The order of an image with three axes or more. Where the file does not say whether its order is the swapped one, the
 * units of its axes decide; without those it is the old order, in which the scan comes first. A stack that is not called
 * a diffraction image is one of whole patterns.
 *
 * @param axes the fastest first
 * @returns the order, and a sentence where the units of the axes contradict it or were needed
 */
export function orderOf(
  axes: readonly DmAxis[],
  { swapped, format }: OrderTags,
): { readonly order: AxisOrder; readonly warnings: readonly string[] } {
  const units = orderOfUnits(axes);
  const scan = axes.length > 3 || /^diffraction image$/i.test(format?.trim() ?? "");
  const usual: AxisOrder = scan && swapped !== true ? "scattered" : "whole";
  if (units === undefined || units === usual) return { order: usual, warnings: [] };
  const says = `the units of its axes (${axes.map(({ unit }) => unit).join(", ")})`;
  return swapped === undefined
    ? {
      order: units,
      warnings: [`the order of axes was taken from ${says}, because the file does not say it`],
    }
    : {
      order: usual,
      warnings: [`${says} contradict the order of axes that the file states, which was taken`],
    };
}

/** Lengths, or reciprocal lengths and angles; `undefined` for a unit that is neither, or none. */
export function spaceOf({ unit }: DmAxis): "real" | "reciprocal" | undefined {
  const known = unit === undefined ? undefined : parseUnit(unit);
  return known && (known.quantity === "length" ? "real" : "reciprocal");
}

/** The order in which the two axes of patterns are reciprocal and the two of the scan are not. */
function orderOfUnits(axes: readonly DmAxis[]): AxisOrder | undefined {
  const spaces = axes.map(spaceOf);
  const patterns = (first: number) => spaces.slice(first, first + 2).every((space) => space === "reciprocal");
  // The one axis of a stack may be of time or temperature, too.
  const scan = (first: number, end: number) =>
    spaces.slice(first, end).every((space) => axes.length > 3 ? space === "real" : space !== "reciprocal");
  if (patterns(0) && scan(2, 4)) return "whole";
  if (patterns(axes.length - 2) && scan(0, Math.min(2, axes.length - 2))) return "scattered";
  return undefined;
}

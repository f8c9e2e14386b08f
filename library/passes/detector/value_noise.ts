/** What the gain of a scan says of its values: what they stand on, noise of reading out, electrons. */

import { liftedMean } from "./below_zero.ts";
import type { Gain } from "./gain.ts";

/** What a user should know of a rest, in the units of the patterns. */
export interface ValueNoise {
  /** What all values stand on, which of counts may be below 0; of a camera at least. Absent within half an electron of 0. */
  readonly valueOffset?: number;
  /** Standard deviation of reading a pixel out; of a camera that stands on something, at least. Absent below a tenth of an electron. */
  readonly readNoise?: number;
}

/** Least constant, in electrons, and least noise of reading out that are told. */
const toldOffset = 0.5, toldNoise = 0.1;

/** What the rest of a gain says of constant and noise of reading out. */
export function valueNoise({ value, whole, rest }: Gain): ValueNoise {
  if (-rest >= toldOffset || whole && rest >= toldOffset) return { valueOffset: -rest * value };
  return rest >= toldNoise ** 2 ? { readNoise: Math.sqrt(rest) * value } : {};
}

/** How far below 0 the values lie that no electron gives. */
export function countsBelowZero(gain: Gain): number {
  return Math.max(0, -(valueNoise(gain).valueOffset ?? 0));
}

/** A mean pattern less what its values stand on: half of the brightness of a beam is not half of that. */
export function lessOffset(mean: Float64Array, gain: Gain): Float64Array {
  const { valueOffset } = valueNoise(gain);
  return valueOffset === undefined ? mean : liftedMean(mean, -valueOffset).map((value) => Math.max(0, value));
}

/** Electrons in a mean pattern. */
export function electronsOf(mean: Float64Array, gain: Gain): number {
  return lessOffset(mean, gain).reduce((sum, value) => sum + value, 0) / gain.value;
}

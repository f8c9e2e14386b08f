/** Which thresholds are written at the axis of their plot. */

import { textWidth } from "../../drawing/svg/text_width.ts";
import { placeOf, thresholdAt } from "./thresholds.ts";

/** CSS pixels from one tick to the next, and how far one may lie from there for a rounder number. */
const tickDistance = 58, tickReach = 15;
/** Height of the numbers, and what stays free between two of them. */
const fontSize = 11, gap = 4;

/**
 * The roundest thresholds near places that keep their distance; a number that would run into the one before is left out.
 *
 * @param length of the axis in CSS pixels
 * @param thresholds at even places of the axis
 */
export function thresholdTicks(length: number, thresholds: ArrayLike<number>): number[] {
  const shown: number[] = [];
  let end = -Infinity;
  for (let at = 0; at <= length; at += tickDistance) {
    const value = roundest(
      thresholdAt((at - tickReach) / length, thresholds),
      thresholdAt((at + tickReach) / length, thresholds),
    );
    const half = textWidth(String(value), fontSize) / 2, middle = placeOf(value, thresholds) * length;
    if (value === shown.at(-1) || middle - half < end) continue;
    shown.push(value);
    end = middle + half + gap;
  }
  return shown;
}

/** The number with the fewest digits within bounds. */
function roundest(low: number, high: number): number {
  for (let decimals = 1; decimals < 7; decimals++) {
    for (const unit of [5, 1]) {
      const step = unit / 10 ** decimals, value = Math.ceil(low / step) * step;
      if (value <= high) return Number(value.toFixed(decimals));
    }
  }
  return Number(low.toFixed(7));
}

/** Threshold and minimum size: moved on their plots, by keys, or written as numbers. */

import { batch, computed } from "@preact/signals";
import { curves, item, labelView, map, minimumSize, run, source, threshold } from "../state.ts";

/** Largest minimum size on the plot. */
export const mostMinimum = 1024;

/** The axis of thresholds: its ends, with what lies between where that is known. */
function thresholdAxis(): ArrayLike<number> {
  const known = curves.peek()?.thresholds;
  return known && known.length > 1 ? known : [0.72, 0.996];
}

const logGap = (value: number) => Math.log(Math.max(1e-9, 1 - value));

/** Places on an axis: 0 at its low end, 1 at its high end, even in log(1 - T) from each of its thresholds to the next. */
export function placeOf(value: number, axis: ArrayLike<number>): number {
  let step = 0, end = axis.length - 1;
  while (end - step > 1) {
    const middle = (step + end) >> 1;
    if (axis[middle] <= value) step = middle;
    else end = middle;
  }
  const from = logGap(axis[step]), to = logGap(axis[step + 1]);
  return (step + (from > to ? (from - logGap(value)) / (from - to) : 0)) / (axis.length - 1);
}

/** The threshold at a place of the axis. */
export function thresholdAt(place: number, axis: ArrayLike<number>): number {
  const at = Math.min(1, Math.max(0, place)) * (axis.length - 1);
  const step = Math.min(axis.length - 2, Math.floor(at));
  const from = logGap(axis[step]), to = logGap(axis[step + 1]);
  return 1 - Math.exp(from - (at - step) * (from - to));
}

/** Decimals that no threshold has more of. */
const mostDecimals = 7;

/** A threshold with three decimals, and more close to 1: a step of the keys is never lost. */
export function roundThreshold(value: number): number {
  const decimals = Math.max(3, Math.ceil(1.5 - Math.log10(Math.max(1e-9, 1 - value))));
  return Number(value.toFixed(decimals));
}

/** A threshold with as many decimals as a step on the axis needs there. */
function roundOnAxis(value: number, axis: ArrayLike<number>): number {
  const place = placeOf(value, axis), step = 1 / stepsOfKeys;
  const apart = thresholdAt(place + step / 2, axis) - thresholdAt(place - step / 2, axis);
  const decimals = Math.min(mostDecimals, Math.ceil(-Math.log10(Math.max(1e-9, apart))));
  const usual = roundThreshold(value);
  return Math.abs(usual - value) <= apart / 2 ? usual : Number(value.toFixed(Math.max(3, decimals)));
}

/** The threshold as it is shown, and as the address has it: at least three decimals. */
export function formatThreshold(value: number): string {
  const exact = Number(value.toFixed(mostDecimals)) === value,
    rounded = exact ? value : roundThreshold(value);
  const short = rounded.toFixed(3);
  return Number(short) === rounded ? short : String(rounded);
}

/** Shows the clusters at a threshold within the axis. */
export function moveThreshold(value: number): void {
  const axis = thresholdAxis(), low = axis[0], high = axis[axis.length - 1];
  if (!Number.isFinite(value) || map.peek()?.hasForest === false && !run.peek()) return;
  batch(() => {
    threshold.value = roundOnAxis(Math.min(high, Math.max(low, value)), axis);
    source.value = "threshold";
  });
}

/** Steps of the keys from one end of the axis to the other. */
const stepsOfKeys = 150;

export function stepThreshold(steps: number): void {
  const axis = thresholdAxis();
  moveThreshold(thresholdAt(placeOf(threshold.peek(), axis) + steps / stepsOfKeys, axis));
}

export function moveMinimumSize(value: number): void {
  if (!Number.isFinite(value) || map.peek()?.hasForest === false && !run.peek()) return;
  batch(() => {
    minimumSize.value = Math.min(100_000, Math.max(1, Math.round(value)));
    source.value = "threshold";
  });
}

/**
 * The range in which the number of clusters stays the same, with the threshold that is offered for it: one that lies within as
 * it is written. `null` where none speaks for itself, and while the curves are not those of the view.
 */
export const stableRange = computed(() => {
  const known = curves.value, stable = known?.stable;
  if (!stable || run.value) return null;
  const { minimumSize: least = item.value?.clustering?.minimumSize, mask } = known.of;
  if (least !== minimumSize.value || mask !== labelView.value.mask) return null;
  const offered = roundThreshold(stable.threshold);
  return offered >= stable.low && offered <= stable.high ? { ...stable, threshold: offered } : null;
});

export function moveToStable(): void {
  const stable = stableRange.peek();
  if (stable) moveThreshold(stable.threshold);
}

/** Back to the labels that the method gave. */
export function showMethod(): void {
  batch(() => {
    source.value = "method";
    const clustering = item.peek()?.clustering;
    if (!clustering) return;
    minimumSize.value = clustering.minimumSize;
    threshold.value = clustering.threshold ?? clustering.automaticThreshold ?? threshold.peek();
  });
}

/** Threshold and minimum size: moved on their plots, by keys, or written as numbers. */

import { batch, computed } from "@preact/signals";
import { curves, item, labelView, map, minimumSize, run, source, threshold } from "../state.ts";

/** Largest minimum size on the plot. */
export const mostMinimum = 1024;

/** Ends of the axis of thresholds. */
export function thresholdRange(): readonly [number, number] {
  const known = curves.peek()?.thresholds;
  return known && known.length > 1 ? [known[0], known[known.length - 1]] : [0.72, 0.996];
}

/** Places on an axis that is even in log(1 - T): 0 at its low end, 1 at its high end. */
export function placeOf(value: number, [low, high]: readonly [number, number]): number {
  const log = (at: number) => Math.log(Math.max(1e-9, 1 - at));
  return (log(low) - log(value)) / (log(low) - log(high));
}

/** The threshold at a place of the axis. */
export function thresholdAt(place: number, [low, high]: readonly [number, number]): number {
  const log = (at: number) => Math.log(Math.max(1e-9, 1 - at));
  return 1 - Math.exp(log(low) - place * (log(low) - log(high)));
}

/** A threshold with three decimals, and more close to 1: a step of the keys is never lost. */
export function roundThreshold(value: number): number {
  const decimals = Math.max(3, Math.ceil(1.5 - Math.log10(Math.max(1e-9, 1 - value))));
  return Number(value.toFixed(decimals));
}

/** The threshold as it is shown, and as the address has it: at least three decimals. */
export function formatThreshold(value: number): string {
  const rounded = roundThreshold(value), short = rounded.toFixed(3);
  return Number(short) === rounded ? short : String(rounded);
}

/** Shows the clusters at a threshold within the axis. */
export function moveThreshold(value: number): void {
  const [low, high] = thresholdRange();
  if (!Number.isFinite(value) || map.peek()?.hasForest === false && !run.peek()) return;
  batch(() => {
    threshold.value = roundThreshold(Math.min(high, Math.max(low, value)));
    source.value = "threshold";
  });
}

/** A step of the keys: even in log(1 - T). */
export function stepThreshold(steps: number): void {
  moveThreshold(thresholdAt(placeOf(threshold.peek(), thresholdRange()) + steps / 150, thresholdRange()));
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

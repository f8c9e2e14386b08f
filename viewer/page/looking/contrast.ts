/** The values that get the lowest and the highest colour, where they were chosen by hand. */

import { computed, signal } from "@preact/signals";
import type { ValueRange } from "../../drawing/pattern_scale.ts";
import { item } from "../state.ts";

type Ranges = Readonly<Record<string, ValueRange>>;

/** By what is shown: the name of a view, or `patterns`. Of one open item. */
const chosen = signal<{ readonly item?: string; readonly ranges: Ranges }>({ ranges: {} });

/** What was chosen for one scan says nothing of another. */
const ranges = computed<Ranges>(() => chosen.value.item === item.value?.id ? chosen.value.ranges : {});

function keep(ranges: Ranges): void {
  chosen.value = { item: item.peek()?.id, ranges };
}

/** What was chosen; `null` for what fits the values. */
export function chosenContrast(name: string): ValueRange | null {
  return ranges.value[name] ?? null;
}

/** Chooses a range, or with `null` what fits the values. */
export function chooseContrast(name: string, range: ValueRange | null): void {
  const { [name]: _, ...others } = ranges.peek();
  keep(range ? { ...others, [name]: range } : others);
}

/** Ranges that were chosen, as words of an address: `virtual:0:312,patterns:1:40`. */
export function contrastWords(): string {
  return Object.entries(ranges.value).map(([name, { low, high }]) =>
    [name, ...[low, high].map((end) => Number(end.toPrecision(5)))].join(":")
  ).join(",");
}

/** Takes such words for what has one of the names; what makes no sense is left out. */
export function takeContrast(words: string, isName: (name: string) => boolean): void {
  const all = words.split(",").map((word) => {
    const [name, low, high] = word.split(":");
    return [name, { low: Number(low || NaN), high: Number(high || NaN) }] as const;
  });
  keep(Object.fromEntries(
    all.filter(([name, { low, high }]) => isName(name) && low < high && Number.isFinite(high - low)),
  ));
}

/** The values that get the lowest and the highest colour, where they were chosen by hand. */

import { computed, signal } from "@preact/signals";
import type { ValueRange } from "../../drawing/pattern_scale.ts";
import { item } from "../state.ts";
import type { ContrastOf } from "../views/view.ts";

type Ranges = Readonly<Record<string, ValueRange>>;

/** What has a contrast beside the views of real space: patterns, what they are not, and clusters by one number of theirs. */
const others = ["patterns", "difference", "transform", "by-like", "by-size", "by-similarity"] as const;

/** Whether something other than a view has a contrast of this name. */
export function isContrastName(name: string): boolean {
  return others.some((own) => own === name);
}

/** By what is shown: the name of a view, or one of the others. Of one open item. */
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

/** By what is shown: whether the ends of its colours were freed from each other. */
const freed = signal<ReadonlySet<string>>(new Set());

/** The ends of colours about zero, which go together until they are freed. */
export function symmetryOf(name: string, { low, high }: ValueRange): NonNullable<ContrastOf["symmetric"]> {
  return {
    locked: !freed.value.has(name) && low === -high,
    lock: (locked) => {
      const others = new Set(freed.peek());
      if (locked) others.delete(name);
      else others.add(name);
      freed.value = others;
      const end = Math.max(Math.abs(low), Math.abs(high));
      if (locked && low !== -high) chooseContrast(name, { low: -end, high: end });
    },
  };
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

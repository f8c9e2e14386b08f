/** The values that get the lowest and the highest colour, where they were chosen by hand. */

import { effect, signal } from "@preact/signals";
import type { ValueRange } from "../../drawing/pattern_scale.ts";
import { item } from "../state.ts";

/** By what is shown: the name of a view, or `patterns`. Of one open item. */
const chosen = signal<Readonly<Record<string, ValueRange>>>({});

/** What was chosen; `null` for what fits the values. */
export function chosenContrast(name: string): ValueRange | null {
  return chosen.value[name] ?? null;
}

/** Chooses a range, or with `null` what fits the values. */
export function chooseContrast(name: string, range: ValueRange | null): void {
  const { [name]: _, ...others } = chosen.peek();
  chosen.value = range ? { ...others, [name]: range } : others;
}

/** What was chosen for one scan says nothing of another. */
export function followContrast(): () => void {
  let before: string | undefined;
  return effect(() => {
    const id = item.value?.id;
    if (id !== before) chosen.value = {};
    before = id;
  });
}

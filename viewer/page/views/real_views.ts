/** All views of real space, and the one that is shown. Only this file writes it. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { item, readable, running } from "../state.ts";
import { clustersView } from "./clusters.ts";
import { maskView } from "./mask.ts";
import { similarityView } from "./similarity.ts";
import type { Need, RealView } from "./view.ts";
import { virtualView } from "./virtual_image.ts";

/** In the order in which they are offered and read out. */
export const realViews: readonly RealView[] = [clustersView, similarityView, virtualView, maskView];

const shown = signal<RealView>(clustersView);

/** The view that is shown. */
export const realView: ReadonlySignal<RealView> = shown;

/** Shows a view. */
export function lookAt(view: RealView): void {
  shown.value = view;
}

/** The view with a name, which may come from anywhere. */
export function viewNamed(name: string | undefined): RealView | undefined {
  return realViews.find((view) => view.name === name);
}

const there: Readonly<Record<Need, () => boolean>> = {
  clustering: () => item.value?.clustering !== undefined,
  run: () => running.value,
  patterns: () => readable.value,
};

/** Whether what a view needs is there. */
export function canShow({ needs }: RealView): boolean {
  return needs.length === 0 || needs.some((need) => there[need]());
}

/** All views of real space, and the one that is shown. Only this file writes it. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { item, readable, running } from "../state.ts";
import { clustersView } from "./clusters.ts";
import { deflectionViews } from "./deflection_views.ts";
import { maskView } from "./mask.ts";
import { orientationViews } from "./orientation_views.ts";
import { similarityView } from "./similarity.ts";
import { table } from "../series/tracks.ts";
import { strainViews } from "./strain_views.ts";
import { tracksView } from "./tracks.ts";
import type { Need, RealView, ViewGroup } from "./view.ts";
import { virtualView } from "./virtual_image.ts";

/** In the order in which they are offered and read out. */
export const realViews: readonly RealView[] = [
  ...[clustersView, similarityView, virtualView, maskView],
  ...deflectionViews,
  ...orientationViews,
  ...strainViews,
  tracksView,
];

/** Groups of views with their names. */
export const viewGroups: readonly { readonly group: ViewGroup; readonly label: string }[] = [
  { group: "clusters", label: "Clusters" },
  { group: "deflection", label: "Centre of mass" },
  { group: "orientation", label: "Orientation" },
  { group: "strain", label: "Strain" },
  { group: "tracks", label: "Tracks" },
];

/** The views of a group, which are offered side by side. */
export function viewsOf(group: ViewGroup): readonly RealView[] {
  return realViews.filter((view) => view.group === group);
}

const shown = signal<RealView>(clustersView);
/** The view of each group that was shown last. */
const last = new Map<ViewGroup, RealView>();

/** The view that is shown. */
export const realView: ReadonlySignal<RealView> = shown;

/** Shows a view. */
export function lookAt(view: RealView): void {
  last.set(view.group, view);
  shown.value = view;
}

/** Shows a group: the view of it that was shown last, else its first. */
export function lookAtGroup(group: ViewGroup): void {
  const views = viewsOf(group).filter(canShow), before = last.get(group);
  const view = before && views.includes(before) ? before : views[0];
  if (view) lookAt(view);
}

/** Groups that have something to show. */
export function shownGroups(): readonly ViewGroup[] {
  return viewGroups.map(({ group }) => group).filter((group) => viewsOf(group).some(canShow));
}

/** Shows the group after the one that is shown. */
export function nextGroup(): void {
  const groups = shownGroups(), place = groups.indexOf(shown.peek().group);
  lookAtGroup(groups[(place + 1) % groups.length]);
}

/** Shows the view of a key among those of the group that is shown. */
export function lookAtKey(key: string): void {
  const view = viewsOf(shown.peek().group).find((view) => view.key === key);
  if (view) lookAt(view);
}

/** The view with a name, which may come from anywhere. */
export function viewNamed(name: string | undefined): RealView | undefined {
  return realViews.find((view) => view.name === name);
}

const there: Readonly<Record<Need, () => boolean>> = {
  clustering: () => item.value?.clustering !== undefined,
  run: () => running.value,
  patterns: () => readable.value,
  orientations: () => item.value?.clustering?.crystals !== undefined,
  strain: () => item.value?.clustering?.crystals?.strain === true,
  tracks: () => table.value !== null,
};

/** Whether what a view needs is there. */
export function canShow({ needs }: RealView): boolean {
  return needs.length === 0 || needs.some((need) => there[need]());
}

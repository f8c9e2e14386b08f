/** What the figure is made of: chosen in the composer, kept while the page is open. */

import { computed, signal } from "@preact/signals";
import type { Arrangement } from "../../drawing/figure/figure_layout.ts";
import type { LabelledMap } from "../../labels/labelling.ts";
import { selectedIds } from "../looking/selection.ts";
import { item, labelled } from "../state.ts";

/** Widths of a single and a double column in most journals, and the least and most, in millimetres. */
export const columnWidths = { single: 85, double: 178 } as const,
  widthLimits = { least: 40, most: 400 } as const;
/** Patterns of a figure, and of a row, at most. */
export const mostPatterns = 24, mostColumns = 8;
/** Dots per inch that pictures are offered at. */
export const resolutions = [150, 300, 600] as const;

/** Which clusters carry their numbers or outlines on the map. */
export type Marked = "all" | "chosen" | "none";

/** In millimetres. */
export const width = signal<number>(columnWidths.double);
export const arrangement = signal<Arrangement>("beside");
export const columns = signal(2);
export const numbered = signal<Marked>("all");
export const outlined = signal<Marked>("none");
export const withScaleBars = signal(true);
export const withColourBars = signal(true);
/** Whether averages carry their measured peaks and the spots of their crystal. */
export const withSpots = signal(false);
export const withCaption = signal(true);
/** Written by hand in place of what the caption would say; of one open item. */
const ownCaption = signal<{ readonly of: string; readonly text: string } | null>(null);
export const resolution = signal<typeof resolutions[number]>(300);

/** Names of the clusters that were chosen, of one open item. */
const chosen = signal<{ readonly of: string; readonly names: readonly number[] } | null>(null);

/** Clusters whose averages are shown, in their order: those chosen, else those selected if these are several, else the four largest. */
export const chosenIds = computed<readonly number[]>(() => {
  const shown = labelled.value;
  if (!shown) return [];
  if (chosenNames.value) return idsOf(shown, chosenNames.value);
  return selectedIds.value.length > 1 ? selectedIds.value.slice(0, mostPatterns) : largest(shown, 4);
});

/** Clusters of a name that are still there. */
function idsOf({ names }: LabelledMap, wanted: readonly number[]): number[] {
  return wanted.map((name) => names.indexOf(name)).filter((id) => id >= 0);
}

function largest({ sizes }: LabelledMap, count: number): number[] {
  return Array.from(sizes.keys()).sort((one, other) => sizes[other] - sizes[one]).slice(0, count);
}

/** Chooses clusters, each once; `null` for those that are selected. */
export function chooseClusters(ids: readonly number[] | null): void {
  const shown = labelled.peek();
  chooseNames(ids && shown && ids.map((id) => shown.names[id]));
}

/** Chooses clusters by their names. */
export function chooseNames(names: readonly number[] | null): void {
  const of = item.peek()?.id;
  chosen.value = names && of !== undefined ? { of, names: [...new Set(names)].slice(0, mostPatterns) } : null;
}

/** Names of the clusters that were chosen; `null` where none were. */
export const chosenNames = computed(() =>
  chosen.value?.of === item.value?.id ? chosen.value?.names ?? null : null
);

/** Moves the pattern at a place among the others. */
export function moveCluster(place: number, by: -1 | 1): void {
  const ids = [...chosenIds.peek()], to = place + by;
  if (to < 0 || to >= ids.length) return;
  [ids[place], ids[to]] = [ids[to], ids[place]];
  chooseClusters(ids);
}

/** Leaves the pattern at a place out. */
export function removeCluster(place: number): void {
  chooseClusters(chosenIds.peek().filter((_, at) => at !== place));
}

/**
 * Adds clusters that are named like `3, 0, 7-9`.
 *
 * @returns what is wrong with it, where something is
 */
export function addClusters(text: string): string | void {
  const shown = labelled.peek(), ids = parseIds(text);
  if (!shown || text.trim() === "") return;
  if (!ids) return `“${text.trim()}” is no list of cluster numbers`;
  const missing = ids.find((id) => id >= shown.clusters.length);
  if (missing !== undefined) return `There is no cluster ${missing}`;
  const all = [...new Set([...chosenIds.peek(), ...ids])];
  if (all.length > mostPatterns) return `A figure has at most ${mostPatterns} patterns`;
  chooseClusters(all);
}

/** Numbers and ranges, parted by commas or blanks; `null` where it is none. */
export function parseIds(text: string): number[] | null {
  const words = text.replaceAll(/\s*[-\u2013]\s*/g, "-").split(/[\s,;]+/).filter(Boolean), ids: number[] = [];
  for (const word of words) {
    const [, first, last = first] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(word) ?? [];
    if (first === undefined || Number(last) - Number(first) > 1000) return null;
    const step = Number(last) < Number(first) ? -1 : 1;
    for (let id = Number(first); id !== Number(last) + step; id += step) ids.push(id);
  }
  return ids;
}

/** The caption that was written by hand; `null` for its own. */
export const writtenCaption = computed(() =>
  ownCaption.value?.of === item.value?.id ? ownCaption.value?.text ?? null : null
);

/** Writes another caption, or with `null` its own again. */
export function writeCaption(text: string | null): void {
  const of = item.peek()?.id;
  ownCaption.value = text === null || of === undefined ? null : { of, text };
}

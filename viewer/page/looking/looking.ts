/** Probe, selection and zoom of the pictures. */

import { batch, signal } from "@preact/signals";
import { fitViewport, type Viewport } from "../../drawing/viewport.ts";
import { formatCount, formatSimilarity } from "../../drawing/format.ts";
import { announce } from "../announce.ts";
import { idAt } from "./clusters.ts";
import { item, labelled, probe } from "../state.ts";
import { clearSelection, select, selection, toggle } from "./selection.ts";
import { showAbove } from "../sources/pattern_sources.ts";
import { clusterAverage } from "../sources/cluster_average.ts";

/** How the map lies on its canvas; `null` before it is drawn first. */
export const realViewport = signal<Viewport | null>(null);
/** Zoom and middle of both patterns, from the canvas that changed them last. */
export const patternViewport = signal<Viewport | null>(null);

export function showAll(): void {
  for (const viewport of [realViewport, patternViewport]) {
    const shown = viewport.peek();
    if (shown) viewport.value = fitViewport(shown, shown);
  }
}

/** Puts the probe somewhere, at the nearest place inside the scan. */
export function moveProbe(row: number, column: number): void {
  const shape = item.peek()?.shape;
  if (!shape) return;
  const inside = (value: number, end: number) => Math.min(end - 1, Math.max(0, value));
  probe.value = { row: inside(row, shape.rows), column: inside(column, shape.columns) };
}

/** Selects the cluster with an id alone, or adds it to the selection or takes it out; -1 is none. */
export function selectId(id: number, add: boolean): void {
  const shown = labelled.peek();
  if (!shown) return;
  if (id < 0) {
    if (!add) clearSelection();
    return;
  }
  const name = shown.names[id];
  batch(() => {
    (add ? toggle : select)(name);
    showAbove(clusterAverage);
  });
  const { size, meanSimilarity } = shown.clusters[id];
  announce(
    selection.peek().includes(name)
      ? `Cluster ${id}, ${formatCount(size)} probes, similarity ${formatSimilarity(meanSimilarity)}`
      : `Cluster ${id} is no longer selected`,
  );
}

/** Selects the cluster under the probe. */
export function selectAtProbe(add: boolean): void {
  const { row, column } = probe.peek(), shape = item.peek()?.shape;
  if (shape) selectId(idAt(row, column, shape.columns), add);
}

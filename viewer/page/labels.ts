/** Keeps the labels that are shown up to date: the worker makes them, quick ones while something is dragged. */

import { batch, computed, effect, signal } from "@preact/signals";
import type { Edit, EditLog } from "../../library/cluster/editing/log.ts";
import { clustersOf } from "../labels/cluster_figures.ts";
import type { Detail, LabelledMap, MapPreview } from "../labels/labelling.ts";
import { LabellingClient, takeEarlyWorker } from "../labels/labelling_client.ts";
import type { OpenedItem } from "../protocol/items.ts";
import type { LabelView } from "../protocol/label_views.ts";
import { ownAnswers } from "./answering.ts";
import { allPartsThere, forestThere, loadLateParts, needsLateParts, partsFor } from "./late_parts.ts";
import { say } from "./editing/history.ts";
import { framePainted } from "./frame_painted.ts";
import { complain } from "./errors.ts";
import { call } from "./client.ts";
import { measure } from "./marks.ts";
import { curves, drawnMap, labelled, labelView, map, minimumSize, run, sizes } from "./state.ts";
import { rangeOf } from "./value_range.ts";
import { keepSelected } from "./looking/selection.ts";

/** How long a view must rest before its figures are worked out, in milliseconds. */
const restFor = 60;

let client: LabellingClient | null = null;
/** The view whose figures are shown. */
const shownView = signal<LabelView | null>(null);
/** Maps that were asked for or forgotten so far, and which of them is shown: what belongs to an older one comes too late. */
const asked = signal(0), loaded = signal(0);

/** Whether another map is on its way than the one that is shown. */
function isLoading(): boolean {
  return loaded.peek() !== asked.peek();
}

/** The worker; it starts when it is needed first. */
export function worker(): LabellingClient {
  return client ??= new LabellingClient(ownAnswers()?.startLabelling() ?? takeEarlyWorker());
}

/** The map of a view; `null` where a newer one is wanted. */
async function labelledAs(view: LabelView, detail: Detail): Promise<LabelledMap | null> {
  const made = await worker().latest("view", view, detail);
  if (!made) return null;
  const { figures, ...shown } = made;
  return { ...shown, clusters: clustersOf(figures) };
}

/** Loads the map of an item and shows its labels; what the first picture can do without comes after. */
export async function loadMap(opened: OpenedItem): Promise<void> {
  const place = ++asked.value;
  try {
    await showMap(opened, place);
  } catch (cause) {
    // The clusters before are not those of this item.
    if (place === asked.peek()) forgetMap();
    throw cause;
  }
}

async function showMap(opened: OpenedItem, place: number): Promise<void> {
  const { id, revision } = opened;
  const parts = await call("GET /api/items/:id/map", { id, revision });
  // The worker has the clustering that was asked for after this one, or will have it.
  if (place !== asked.peek()) return;
  const { labels, mean, mask } = parts.arrays, { hasForest } = parts.header;
  const ready = worker().call("open", parts, opened.shape, opened.clustering!);
  const view = labelView.peek(), early = needsLateParts(view);
  let seen = () => {};
  loadLateParts(worker(), opened, {
    hasForest,
    after: early ? ready : new Promise<void>((resolve) => seen = resolve),
    wanted: () => place === asked.peek(),
  });
  try {
    await ready;
    if (early) await partsFor(view);
    const shown = await labelledAs(view, "full");
    if (!shown || place !== asked.peek()) return;
    batch(() => {
      loaded.value = place;
      shownView.value = view;
      map.value = {
        revision: parts.header.revision,
        labels: labels as Int32Array,
        mean: mean as Float32Array,
        mask: mask as Uint8Array,
        hasForest,
        meanRange: rangeOf(mean as Float32Array),
      };
      show(shown);
    });
  } finally {
    // Neither the page nor the worker has anything else to do until the map is seen.
    framePainted().then(seen);
  }
  framePainted().then(() => showEvidence(view)).then(() => worker().call("prepare")).catch(complain);
}

/** Follows threshold, minimum size, corrections and mask. */
export function followLabels(): () => void {
  let rest: ReturnType<typeof setTimeout> | undefined;
  return effect(() => {
    const view = labelView.value;
    clearTimeout(rest);
    // While a map is loading, the worker may still have the clusters before; it is shown with the view of that moment.
    if (!map.value || run.value || isLoading()) return;
    if (view === shownView.peek()) return;
    shownView.value = null;
    drag(view);
    rest = setTimeout(() => settle(view), restFor);
  });
}

/** Whether labels, colours and figures are those of the view as it is chosen. */
const asChosen = computed(() => shownView.value === labelView.value && loaded.value === asked.value);
/** The same, or there is nothing to wait for: a run shows its own when it is done. */
const upToDate = computed(() => map.value === null || run.value !== null || asChosen.value);
/** How long saving waits for them, in milliseconds; where they do not come, what failed has been said. */
const longestWait = 10_000;

/** Waits until what is shown is what was chosen. */
export async function labelsShown(): Promise<void> {
  if (upToDate.peek()) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(given);
      queueMicrotask(() => end());
      resolve();
    };
    const given = setTimeout(done, longestWait);
    const end = effect(() => {
      if (upToDate.value) done();
    });
  });
}

/** Colours of the clusters as they are seen; `undefined` where those that are seen are not the chosen ones. */
export function shownColours(): Uint8Array | undefined {
  return asChosen.peek() ? labelled.peek()?.colours : undefined;
}

/** What the picture needs, as quickly as it can be had. */
async function drag(view: LabelView): Promise<void> {
  const place = asked.peek();
  try {
    await partsFor(view);
    const started = performance.now();
    const shown = await labelledAs(view, "drag");
    if (!shown || run.peek() || place !== asked.peek()) return;
    drawnMap.value = shown;
    measure("crystallite labels", started);
  } catch (cause) {
    complain(cause);
  }
}

/** Everything else, once the view rests. */
async function settle(view: LabelView): Promise<void> {
  const place = asked.peek();
  try {
    await partsFor(view);
    const shown = await labelledAs(view, "full");
    if (!shown || run.peek() || place !== asked.peek() || labelView.peek() !== view) return;
    batch(() => show(shown));
    shownView.value = view;
    await showEvidence(view);
  } catch (cause) {
    complain(cause);
  }
}

function show(shown: LabelledMap): void {
  drawnMap.value = shown;
  labelled.value = shown;
  keepSelected(new Set(shown.names));
  if (shown.refused) {
    say(`Correction ${shown.refused.operation} does not fit these clusters: ${shown.refused.message}`);
  }
}

async function showEvidence(view: LabelView): Promise<void> {
  const of = map.peek();
  if (of?.hasForest) await forestThere();
  const found = of?.hasForest ? await worker().call("curves", view) : null;
  const histogram = await worker().call("sizes", view);
  // Another map has come meanwhile.
  if (map.peek() !== of) return;
  batch(() => {
    curves.value = found && { ...found, of: view };
    sizes.value = histogram;
  });
}

/**
 * The log with corrections at its end.
 *
 * @returns the longer log, or why they cannot be done
 */
export async function tryEdits(edits: readonly Edit[]): Promise<EditLog | string> {
  await allPartsThere();
  let view = labelView.peek();
  for (const edit of edits) {
    const attempt = await worker().call("tryEdit", view, edit);
    if (!attempt.done) return attempt.reason;
    view = { ...view, edits: attempt.log };
  }
  return view.edits!;
}

/** The map at another threshold, small; `null` where a newer one is wanted, or there is none. */
export async function previewMap(threshold: number, longest: number): Promise<MapPreview | null> {
  const view = labelView.peek();
  if (!map.peek()?.hasForest || run.peek()) return null;
  try {
    await partsFor(view);
    const cut = { ...view, source: "threshold", threshold, minimumSize: minimumSize.peek() } as const;
    return await worker().latest("preview", cut, longest);
  } catch {
    // Corrections may not fit there; the map itself says so when it is shown.
    return null;
  }
}

/** A map that is still on its way is not shown any more: a run has begun, whose end asks for one again. */
export function dropLateMap(): void {
  if (isLoading()) asked.value++;
}

/** Forgets the map, before another item is shown. */
export function forgetMap(): void {
  batch(() => {
    asked.value++;
    map.value =
      drawnMap.value =
      labelled.value =
      curves.value =
      sizes.value =
        null;
  });
}

/** What the first picture of a map can do without, and comes after it: its merge forest, and its similarities. */

import type { LabellingClient } from "../labels/labelling_client.ts";
import type { OpenedItem } from "../protocol/items.ts";
import type { LabelView } from "../protocol/label_views.ts";
import { call } from "./client.ts";
import { complain } from "./errors.ts";

/** The merge forest of the map that is shown, which other thresholds need and corrections are named by. */
let forest: Promise<void> = Promise.resolve();
/** Its similarities, which drawn masks and splits need. */
let similarities: Promise<void> = Promise.resolve();

/** When the parts of a map are sent. */
interface Loading {
  readonly hasForest: boolean;
  /** What they wait for. */
  readonly after: Promise<void>;
  /** Whether no other map was asked for since: what belongs to an older one comes too late. */
  wanted(): boolean;
}

/** Has forest and similarities sent, and given to the worker. */
export function loadLateParts(
  worker: LabellingClient,
  { id, revision }: OpenedItem,
  { hasForest, after, wanted }: Loading,
): void {
  forest = after.then(async () => {
    if (!hasForest || !wanted()) return;
    const found = await call("GET /api/items/:id/forest", { id, revision });
    if (wanted()) await worker.call("setForest", found);
  });
  similarities = after.then(async () => {
    if (!wanted()) return;
    const { arrays } = await call("GET /api/items/:id/similarity", { id, revision });
    if (wanted()) await worker.call("setForward", arrays.forward as Float32Array);
  });
  for (const loading of [forest, similarities]) loading.catch(complain);
}

/** Labels of the method are there without; corrected ones have names and colours of the forest's paths. */
function needsForest({ source, mask, edits }: LabelView): boolean {
  return source !== "method" || mask !== undefined || (edits?.cursor ?? 0) > 0;
}

function needsSimilarities({ mask, edits }: LabelView): boolean {
  return mask !== undefined || edits?.operations.some(({ kind }) => kind === "split") === true;
}

/** Whether the labels of a view are made of parts that come late. */
export function needsLateParts(view: LabelView): boolean {
  return needsForest(view) || needsSimilarities(view);
}

/** Waits for the parts that a view is made of. */
export async function partsFor(view: LabelView): Promise<void> {
  if (needsForest(view)) await forest;
  if (needsSimilarities(view)) await similarities;
}

/** Waits for the merge forest. */
export async function forestThere(): Promise<void> {
  await forest;
}

/** Waits for all parts. */
export async function allPartsThere(): Promise<void> {
  await Promise.all([forest, similarities]);
}

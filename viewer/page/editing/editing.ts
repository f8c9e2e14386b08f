/** Corrections by hand: of clusters, and of the mask. */

import { computed } from "@preact/signals";
import { describeEdit, type Edit, type ProbePosition } from "../../../library/cluster/editing/log.ts";
import { InTurn } from "../../../library/scan/in_turn.ts";
import { decodeMask, encodeMask } from "../../labels/drawn_mask.ts";
import { applyShape, type Shape } from "../../drawing/shapes.ts";
import { formatCount } from "../../../library/report/number_format.ts";
import { announce } from "../announce.ts";
import { correct, say } from "./history.ts";
import { tryEdits } from "../labels.ts";
import { drawnMask, item, labelled, type LoadedMap, map, run, running } from "../state.ts";
import { clearSelection, select, selectedIds } from "../looking/selection.ts";

/** Makes one cluster of the selected ones. */
export async function mergeSelected(): Promise<void> {
  const shown = labelled.peek(), ids = selectedIds.peek();
  if (!shown || ids.length < 2) return;
  const largest = ids.reduce((best, id) => shown.clusters[id].size > shown.clusters[best].size ? id : best);
  const first = [largest, ...ids.filter((id) => id !== largest)];
  const done = await edit(
    { kind: "merge", clusters: first.map((id) => seedOf(id)) },
    `Merged ${ids.length} clusters`,
  );
  if (done) select(shown.names[largest]);
}

/** Cuts the selected cluster at its weakest link. */
export async function splitSelected(): Promise<void> {
  const shown = labelled.peek(), [id] = selectedIds.peek();
  if (!shown || id === undefined || selectedIds.peek().length !== 1) return;
  await edit(
    { kind: "split", cluster: seedOf(id) },
    `Split cluster ${id} at its weakest link`,
  );
}

/** Takes the probes of the selected clusters out of the map. */
export async function excludeSelected(): Promise<void> {
  const shown = labelled.peek(), ids = selectedIds.peek();
  if (!shown || ids.length === 0) return;
  const edits = ids.map((id): Edit => ({ kind: "exclude", cluster: seedOf(id) }));
  const text = ids.length === 1 ? `Excluded cluster ${ids[0]}` : `Excluded ${ids.length} clusters`;
  if (await editAll(edits, text)) clearSelection();
}

/** The probe that a correction calls a cluster by. */
export function seedOf(id: number): ProbePosition {
  const { row, column } = labelled.peek()!.clusters[id].seed;
  return [row, column];
}

/** Makes one correction, where it can be done. */
export const edit = (one: Edit, text: string) => editAll([one], text);

const turns = new InTurn();

/** Waits for the corrections that are being tried: who saves means them as well. */
export const correctionsTried = (): Promise<void> => turns.run(() => Promise.resolve());

/** Makes corrections one after the other: each is tried on the map that the one before left. */
function editAll(edits: readonly Edit[], text: string): Promise<boolean> {
  const of = map.peek();
  return turns.run(() => correctBy(edits, text, of));
}

/** Tries corrections on the map that they are meant for; what cannot be done is said and changes nothing. */
async function correctBy(edits: readonly Edit[], text: string, of: LoadedMap | null): Promise<boolean> {
  if (run.peek()) return false;
  const longer = await tryEdits(edits);
  if (run.peek() || map.peek() !== of) {
    say("Other clusters have come meanwhile: nothing was corrected");
    return false;
  }
  if (typeof longer === "string") {
    const why = edits[0].kind === "split" ? longer : `Cannot ${describeEdit(edits[0])}: ${longer}`;
    say(why);
    announce(why);
    return false;
  }
  correct({ log: longer }, text);
  announce(text);
  return true;
}

/** The mask that holds now: drawn, of the run, or everything; not to be written to. */
export const shownMask = computed<Uint8Array>(() => {
  const { rows, columns } = item.value!.shape, drawn = drawnMask.value;
  if (drawn) return decodeMask(drawn, rows * columns);
  return map.value?.mask ?? new Uint8Array(rows * columns).fill(1);
});

/** The mask as maps show it; not to be written to. While a run goes on, that of the map before does not hold. */
export const mapMask = computed<Uint8Array>(() => {
  if (!running.value || drawnMask.value) return shownMask.value;
  const { rows, columns } = item.value!.shape;
  return new Uint8Array(rows * columns).fill(1);
});

/** The mask that holds now, as one that may be written to. */
function currentMask(): Uint8Array {
  return shownMask.peek().slice();
}

/** Takes the probes under the shapes out of the mask, or brings them back. */
export function applyShapes(shapes: readonly { readonly shape: Shape; readonly adds: boolean }[]): void {
  const { shape: { rows, columns } } = item.peek()!;
  const before = currentMask();
  const mask = shapes.reduce(
    (mask, { shape, adds }) => applyShape(mask, { rows, columns }, shape, adds ? "add" : "remove"),
    before,
  );
  const changed = mask.reduce((count, inside, probe) => count + (inside === before[probe] ? 0 : 1), 0);
  if (changed === 0) return say("The mask stays as it is");
  const text = `Mask changed at ${formatCount(changed)} ${changed === 1 ? "probe" : "probes"}`;
  correct({ mask: encodeMask(mask) }, text);
  announce(text);
}

/** Back to the mask of the run. */
export function resetMask(): void {
  if (drawnMask.peek()) correct({ mask: null }, "The mask of the run holds again");
}

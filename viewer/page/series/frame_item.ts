/** The result or scan of the frame that is shown: what was open of another frame goes at once, this one comes at rest. */

import { batch, effect } from "@preact/signals";
import type { OpenedItem } from "../../protocol/items.ts";
import type { LabelView } from "../../protocol/label_views.ts";
import { AtRest } from "../at_rest.ts";
import { call } from "../client.ts";
import { currentSteps, restoreSteps, type Steps } from "../editing/history.ts";
import { keptOf, stepsFor } from "../editing/kept.ts";
import { complain } from "../errors.ts";
import { forgetMap, loadMap } from "../labels.ts";
import { clearSelection } from "../looking/selection.ts";
import { lookForLost } from "../opening/lost_run.ts";
import { showItem, showView } from "../opening/showing.ts";
import { showAbove, upperSource } from "../sources/pattern_sources.ts";
import {
  detector,
  detectorKind,
  item,
  labelView,
  probe,
  probePattern,
  reconnections,
  tab,
  virtualImage,
} from "../state.ts";
import { canShow, lookAt, realView } from "../views/real_views.ts";
import { frame, itemFrame, playing, series } from "./time.ts";

/** Labels of frames as they were looked at and corrected last, and the steps of that. */
const left = new Map<string, { readonly view: LabelView; readonly steps: Steps }>();

/** Names the clusters of a frame. */
function clustersOf({ path, asked, clustering }: OpenedItem): string {
  return JSON.stringify([path, asked.input, clustering?.fingerprint]);
}

/** How long time must rest before a frame is opened, in milliseconds. */
const restFor = 120;

/** What is open of a frame. */
export async function openFrame(wanted: number): Promise<OpenedItem | null> {
  const open = series.peek()?.frames[wanted]?.open;
  if (!open) return null;
  const opened = await call("POST /api/open", {}, open);
  return "shape" in opened ? opened : null;
}

/** Shows what is open of a frame, looked at as what was there before. */
export async function showFrameItem(opened: OpenedItem, wanted: number): Promise<void> {
  batch(() => {
    const before = item.peek()?.shape,
      same = before?.rows === opened.shape.rows &&
        before.columns === opened.shape.columns;
    const [view, above, at, panel] = [realView.peek(), upperSource.peek(), probe.peek(), tab.peek()];
    const [kind, place] = [detectorKind.peek(), detector.peek()];
    showItem(opened);
    itemFrame.value = wanted;
    restoreLabels(opened);
    if (!same) return;
    probe.value = at;
    tab.value = panel;
    detectorKind.value = kind;
    detector.value = place;
    if (canShow(view)) lookAt(view);
    showAbove(above);
  });
  lookForLost(opened);
  if (opened.clustering) await loadMap(opened);
}

/** Labels as they were left, or with the corrections that are kept of them. */
function restoreLabels(opened: OpenedItem): void {
  if (!opened.clustering) return;
  const before = left.get(clustersOf(opened)), kept = stepsFor(opened.clustering, keptOf(opened));
  if (before) showView(before.view);
  const steps = before?.steps ?? kept;
  if (steps) restoreSteps(steps);
}

/** Takes another opening of what the shown frame has: its scan was found somewhere else. */
export function replaceFrameItem(opened: OpenedItem): void {
  const whole = series.peek(), at = itemFrame.peek();
  if (!whole || at < 0) return;
  const open = { path: opened.path, ...opened.asked };
  series.value = { ...whole, frames: whole.frames.with(at, { ...whole.frames[at], open }) };
}

/** Keeps what is open up to date with the time. */
export function followFrameItem(): () => void {
  const rest = new AtRest(restFor);
  return effect(() => {
    const wanted = frame.value, opened = series.value, moves = playing.value, there = itemFrame.value;
    reconnections.value;
    rest.stop();
    if (!opened || there === wanted) return;
    if (there >= 0) {
      batch(() => {
        const before = item.peek();
        if (before?.clustering) {
          left.set(clustersOf(before), { view: labelView.peek(), steps: currentSteps() });
        }
        forgetMap();
        clearSelection();
        probePattern.value = virtualImage.value = null;
        itemFrame.value = -1;
      });
    }
    if (moves) return;
    rest.begin(async (signal) => {
      try {
        const found = await openFrame(wanted);
        if (found && !signal.aborted) await showFrameItem(found, wanted);
      } catch (cause) {
        if (!signal.aborted) complain(cause);
      }
    });
  });
}

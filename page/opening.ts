/** Opening scans, results and sessions: from a path to everything that the page shows of it. */

import { batch } from "@preact/signals";
import type { Failure, OpenedItem, OpenedSession } from "../display/protocol.ts";
import { applyPageWords } from "./address.ts";
import { startHistory } from "./history.ts";
import { forgetMap, loadMap } from "./labels.ts";
import { remember } from "./recent.ts";
import { joinRun } from "./running.ts";
import { open, Refusal } from "./server.ts";
import {
  detector,
  detectorKind,
  item,
  labelled,
  minimumSize,
  probe,
  probePattern,
  problem,
  realView,
  runMask,
  screen,
  selection,
  source,
  tab,
  threshold,
  tool,
  upperPattern,
  upperSource,
  virtualImage,
} from "./state.ts";

/**
 * Opens a path and shows it; failures become what the window shows.
 *
 * @param input flags about reading the file
 * @param words what an address says about the view
 */
export async function openPath(
  path: string,
  input: readonly string[] = [],
  words: Readonly<Record<string, string | undefined>> = {},
): Promise<void> {
  screen.value = { kind: "loading", path };
  try {
    const answer = await open({ path, input });
    if ("item" in answer) await show(answer.item, answer.page, answer);
    else await show(answer, words);
  } catch (cause) {
    screen.value = { kind: "failed", path, error: errorOf(cause) };
  }
}

/** Whatever was thrown, as the server would say it. */
export function errorOf(cause: unknown): Failure["error"] {
  if (cause instanceof Refusal) return cause.failure;
  const message = cause instanceof Error ? cause.message : String(cause);
  return { kind: "Unexpected", message, details: {} };
}

async function show(
  opened: OpenedItem,
  words: Readonly<Record<string, string | undefined>>,
  session?: OpenedSession,
): Promise<void> {
  const { shape, clustering } = opened;
  batch(() => {
    forgetMap();
    item.value = opened;
    problem.value = null;
    selection.value = [];
    upperPattern.value = probePattern.value = virtualImage.value = null;
    detectorKind.value = "none";
    tool.value = "select";
    detector.value = {
      row: (shape.patternRows - 1) / 2,
      column: (shape.patternColumns - 1) / 2,
      inner: Math.min(shape.patternRows, shape.patternColumns) / 10,
      outer: 0.45 * Math.min(shape.patternRows, shape.patternColumns),
    };
    probe.value = { row: Math.floor(shape.rows / 2), column: Math.floor(shape.columns / 2) };
    tab.value = clustering ? "clusters" : "parameters";
    realView.value = clustering ? "clusters" : "virtual";
    upperSource.value = clustering ? "cluster" : "mean";
    startHistory(session?.view.edits ?? clustering?.edits, session?.view.mask);
    runMask.value = null;
    source.value = "method";
    showLabelsOf(opened);
    if (session) {
      source.value = session.view.source;
      threshold.value = session.view.threshold ?? threshold.value;
      minimumSize.value = session.view.minimumSize ?? minimumSize.value;
    }
    applyPageWords(words);
  });
  remember(opened);
  if (clustering) {
    await loadMap(opened);
    if (words.probe === undefined) showLargest();
  }
  screen.value = { kind: "main" };
  if (opened.run) joinRun(opened.run);
}

/** Selects the largest cluster and puts the probe into it: something to look at. */
export function showLargest(): void {
  const shown = labelled.peek();
  if (!shown || shown.clusters.length === 0) return;
  const largest = shown.clusters.reduce((best, cluster) => cluster.size > best.size ? cluster : best);
  probe.value = largest.seed;
  selection.value = [shown.names[largest.id]];
}

/** Threshold and minimum size of a clustering; growth is shown by its threshold, so that the handle moves the map. */
export function showLabelsOf({ clustering }: OpenedItem): void {
  if (!clustering) return;
  minimumSize.value = clustering.minimumSize;
  threshold.value = clustering.threshold ?? clustering.automaticThreshold ?? threshold.value;
}

/** A run as the page follows it: progress, the map row by row, and what happens when the connection drops. */

import type { PartArray } from "../display/parts.ts";
import type { OpenedItem, RunMessage } from "../display/protocol.ts";
import { announce } from "./announce.ts";
import { reachable, unreachable } from "./connection.ts";
import { startHistory } from "./history.ts";
import { beginRows, endRows, takeRows } from "./growing.ts";
import { forgetMap, loadMap } from "./labels.ts";
import { errorOf, showLabelsOf, showLargest } from "./opening.ts";
import { runRequest } from "./parameters.ts";
import { cancelRun, fetchItem, Refusal, startRun, Unreachable, watchRun } from "./server.ts";
import {
  item,
  problem,
  realView,
  run,
  runMask,
  selection,
  source,
  tab,
  threshold,
  upperSource,
} from "./state.ts";

/** Seconds between tries to reach the server again. */
const retryAfter = 3;

/** Starts a run with the parameters of the form. */
export async function startRunning(): Promise<void> {
  const opened = item.value;
  if (!opened || run.value) return;
  problem.value = null;
  try {
    const started = await startRun(opened.id, runRequest.value);
    await joinRun(started.run);
  } catch (cause) {
    problem.value = errorOf(cause);
  }
}

export async function cancelRunning(): Promise<void> {
  const current = run.value;
  if (!current) return;
  try {
    await cancelRun(current.id);
  } catch (cause) {
    problem.value = errorOf(cause);
  }
}

/** Follows a run until it ends; a dropped connection is taken up again at the row where it broke. */
export async function joinRun(id: string): Promise<void> {
  const opened = item.value!;
  run.value = { id, stage: "Starting", done: 0, total: 0, rows: 0 };
  beginRows(opened.shape);
  selection.value = [];
  realView.value = "clusters";
  while (run.value?.id === id) {
    try {
      for await (const { header, arrays } of watchRun(id, run.value.rows, new AbortController().signal)) {
        reachable();
        if (await follow(header, arrays)) return;
      }
      // The stream ended without an end of the run: it is taken up again.
    } catch (cause) {
      if (cause instanceof Refusal) return await end(errorOf(cause));
      if (!(cause instanceof Unreachable || cause instanceof TypeError || cause instanceof RangeError)) {
        throw cause;
      }
    }
    await unreachable(retryAfter);
  }
}

/** Takes a message; whether it was the last. */
async function follow(message: RunMessage, arrays: Readonly<Record<string, PartArray>>): Promise<boolean> {
  const current = run.value!;
  switch (message.kind) {
    case "progress": {
      const { stage, done, total, left } = message;
      run.value = { ...current, stage, done, total, left };
      return false;
    }
    case "rows":
      await takeRows(message.first, message.count, arrays.forward as Float32Array);
      run.value = { ...current, rows: message.first + message.count };
      return false;
    case "done":
      await finish(message.item);
      return true;
    case "failed":
      await end(message.error);
      return true;
    case "cancelled":
      await end();
      announce("The run was cancelled.");
      return true;
  }
}

/** Shows what the run gave. */
async function finish(opened: OpenedItem): Promise<void> {
  // The drawn mask is part of the map now.
  runMask.value = runRequest.value.mask ?? null;
  startHistory(opened.clustering?.edits);
  item.value = opened;
  source.value = "method";
  showLabelsOf(opened);
  upperSource.value = "cluster";
  tab.value = "clusters";
  await loadMap(opened);
  run.value = null;
  endRows();
  showLargest();
  announce(`The run is done. ${opened.clustering?.warnings.join(" ") ?? ""}`);
}

/** What there was before the run is shown again. */
async function end(error: typeof problem.value = null): Promise<void> {
  run.value = null;
  endRows();
  problem.value = error;
  try {
    const opened = await fetchItem(item.peek()!.id);
    item.value = opened;
    source.value = "method";
    showLabelsOf(opened);
    if (opened.clustering) return await loadMap(opened);
    forgetMap();
    realView.value = "virtual";
  } catch (cause) {
    problem.value ??= errorOf(cause);
  }
}

/** A run as the page follows it: progress, the map row by row, and what happens when the connection drops. */

import type { OpenedItem } from "../../protocol/items.ts";
import { announce } from "../announce.ts";
import { reachable, unreachable } from "../connection.ts";
import { beginRows, endRows, takeRows } from "./growing.ts";
import { dropLateMap, forgetMap, loadMap } from "../labels.ts";
import { complain, errorOf, retryAfter } from "../errors.ts";
import { writeAddress } from "../opening/address.ts";
import { showLabelsOf, showLargest } from "../opening/showing.ts";
import { runRequest } from "./parameters.ts";
import { call, Refusal, stream, Unreachable } from "../client.ts";
import { item, problem, run, runMask, tab } from "../state.ts";
import { clearSelection } from "../looking/selection.ts";
import { lookAt } from "../views/real_views.ts";
import { showAbove } from "../sources/pattern_sources.ts";
import { clustersView } from "../views/clusters.ts";
import { virtualView } from "../views/virtual_image.ts";
import { clusterAverage } from "../sources/cluster_average.ts";

/** Runs with the parameters of the form, to the end; whether it gave a map. */
export async function startRunning(): Promise<boolean> {
  const opened = item.value;
  if (!opened || run.value) return false;
  problem.value = null;
  try {
    const started = await call("POST /api/items/:id/runs", { id: opened.id }, runRequest.value);
    return await joinRun(started.run);
  } catch (cause) {
    complain(cause);
    return false;
  }
}

export async function cancelRunning(): Promise<void> {
  const current = run.value;
  if (!current) return;
  try {
    await call("POST /api/runs/:id/cancel", { id: current.id });
  } catch (cause) {
    complain(cause);
  }
}

/** Follows a run until it ends; a dropped connection is taken up again at the row where it broke. */
export async function joinRun(id: string): Promise<boolean> {
  const opened = item.value!;
  run.value = { id, stage: "Starting", done: 0, total: 0, rows: 0 };
  dropLateMap();
  beginRows(opened.shape);
  clearSelection();
  lookAt(clustersView);
  while (true) {
    try {
      const ended = await follow(id);
      if (ended) return ended === "done";
      // The stream ended before the run did: it is taken up again.
    } catch (cause) {
      if (cause instanceof Refusal) {
        await end(errorOf(cause));
        return false;
      }
      if (!(cause instanceof Unreachable || cause instanceof TypeError || cause instanceof RangeError)) {
        throw cause;
      }
    }
    await unreachable(retryAfter);
  }
}

/** Takes what comes until the run ends or the connection does. */
async function follow(id: string): Promise<"done" | "failed" | "cancelled" | null> {
  for await (const { header, arrays } of stream("GET /api/runs/:id/stream", { id, row: run.value!.rows })) {
    reachable();
    const current = run.value!;
    switch (header.kind) {
      case "progress": {
        const { stage, done, total, left } = header;
        run.value = { ...current, stage, done, total, left };
        break;
      }
      case "rows":
        await takeRows(header.first, header.count, arrays.forward as Float32Array);
        run.value = { ...current, rows: header.first + header.count };
        break;
      case "done":
        await finish(header.item);
        return "done";
      case "failed":
        await end(header.error);
        return "failed";
      case "cancelled":
        await end();
        announce("The run was cancelled.");
        return "cancelled";
    }
  }
  return null;
}

/** Shows what the run gave. */
async function finish(opened: OpenedItem): Promise<void> {
  // The drawn mask is part of the map now.
  runMask.value = runRequest.value.mask ?? null;
  item.value = opened;
  showLabelsOf(opened);
  showAbove(clusterAverage);
  if (tab.value === "parameters") tab.value = "clusters";
  await loadMap(opened);
  run.value = null;
  endRows();
  showLargest();
  writeAddress();
  announce(`The run is done. ${opened.clustering?.warnings.join(" ") ?? ""}`);
}

/** What there was before the run is shown again. */
async function end(error: typeof problem.value = null): Promise<void> {
  run.value = null;
  endRows();
  problem.value = error;
  try {
    const opened = await call("GET /api/items/:id", { id: item.peek()!.id });
    item.value = opened;
    showLabelsOf(opened);
    if (opened.clustering) return await loadMap(opened);
    forgetMap();
    lookAt(virtualView);
  } catch (cause) {
    problem.value ??= errorOf(cause);
  }
}

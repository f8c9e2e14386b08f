/** The same file shown anew: after another run of it, or when the server does not have it open any more. */

import { batch } from "@preact/signals";
import type { OpenedItem } from "../../protocol/items.ts";
import { currentSteps, restoreSteps } from "../editing/history.ts";
import { call } from "../client.ts";
import { complain } from "../errors.ts";
import { forgetMap, loadMap } from "../labels.ts";
import { form } from "../running/parameters.ts";
import { formOf } from "../running/form.ts";
import { joinRun } from "../running/running.ts";
import { item, map, problem, runMask, tab } from "../state.ts";
import { reopenSeries } from "../series/reopening.ts";
import { lookAt } from "../views/real_views.ts";
import { virtualView } from "../views/virtual_image.ts";
import { writeAddress } from "./address.ts";
import { loseRun } from "./lost_run.ts";
import { showLabelsOf, showLargest } from "./showing.ts";

/** Shows what the last run of the open file found, be it one of another window; follows one that goes on. */
export async function showNewest(): Promise<void> {
  const before = item.peek();
  if (!before) return;
  try {
    const opened = await call("GET /api/items/:id", { id: before.id });
    await adopt(opened);
    if (opened.run) joinRun(opened.run);
  } catch (cause) {
    complain(cause);
  }
}

async function adopt(opened: OpenedItem): Promise<void> {
  batch(() => {
    runMask.value = null;
    item.value = opened;
    showLabelsOf(opened);
    if (!opened.clustering) {
      forgetMap();
      lookAt(virtualView);
    }
  });
  if (opened.clustering) {
    await loadMap(opened);
    showLargest();
  }
  writeAddress();
}

let reopening = false;

/** Opens the file again, with its view and corrections, where the server has forgotten it. */
export async function reopen(): Promise<void> {
  const before = item.peek();
  if (!before || reopening) return;
  reopening = true;
  try {
    await reopenSeries();
    const answer = await call("POST /api/open", {}, { path: before.path, ...before.asked });
    if (!("shape" in answer) || item.peek() !== before) return;
    const { clustering: had } = before, { clustering: has } = answer;
    if (had?.fingerprint === has?.fingerprint) {
      problem.value = null;
      // Labels, view and steps are those of the same clusters: only the item has another name.
      const steps = currentSteps();
      item.value = answer;
      if (had) restoreSteps(steps);
      // The answer with the map went with the server before.
      if (had && !map.peek()) await loadMap(answer);
      return writeAddress();
    }
    const lost = had && { ...had, mask: runMask.peek(), steps: currentSteps() };
    await adopt(answer);
    if (!lost) return;
    form.value = formOf(lost.words);
    tab.value = "parameters";
    loseRun(lost);
  } catch (cause) {
    complain(cause);
  } finally {
    reopening = false;
  }
}

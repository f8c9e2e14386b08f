/** Opening scans, results and sessions: from a path to everything that the page shows of it. */

import { batch } from "@preact/signals";
import type { OpenedItem } from "../../protocol/items.ts";
import type { OpenedSeries } from "../../protocol/series.ts";
import type { OpenedSession } from "../../protocol/sessions.ts";
import { applyPageWords, writeAddress } from "./address.ts";
import { errorOf } from "../errors.ts";
import { restoreSteps, say } from "../editing/history.ts";
import { keptOf, stepsFor } from "../editing/kept.ts";
import { takeFigureWords } from "../figure/figure_words.ts";
import { formOf } from "../running/form.ts";
import { loadMap } from "../labels.ts";
import { form } from "../running/parameters.ts";
import { askedLast, remember, rememberSeries } from "./recent.ts";
import { joinRun, startRunning } from "../running/running.ts";
import { call } from "../client.ts";
import { showItem, showLargest, showView } from "./showing.ts";
import { replaceFrameItem, showFrameItem } from "../series/frame_item.ts";
import { itemFrame, series } from "../series/time.ts";
import { leaveSeries, showSeries } from "../series/opening.ts";
import { item, log, runMask } from "../state.ts";
import { lookForLost, loseRun } from "./lost_run.ts";
import { type Asked, showFailure, showLoading, showMain } from "./screen.ts";

/** What an address or a session says about the view. */
type Words = Readonly<Record<string, string | undefined>>;

/**
 * Opens a path and shows it; failures become what the window shows.
 *
 * @param given words about reading the file, and the scan of a result that lies elsewhere; default: those that the file was
 * opened with last
 * @param words what an address says about the view
 */
export async function openPath(path: string, given?: Asked, words: Words = {}): Promise<void> {
  const asked = given ?? askedLast(path);
  showLoading(path);
  try {
    const answer = await call("POST /api/open", {}, { path, ...asked, frames: true });
    if ("series" in answer) return await showFrames(answer, words);
    leaveSeries();
    if ("item" in answer) await resume(answer);
    else await show(answer, words);
  } catch (cause) {
    showFailure(path, asked, errorOf(cause));
  }
}

/**
 * Opens the result that is shown with its scan at a path.
 *
 * @returns why that cannot be, `null` where it is done
 */
export async function findScan(path: string): Promise<string | null> {
  const before = item.peek()!, asked = { input: before.asked.input, scan: path };
  try {
    const answer = await call("POST /api/open", {}, { path: before.path, ...asked });
    if (!("shape" in answer) || item.peek() !== before) return null;
    const frame = itemFrame.peek();
    replaceFrameItem(answer);
    if (answer.clustering?.fingerprint === before.clustering?.fingerprint) item.value = answer;
    else if (series.peek()) await showFrameItem(answer, frame);
    else await show(answer, {});
    if (!series.peek()) remember(answer);
    writeAddress();
    return null;
  } catch (cause) {
    const { message, details } = errorOf(cause);
    return [message, details.remedy].filter(Boolean).join("; ");
  }
}

/** Shows the frames of a series. */
async function showFrames(opened: OpenedSeries, words: Words): Promise<void> {
  if (!await showSeries(opened, words)) {
    const message = `${opened.name} has no frame that can be shown.`;
    return showFailure(opened.path, { input: opened.input }, {
      kind: "FileUnavailable",
      message,
      details: {},
    });
  }
  applyPageWords(words);
  rememberSeries(opened);
  showMain();
  writeAddress();
}

async function show(opened: OpenedItem, words: Words): Promise<void> {
  const kept = opened.clustering && stepsFor(opened.clustering, keptOf(opened));
  batch(() => {
    showItem(opened);
    if (kept) restoreSteps(kept);
    applyPageWords(words);
  });
  lookForLost(opened);
  await finish(opened, words);
  const { operations, cursor } = log.peek();
  if (kept && (kept.place > 0 || cursor < operations.length)) say("Your corrections are back");
}

/** Shows a session, whose corrections take the place of those that are kept; what it was made from is run again where it is on no disk. */
async function resume({ item: opened, view, page, run }: OpenedSession): Promise<void> {
  const show = () =>
    batch(() => {
      showView(view);
      applyPageWords(page);
      takeFigureWords(page);
    });
  batch(() => {
    showItem(opened);
    if (!run) show();
  });
  await finish(opened, page);
  if (!run) return;
  form.value = formOf(run.words);
  runMask.value = run.mask ?? null;
  loseRun(null);
  if (await startRunning()) show();
}

async function finish(opened: OpenedItem, { probe }: Words): Promise<void> {
  remember(opened);
  // The panes are there, and the map's canvas is ready, by the time the map has come.
  showMain();
  if (opened.clustering) {
    await loadMap(opened);
    if (probe === undefined) showLargest();
  }
  writeAddress();
  if (opened.run) joinRun(opened.run);
}

/** Opening scans, results and sessions: from a path to everything that the page shows of it. */

import { batch } from "@preact/signals";
import type { OpenedItem } from "../../protocol/items.ts";
import type { OpenedSeries } from "../../protocol/series.ts";
import type { OpenedSession } from "../../protocol/sessions.ts";
import { applyPageWords, writeAddress } from "./address.ts";
import { errorOf } from "../errors.ts";
import { formOf } from "../running/form.ts";
import { loadMap } from "../labels.ts";
import { form } from "../running/parameters.ts";
import { remember, rememberSeries } from "./recent.ts";
import { joinRun, startRunning } from "../running/running.ts";
import { call } from "../client.ts";
import { showItem, showLargest, showView } from "./showing.ts";
import { leaveSeries, showSeries } from "../series/opening.ts";
import { runMask } from "../state.ts";
import { showFailure, showLoading, showMain } from "./screen.ts";

/** What an address or a session says about the view. */
type Words = Readonly<Record<string, string | undefined>>;

/**
 * Opens a path and shows it; failures become what the window shows.
 *
 * @param input flags about reading the file
 * @param words what an address says about the view
 */
export async function openPath(
  path: string,
  input: readonly string[] = [],
  words: Words = {},
): Promise<void> {
  showLoading(path);
  try {
    const answer = await call("POST /api/open", {}, { path, input, frames: true });
    if ("series" in answer) return await showFrames(answer, words);
    leaveSeries();
    if ("item" in answer) await resume(answer);
    else await show(answer, words);
  } catch (cause) {
    showFailure(path, errorOf(cause));
  }
}

/** Shows the frames of a series. */
async function showFrames(opened: OpenedSeries, words: Words): Promise<void> {
  if (!await showSeries(opened, words)) {
    const message = `${opened.name} has no frame that can be shown.`;
    return showFailure(opened.path, { kind: "FileUnavailable", message, details: {} });
  }
  applyPageWords(words);
  rememberSeries(opened);
  showMain();
  writeAddress();
}

async function show(opened: OpenedItem, words: Words): Promise<void> {
  batch(() => {
    showItem(opened);
    applyPageWords(words);
  });
  await finish(opened, words);
}

/** Shows a session; what it was made from is run again where it is on no disk. */
async function resume({ item: opened, view, page, run }: OpenedSession): Promise<void> {
  const show = () =>
    batch(() => {
      showView(view);
      applyPageWords(page);
    });
  batch(() => {
    showItem(opened);
    if (!run) show();
  });
  await finish(opened, page);
  if (!run) return;
  form.value = formOf(run.words);
  runMask.value = run.mask ?? null;
  if (await startRunning()) show();
}

async function finish(opened: OpenedItem, { probe }: Words): Promise<void> {
  remember(opened);
  if (opened.clustering) {
    await loadMap(opened);
    if (probe === undefined) showLargest();
  }
  showMain();
  writeAddress();
  if (opened.run) joinRun(opened.run);
}

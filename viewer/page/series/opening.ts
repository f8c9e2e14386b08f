/** Opening a series: its first frame in which there is something, and its tracks. */

import { batch } from "@preact/signals";
import type { OpenedSeries } from "../../protocol/series.ts";
import { say } from "../editing/history.ts";
import { tab } from "../state.ts";
import { showAbove } from "../sources/pattern_sources.ts";
import { trackAverage } from "../sources/track_average.ts";
import { tracksView } from "../views/tracks.ts";
import { canShow, lookAt } from "../views/real_views.ts";
import { openFrame, showFrameItem } from "./frame_item.ts";
import { frame, itemFrame, pause, series, steady } from "./time.ts";
import { chooseTrack, forgetTracks, loadTracks } from "./tracks.ts";
import { forgetLine } from "./kymograph.ts";
import { joinFrameRun } from "./frame_run.ts";

/** Leaves the series that is open. */
export function leaveSeries(): void {
  pause();
  batch(() => {
    series.value = null;
    frame.value = 0;
    itemFrame.value = -1;
    steady.value = "frame";
    forgetTracks();
    forgetLine();
  });
}

/** Whether a frame can be looked at. */
const canOpen = (opened: OpenedSeries, wanted: number) => opened.frames[wanted]?.open !== undefined;

/**
 * Shows a series.
 *
 * @param words what an address says: `frame`, `track`
 * @returns whether there was a frame to show
 */
export async function showSeries(
  opened: OpenedSeries,
  words: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const wanted = Number(words.frame ?? NaN);
  const first = canOpen(opened, wanted) ? wanted : opened.frames.findIndex(({ open }) => open !== undefined);
  leaveSeries();
  if (first < 0) return false;
  batch(() => {
    series.value = opened;
    frame.value = first;
  });
  if (opened.linked && await loadTracks(opened)) say("Your corrections are back");
  const item = await openFrame(first);
  if (!item) return false;
  await showFrameItem(item, first);
  batch(() => {
    if (!canShow(tracksView)) return;
    lookAt(tracksView);
    showAbove(trackAverage);
    tab.value = "tracks";
    if (words.track && /^\d+$/.test(words.track)) chooseTrack(Number(words.track));
  });
  if (opened.run) joinFrameRun(opened.run);
  return true;
}

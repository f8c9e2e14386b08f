/** The same series opened again, where the server has forgotten it. */

import { call } from "../client.ts";
import { series } from "./time.ts";
import { correctTracks, edited, loadTracks } from "./tracks.ts";

/** Opens the series that is shown again; corrections of its tracks stay. */
export async function reopenSeries(): Promise<void> {
  const before = series.peek();
  if (!before) return;
  const { path, input, frames } = before, edits = edited.peek()?.edits;
  const answer = await call("POST /api/open", {}, { path, input, frames: true });
  if (!("series" in answer) || series.peek() !== before || answer.series === before.series) return;
  // Results of a run over scans are known to the page that saw it.
  series.value = answer.linked ? answer : { ...answer, frames };
  if (!answer.linked) return;
  await loadTracks(answer.series);
  if (edits) await correctTracks(edits);
}

/** What `series` does, in a thread of its own: the viewer's server lends its page the command. */

import { runTask } from "../../library/engine/background_task.ts";
import type { SeriesJob, SeriesNews, SeriesRunner } from "../../viewer/server/series/series_runs.ts";

/** Makes a series of results; see {@link SeriesRunner}. */
export const seriesInThread: SeriesRunner = async (job, signal, tell) => {
  await runTask<SeriesJob, SeriesNews, null>(
    new URL("./series_worker.ts", import.meta.url),
    job,
    signal,
    tell,
  );
};

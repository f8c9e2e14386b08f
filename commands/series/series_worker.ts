/** The thread of a series that the viewer's page has asked for. */

import { basename } from "node:path";
import { chooseParameters, clusterFlags } from "../../library/cluster/presets.ts";
import { offerTask } from "../../library/engine/background_task.ts";
import { listFrames } from "../../library/formats/series_frames.ts";
import { flagsOf } from "../../library/parameters/flags.ts";
import { openOptions, readingSchema } from "../../library/parameters/reading.ts";
import { parseWords } from "../../library/parameters/words.ts";
import type { SeriesJob, SeriesNews } from "../../viewer/server/series/series_runs.ts";
import type { CommandRun } from "../console/command_context.ts";
import { FrameRunner } from "./run_series.ts";
import { refuseOtherShapes } from "./cluster_frame.ts";
import { prepareSeriesDirectory } from "./series_directory.ts";
import { writeSeries } from "./write_series.ts";

offerTask<SeriesJob, SeriesNews, null>(async (job, { signal, tell }) => {
  const started = new Date(), { path, directory } = job;
  const command = ["crystallite", "series", path, "--out", directory, ...job.input, ...job.words];
  const flags = parseWords([...flagsOf(readingSchema), ...clusterFlags], [...job.input, ...job.words]);
  const reading = openOptions(flags), sources = await listFrames([path], reading);
  refuseOtherShapes(sources, reading);
  await prepareSeriesDirectory(directory, "looked");
  // As `series` has it unless it is told otherwise.
  const linking = {};
  const runner = new FrameRunner({
    ...{ directory, reading, command, force: false, hints: linking },
    chosen: chooseParameters(flags),
  });
  const runOf = (frame: number): CommandRun => ({
    options: {
      ...job.resources,
      signal,
      onProgress: ({ stage, done, total }) =>
        tell({ frame, stage: stage.replace(/^frame .*?, /, ""), part: total > 0 ? done / total : 0 }),
    },
    ...{ say() {}, warn() {}, printEvent() {}, print() {} },
  });
  for (const [frame, source] of sources.entries()) {
    tell({ frame, stage: "opening", part: 0 });
    const recorded = await runner.add(runOf(frame), source, sources.length);
    const { directory: below, clusters = 0, error } = recorded;
    tell(
      below === undefined ? { frame, error: error!.message } : { frame, directory: below, clusters },
    );
  }
  const { frames, shape, warnings } = runner.clustered();
  await writeSeries(runOf(sources.length - 1), {
    ...{
      directory,
      name: basename(path),
      frames,
      shape,
      axis: { name: "frame" },
      linking,
      hint: "auto",
      averages: true,
    },
    ...{ command, started, warnings },
  });
  return null;
});

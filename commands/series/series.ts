/** `crystallite series`: every frame of a 5D scan clustered, and its regions followed from frame to frame. */

import { basename } from "node:path";
import { Command } from "commander";
import { chooseParameters, type ClusterFlags } from "../../library/cluster/presets.ts";
import { listFrames } from "../../library/formats/series_frames.ts";
import { openOptions, type ReadingFlags } from "../../library/parameters/reading.ts";
import { describeRestlessness } from "../../library/report/series_page.ts";
import type { SeriesRecord } from "../../library/results/series/record.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatCount, formatNumber, formatSeconds, formatTable } from "../console/format_quantity.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  required,
  type ResourceFlags,
} from "../options/output_options.ts";
import { addClusterOptions, addSeriesReadingOptions } from "../options/parameter_options.ts";
import { noteName, valuesOfNotes } from "./frame_notes.ts";
import { clusterFrames, clusterOneFrame } from "./run_series.ts";
import { refuseOtherShapes } from "./cluster_frame.ts";
import { refuseResults } from "./unreadable.ts";
import { prepareSeriesDirectory } from "./series_directory.ts";
import {
  addSeriesOptions,
  linkingOf,
  parseAxis,
  readFrameValues,
  type SeriesFlags,
} from "./series_options.ts";
import { writeSeries } from "./write_series.ts";

const examples = `
The inputs are frames in the order in which they are named: a 5D file gives its frames, a folder its files in natural order.
Every frame is clustered as by crystallite cluster, into DIR/frames/0000 and so on. A run that was interrupted goes on where
it was: frames with a result are not clustered again, and linking them takes seconds.

Examples:
  crystallite series growth.h5 --out tracks
  crystallite series frame_*.mib --out tracks --frame-values seconds.txt --axis "time s"
  crystallite series heating/ --out tracks --preset auto --frames 0:100:2
  crystallite series heating/ --out tracks --hint none --only 7
`;

/** Flags of `series`, as commander hands them over. */
interface Flags extends ClusterFlags, ReadingFlags, SeriesFlags, OutputFlags, ResourceFlags {
  readonly out?: string;
  readonly force?: true;
}

/** The command `series`. */
export function seriesCommand(context: CommandContext) {
  const command = new Command("series")
    .summary("cluster every frame of a 5D scan and follow its regions through time")
    .description(
      "Clusters the frames of a series and follows each region from frame to frame: through drift, growth, gaps, mergers and " +
        "splits. Writes the results of the frames, a map and tables of tracks, events and drift, and a report.",
    )
    .argument("<inputs...>", "5D file, scans, or a folder of scans")
    .option("--out <DIR>", "folder to write (required)")
    .option("--force", "cluster frames again that have a result already (default: keep them)");
  addSeriesOptions(command);
  return addOutputOptions(addResourceOptions(addSeriesReadingOptions(addClusterOptions(command))))
    .addHelpText("after", examples)
    .action(async (inputs: string[], flags: Flags) => {
      const directory = required(flags.out, "--out DIR");
      const chosen = chooseParameters(flags);
      await runWithProgress(context, flags, async (run) => {
        const started = new Date(), clock = performance.now();
        const reading = openOptions(flags);
        await refuseResults(inputs);
        const sources = await listFrames(inputs, reading, flags.frames);
        const note = flags.frameValues && noteName(flags.frameValues);
        const given = flags.frameValues && note === undefined
          ? await readFrameValues(flags.frameValues, sources.length)
          : undefined;
        const linking = await linkingOf(flags, sources.length);
        refuseOtherShapes(sources, reading);
        using _ = await prepareSeriesDirectory(directory, flags.only === undefined ? "alone" : "shared");
        const job = {
          ...{ directory, force: flags.force === true, reading, command: context.command },
          chosen,
          ...flags.hint !== "none" && { hints: linking },
        };
        if (flags.only !== undefined) {
          const { recorded, reused } = await clusterOneFrame(run, sources, flags.only, job);
          const seconds = (performance.now() - clock) / 1000;
          run.print(
            { out: directory, only: flags.only, reused, seconds, ...recorded },
            formatTable([
              ["frame", `${flags.only} of ${sources.length}${reused ? ", clustered before" : ""}`],
              ["clusters", String(recorded.clusters)],
              ["time", formatSeconds(seconds)],
              ["result", `${directory}/${recorded.directory}`],
            ]),
          );
          return;
        }
        const clustered = await clusterFrames(run, sources, job);
        const values = note ? valuesOfNotes(note, clustered.notes) : given;
        const record = await writeSeries(run, {
          directory,
          name: inputs.map((input) => basename(input)).join(", "),
          frames: clustered.frames.map((frame, index) => ({
            ...frame,
            ...values && { value: values[index] },
          })),
          shape: clustered.shape,
          axis: parseAxis(flags.axis),
          hint: flags.hint ?? "auto",
          averages: true,
          exports: flags.export,
          ...{ linking, command: context.command, started, warnings: clustered.warnings },
        });
        const seconds = (performance.now() - clock) / 1000;
        const { reused } = clustered;
        run.print(
          { out: directory, reused, seconds, ...record },
          formatTable([
            ...describeSeries(directory, record),
            ["reused", reused > 0 ? `${formatCount(reused, "frame")} clustered before` : undefined],
            ["time", formatSeconds(seconds)],
          ]),
        );
      });
    });
}

/** What a series came to, for people. */
export function describeSeries(directory: string, record: SeriesRecord): [string, string | undefined][] {
  const { frames, tracks, events, doubtful, restlessness, drift, warnings } = record;
  const eventsOf = ([kind, count]: [string, number]) =>
    `${count} ${kind}${doubtful?.[kind] ? ` (${doubtful[kind]} doubtful)` : ""}`;
  const failed = frames.filter(({ error }) => error).length;
  const distance = `${formatNumber(Math.hypot(drift.row, drift.column), 3)} scan steps from first to last`;
  return [
    ["frames", formatCount(frames.length, "frame")],
    ["failed", failed > 0 ? `${formatCount(failed, "frame")}, see ${directory}/series.json` : undefined],
    ["tracks", formatCount(tracks, "track")],
    ["events", Object.entries(events).map(eventsOf).join(", ") || "none"],
    [
      "drift",
      drift.untrusted > 0
        ? `${distance}; ${formatCount(drift.untrusted, "step")} could not be measured`
        : distance,
    ],
    [
      "restless",
      tracks > 0 ? `${formatNumber(restlessness, 2)}: ${describeRestlessness(restlessness)}` : undefined,
    ],
    [
      "warnings",
      warnings.length > 0
        ? `${formatCount(warnings.length, "warning")}, see ${directory}/report.html`
        : undefined,
    ],
    ["result", directory],
    ["report", `${directory}/report.html`],
  ];
}

/** `crystallite score`: how good a label map is, where the truth is known. */

import { join } from "node:path";
import { Command } from "commander";
import { BadParameter } from "../../library/scan/errors.ts";
import { scoreTracks } from "../../library/scoring/tracks.ts";
import { type EventScore, type EventScores, scoreEvents } from "../../library/scoring/events.ts";
import { scoredKinds } from "../../library/scoring/true_events.ts";
import { type LabelSeries, readLabelSeries } from "../../library/formats/label_file.ts";
import { readStoredEvents } from "../../library/results/series/read_events.ts";
import { isResultDirectory } from "../../library/results/directory.ts";
import { isSeriesDirectory } from "../../library/results/series/record.ts";
import { type CommandContext, type PrintedValue, runWithProgress } from "../console/command_context.ts";
import { formatTable } from "../console/format_quantity.ts";
import { addOutputOptions, type OutputFlags } from "../options/output_options.ts";
import { describeScore, scoreScan } from "./score_scan.ts";

const examples = `
Examples:
  crystallite score result film_truth.npz
  crystallite score labels.npy truth.npy --json
  crystallite score tracks growth_truth.npz --series
`;

/** Flags of `score`, as commander hands them over. */
interface Flags extends OutputFlags {
  readonly series?: true;
}

/** The command `score`. */
export function scoreCommand(context: CommandContext) {
  const command = new Command("score")
    .summary("compare a label map with the truth")
    .description(
      "Says how well the clusters of a scan agree with known grains, whatever their numbers. Over all probes those in no " +
        "cluster (-1) are one class; interiors are probes of which one grain has more than 80 %. Of a result with " +
        "orientations or strain it says how far these are from the truth of a simulated scan, where probes lie in one grain.",
    )
    .argument(
      "<labels>",
      "labels .npy, or a result directory; with --series tracks.npy, or the folder of a series",
    )
    .argument("<truth>", "labels .npy, or the NAME_truth.npz that simulate writes")
    .option(
      "--series",
      "compare tracks (frame, row, column) with objects that keep their numbers (default: one scan)",
    );
  return addOutputOptions(command)
    .addHelpText("after", examples)
    .action(async (labelPath: string, truthPath: string, flags: Flags) => {
      await runWithProgress(context, flags, async (run) => {
        if (flags.series) return run.print(...await scoreSeries(labelPath, truthPath));
        const scored = await scoreScan(labelPath, truthPath), { rows, columns, score, maps } = scored;
        run.print(
          { labels: labelPath, truth: truthPath, rows, columns, ...score, ...maps },
          describeScore(scored),
        );
      });
    });
}

/** Scores tracks: as plain data and for people. */
async function scoreSeries(trackPath: string, truthPath: string): Promise<[PrintedValue, string]> {
  const inFolder = await isSeriesDirectory(trackPath);
  if (!inFolder && await isResultDirectory(trackPath)) {
    throw new BadParameter(`${trackPath} is the result of one scan`, {
      ...{ file: trackPath, expected: "tracks .npy, or the folder of a series" },
      remedy: "leave --series out",
    });
  }
  const found = await readLabelSeries(inFolder ? join(trackPath, "tracks.npy") : trackPath);
  const real = await readLabelSeries(truthPath);
  const shape = ({ frames, rows, columns }: LabelSeries) => `${frames} frames of ${rows} x ${columns} probes`;
  if (shape(found) !== shape(real)) {
    throw new BadParameter(`${trackPath} has ${shape(found)}, ${truthPath} ${shape(real)}`, {
      ...{ file: trackPath, expected: shape(real), found: shape(found) },
      remedy: "give tracks and truth of the same series",
    });
  }
  const { frames, rows, columns } = found;
  const score = scoreTracks({ probes: rows * columns, tracks: found.labels, truth: real.labels });
  const { events, certain } = inFolder && real.merged ? await scoreStoredEvents(trackPath, found, real) : {};
  const { hota, detection, association, idf1, identitySwitches, objectFrames } = score;
  const text = formatTable([
    ["series", `${shape(found)}, ${score.tracks} tracks, ${score.objects} objects of 9 probes or more`],
    ["HOTA", `${hota.toFixed(3)}: detection ${detection.toFixed(3)}, association ${association.toFixed(3)}`],
    ["IDF1", idf1.toFixed(3)],
    ["TRA", `${score.trackingAccuracy.toFixed(3)}, without lineages`],
    ["switches", `${identitySwitches} of ${objectFrames} objects in frames go on as another track`],
    ...scoredKinds.map((kind): [string, string | undefined] => [
      `${kind}s`,
      events && certain &&
      `${describeEvents(events[kind])}; without doubtful ones ${describeEvents(certain[kind])}`,
    ]),
  ]);
  return [{ labels: trackPath, truth: truthPath, frames, rows, columns, ...score, events, certain }, text];
}

/** Scores of the events of a series, of all and of those that are not doubtful. */
async function scoreStoredEvents(
  directory: string,
  { labels: tracks }: LabelSeries,
  real: LabelSeries,
): Promise<{ events: EventScores; certain: EventScores }> {
  const events = await readStoredEvents(directory);
  const score = (some: typeof events) => scoreEvents(some, tracks, real);
  return { events: score(events), certain: score(events.filter(({ doubtful }) => !doubtful)) };
}

function describeEvents({ found, real, told }: EventScore): string {
  return `${found} of ${real} found, ${told} told`;
}

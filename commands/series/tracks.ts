/** `crystallite tracks`: corrections by hand of the tracks of a series. */

import { join } from "node:path";
import { Command, Option } from "commander";
import { editsName } from "../../library/results/edits_file.ts";
import { editSeries } from "../../library/results/series/edited_tables.ts";
import { StoredTracks } from "../../library/results/series/stored_tracks.ts";
import {
  readSeriesEdits,
  readTrackLog,
  writeSeriesEdits,
} from "../../library/results/series/track_edits_file.ts";
import { writeEditedSeries } from "../../library/results/series/write_edited_series.ts";
import { type TrackExport, trackExports } from "../../library/results/series/track_exports.ts";
import { describeTrackEdit, type TrackEditLog } from "../../library/series/editing/track_log.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatTable } from "../console/format_quantity.ts";
import { addOutputOptions, type OutputFlags } from "../options/output_options.ts";
import { exportParser } from "../options/parse_export.ts";
import { parseCount } from "../clusters/parse_edits.ts";
import { extendTrackLog, parseAssignment, parseCut, parseJoin, type TrackStep } from "./parse_track_edits.ts";

const examples = `
Corrections hold in the order in which they stand on the command line, and may be repeated. Numbers of tracks are those
before the command. tracks.npy and the tables of the series stay as they were linked: the corrections are kept in its
edits.json, and --out writes the corrected tracks elsewhere.

Examples:
  crystallite tracks through-time --join 3,7 --cut 5@12
  crystallite tracks through-time --assign 12:4=7 --out corrected
  crystallite tracks through-time --out corrected --export geff,ctc
  crystallite tracks through-time --undo 2 --log
`;

/** Flags of `tracks`, as commander hands them over. */
interface Flags extends OutputFlags {
  readonly log?: true;
  readonly edits?: string;
  readonly out?: string;
  readonly export?: ReadonlySet<TrackExport>;
  readonly force?: true;
}

/** The command `tracks`. */
export function tracksCommand(context: CommandContext) {
  const steps: TrackStep[] = [];
  const collect = (parse: (text: string) => TrackStep) => (text: string) => {
    steps.push(parse(text));
    return true;
  };
  const command = new Command("tracks")
    .summary("correct the tracks of a series by hand: join, cut, assign, undo, redo")
    .description(
      "Corrects the tracks of a series. The corrections are kept in edits.json in its folder and can be undone.",
    )
    .argument("<series>", "folder that crystallite series has written")
    .option("--join <TRACKS>", "make one track of several, such as 3,7 (default: none)", collect(parseJoin))
    .option(
      "--cut <TRACK@FRAME>",
      "what a track is from a frame on is a track of its own, such as 5@12 (default: none)",
      collect(parseCut),
    )
    .option(
      "--assign <FRAME:CLUSTER=TRACK>",
      "a cluster of a frame belongs to another track, or to a new one, such as 12:4=7 or 12:4=new (default: none)",
      collect(parseAssignment),
    )
    .addOption(
      new Option("--undo [N]", "undo the last N corrections, or the last one (default: none)").preset("1")
        .argParser(collect((text) => parseCount("undo", text) as TrackStep)),
    )
    .addOption(
      new Option("--redo [N]", "redo the next N undone corrections, or the next one (default: none)")
        .preset("1").argParser(collect((text) => parseCount("redo", text) as TrackStep)),
    )
    .option("--log", "list the corrections (default: off)")
    .option("--edits <FILE>", "begin with the corrections of this file (default: those of the series)")
    .option("--out <DIR>", "folder to write the corrected tracks into (default: none)")
    .option(
      "--export <LIST>",
      "there, the corrected tracks as a graph, tracks.geff (geff), and as labels of the Cell Tracking Challenge, " +
        "tracks.ctc (ctc), too (default: none)",
      exportParser(trackExports),
    )
    .option("--force", "replace files that are in that folder already (default: refuse)");
  return addOutputOptions(command)
    .addHelpText("after", examples)
    .action(async (directory: string, flags: Flags) => {
      const { log: listed, edits, out, export: exports, force = false } = flags;
      if (exports && out === undefined) {
        throw new BadParameter("exports go beside the corrected tracks", {
          expected: "--export with --out",
          found: "--export alone",
          remedy: "add --out with the folder for the corrected tracks",
        });
      }
      if (steps.length === 0 && !listed && edits === undefined && out === undefined) {
        throw new BadParameter("there is nothing to do", {
          expected: "one correction or more",
          remedy: "give --join, --cut, --assign, --undo, --redo or --edits, --log to see the corrections, " +
            "or --out to write the corrected tracks",
        });
      }
      await runWithProgress(context, flags, async (run) => {
        const stored = await StoredTracks.open(directory);
        try {
          const before = edits === undefined ? await readSeriesEdits(directory) : await readTrackLog(edits);
          const log = extendTrackLog(before, steps, stored);
          const { signal } = run.options;
          const edited = editSeries(stored, log);
          const written = out === undefined
            ? []
            : (await writeEditedSeries(stored, log, out, { force, signal, exports })).files;
          const changes = steps.length > 0 || edits !== undefined;
          if (changes) await writeSeriesEdits(directory, log, signal);
          const { operations, cursor } = log, tracks = new Set(edited.tracks).size;
          run.print(
            {
              series: directory,
              ...{ tracksBefore: new Set(stored.track).size, tracks, events: edited.events.length },
              ...{ operations: operations.length, applied: cursor, files: written },
              ...listed && { log },
            },
            (listed ? listCorrections(log) : "") + formatTable([
              ["corrections", `${cursor} hold, ${operations.length - cursor} are undone`],
              ["tracks", `${tracks} (${new Set(stored.track).size} as linked)`],
              ["log", changes || operations.length > 0 ? join(directory, editsName) : undefined],
              ["result", out],
            ]),
          );
        } finally {
          stored.close();
        }
      });
    });
}

/** A line for each correction, the undone ones marked. */
function listCorrections({ operations, cursor }: TrackEditLog): string {
  const width = String(operations.length).length;
  return operations.map((edit, index) =>
    `${String(index + 1).padStart(width)}  ${describeTrackEdit(edit)}${index < cursor ? "" : "  (undone)"}\n`
  ).join("");
}

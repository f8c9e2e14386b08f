/** `crystallite edit`: corrections of a result by hand. */

import { join } from "node:path";
import { Command, Option } from "commander";
import { BadParameter } from "../../library/scan/errors.ts";
import { describeEdit, type EditLog, emptyEditLog } from "../../library/cluster/editing/log.ts";
import { readResult } from "../../library/results/read.ts";
import { coveredFraction } from "../../library/report/content.ts";
import { editsName } from "../../library/results/edits_file.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatPercent, formatTable } from "../console/format_quantity.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  type ResourceFlags,
} from "../options/output_options.ts";
import {
  type EditStep,
  extendLog,
  parseAssign,
  parseCluster,
  parseCount,
  parseMerge,
} from "./parse_edits.ts";
import { writeEdited } from "./write_edited.ts";

const examples = `
Edits hold in the order in which they stand on the command line, and may be repeated. Ids are those of the map as it is
before the command; after it the clusters are numbered anew, by falling mean similarity of their seeds. Averages are
computed again from the scan, if it is still where it was.

Examples:
  crystallite edit result --merge 3,7 --split 4
  crystallite edit result --assign "10,12 10,13=5" --assign "0,0 0,1 0,2=none"
  crystallite edit result --undo 2 --log
  crystallite cluster scan.h5 --out again --threshold 0.97 --edits result/edits.json
`;

/** Flags of `edit`, as commander hands them over. */
interface Flags extends OutputFlags, ResourceFlags {
  readonly log?: true;
  readonly scan?: string;
  readonly averages: boolean;
}

/** The command `edit`. */
export function editCommand(context: CommandContext) {
  const steps: EditStep[] = [];
  const collect = (parse: (text: string) => EditStep) => (text: string) => {
    steps.push(parse(text));
    return true;
  };
  const command = new Command("edit")
    .summary("correct a result by hand: merge, split, exclude, assign, undo, redo")
    .description(
      "Corrects the clusters of a result directory and writes it anew, as a whole. The corrections are kept in its " +
        "edits.json, can be undone, and can be replayed with cluster --edits.",
    )
    .argument("<result>", "result directory to edit")
    .option("--merge <IDS>", "make one cluster of several, such as 3,7 (default: none)", collect(parseMerge))
    .option(
      "--split <ID>",
      "cut a cluster in two at its weakest link, both parts of the run's --min-size or more (default: none)",
      collect((text) => parseCluster("split", text)),
    )
    .option(
      "--exclude <ID>",
      "take the probes of a cluster out of the map (default: none)",
      collect((text) => parseCluster("exclude", text)),
    )
    .option(
      "--assign <PROBES=ID>",
      'move probe positions to a cluster, to none, or to a new one: "ROW,COLUMN ROW,COLUMN=ID", =none or =new ' +
        "(default: none)",
      collect(parseAssign),
    )
    .addOption(
      new Option("--undo [N]", "undo the last N edits, or the last one (default: none)").preset("1")
        .argParser(collect((text) => parseCount("undo", text))),
    )
    .addOption(
      new Option("--redo [N]", "redo the next N undone edits, or the next one (default: none)").preset("1")
        .argParser(collect((text) => parseCount("redo", text))),
    )
    .option("--log", "list the edits (default: off)")
    .option("--scan <FILE>", "the scan that was clustered (default: where the result says it lies)")
    .option(
      "--no-averages",
      "leave the averages out, so that no scan is needed (default: compute them again)",
    );
  return addOutputOptions(addResourceOptions(command))
    .addHelpText("after", examples)
    .action(async (directory: string, flags: Flags) => {
      if (steps.length === 0 && !flags.log) {
        throw new BadParameter("there is nothing to edit", {
          expected: "one edit or more",
          remedy: "give --merge, --split, --exclude, --assign, --undo, --redo, or --log to see the edits",
        });
      }
      await runWithProgress(context, flags, async (run) => {
        const stored = await readResult(directory);
        const log = extendLog(stored.edits?.log ?? emptyEditLog, steps, stored.clusters, directory);
        const edited = steps.length === 0
          ? stored
          : await writeEdited(run, stored, log, { elsewhere: flags.scan, averages: flags.averages });
        const warnings = "warnings" in edited ? edited.warnings : edited.run.warnings;
        if (steps.length > 0) warnings.forEach(run.warn);
        const { operations, cursor } = log;
        const before = stored.clusters.length, after = edited.clusters.length;
        run.print(
          {
            out: directory,
            clustersBefore: before,
            clusters: after,
            coveredFraction: coveredFraction(edited),
            operations: operations.length,
            applied: cursor,
            ...(flags.log && { log }),
            warnings,
          },
          (flags.log ? listEdits(log) : "") + formatTable([
            ["edits", `${cursor} hold, ${operations.length - cursor} are undone`],
            ["clusters", steps.length === 0 ? String(after) : `${after} (${before} before)`],
            ["coverage", `${formatPercent(coveredFraction(edited))} of the probe positions are in a cluster`],
            ["log", edited.edits && join(directory, editsName)],
          ]),
        );
      });
    });
}

/** A line for each edit, the undone ones marked. */
function listEdits({ operations, cursor }: EditLog): string {
  const width = String(operations.length).length;
  return operations.map((edit, index) =>
    `${String(index + 1).padStart(width)}  ${describeEdit(edit)}${index < cursor ? "" : "  (undone)"}\n`
  ).join("");
}

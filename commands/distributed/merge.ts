/** `crystallite merge`: parts of a scan to the result that one machine would give. */

import { Command } from "commander";
import { averagesOf, demandLabels } from "../../library/distributed/average_part.ts";
import { type GatheredParts, gatherParts } from "../../library/distributed/gather_parts.ts";
import { mergeParts } from "../../library/distributed/merge_parts.ts";
import {
  checkPartPlace,
  digestOfLabels,
  isMade,
  type PartArray,
  writePart,
} from "../../library/distributed/part_files.ts";
import { checkInput, readingOf, type ScanPlan } from "../../library/distributed/plan.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { openScan } from "../../library/formats/open.ts";
import type { Clustering } from "../../library/cluster/clustering.ts";
import { type ExportGroup, exportGroups } from "../../library/results/result_files.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { exportParser } from "../options/parse_export.ts";
import { writeClustering } from "../clusters/run_clustering.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "../console/command_context.ts";
import { formatCount, formatSeconds, formatTable } from "../console/format_quantity.ts";
import { checkOutputDirectory } from "../console/output_file.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  type ResourceFlags,
} from "../options/output_options.ts";

const examples = `
The result has the bytes that crystallite cluster gives on one machine. The scan must be where it was planned: pairs of
patterns near a decision are compared again. Averages are made here too, unless they were made in parts: with --labels first,
then crystallite average for each part, then merge with both kinds of parts and --out.

Examples:
  crystallite merge parts/similarities-* --out result
  crystallite merge parts/similarities-* --labels parts/labels
  crystallite merge parts/similarities-* parts/averages-* --out result
`;

/** Flags of `merge`, as commander hands them over. */
interface Flags extends OutputFlags, ResourceFlags {
  readonly out?: string;
  readonly labels?: string;
  readonly force?: true;
  readonly export?: ReadonlySet<ExportGroup>;
}

/** The command `merge`. */
export function mergeCommand(context: CommandContext) {
  const command = new Command("merge")
    .summary("make one result of the parts of a scan")
    .description(
      "Joins what crystallite cluster --part found in the rows of a scan: regions, threshold, names and averages of the whole.",
    )
    .argument("<parts...>", "folders that crystallite cluster --part and crystallite average have written")
    .option("--out <DIR>", "result directory to write; this or --labels must be given (default: none)")
    .option(
      "--labels <DIR>",
      "folder for the labels alone, which crystallite average works by (default: none)",
    )
    .option("--force", "replace an older result of crystallite in --out (default: refuse)")
    .option(
      "--export <LIST>",
      `files to write, of ${exportGroups.join(",")} (default: all)`,
      exportParser(exportGroups),
    );
  return addOutputOptions(addResourceOptions(command))
    .addHelpText("after", examples)
    .action(async (paths: string[], flags: Flags) => {
      const { out, labels } = flags;
      if ((out === undefined) === (labels === undefined)) {
        throw new BadParameter("give either --out or --labels", {
          expected: "one of --out DIR and --labels DIR",
          found: out === undefined ? "none" : "both",
          remedy: "add --out DIR for the result, or --labels DIR for averages in parts",
        });
      }
      if (out !== undefined) await checkOutputDirectory(context.say, out, { force: flags.force === true });
      else await checkPartPlace(labels!);
      await runWithProgress(context, flags, async (run) => {
        const parts = await gatherParts(paths), { plan } = parts;
        if (labels !== undefined && await isMade(labels, plan, "labels", [0, plan.input.shape.rows])) {
          run.print({ labels, made: false }, formatTable([["labels", `${labels} is there already`]]));
          return;
        }
        const scan = await openScan(plan.input.path, readingOf(plan));
        try {
          await checkInput(plan, scan, run.options.signal);
          const work = out === undefined
            ? () => writeLabels(run, scan, parts, labels!)
            : () => writeMerged(run, scan, parts, out, flags);
          await work();
        } finally {
          scan.close();
        }
      });
    });
}

async function writeMerged(
  given: CommandRun,
  scan: Scan,
  { plan, similarities, averages }: GatheredParts,
  directory: string,
  { force, export: exports, json: _ }: Flags,
): Promise<void> {
  const begun = { started: new Date(), clock: performance.now() };
  await withEngine(given.options, async (engine) => {
    const run = { ...given, options: { ...given.options, engine } };
    const clustering = await mergeParts(engine, scan, plan, similarities, run.options);
    const digest = digestOfLabels(clustering.labels);
    for (const part of averages) demandLabels(part, digest);
    const target = { directory, force: force === true, exports, command: commandOf(plan, directory) };
    const made = averages.length > 0 ? averagesOf(averages, scan.shape, digest) : undefined;
    const { plain, lines } = await writeClustering(run, scan, clustering, target, begun, made);
    run.print(
      { ...plain, parts: similarities.length, averagesInParts: averages.length },
      formatTable([["parts", formatCount(similarities.length, "part")], ...lines]),
    );
  });
}

async function writeLabels(
  run: CommandRun,
  scan: Scan,
  { plan, similarities }: GatheredParts,
  path: string,
): Promise<void> {
  const started = performance.now();
  const clustering = await withEngine(
    run.options,
    (engine) => mergeParts(engine, scan, plan, similarities, { ...run.options, engine }),
  );
  const { rows } = scan.shape, { labels, clusters } = clustering;
  await writePart(path, {
    ...{ plan, holds: "labels", rows: [0, rows], started, bytesRead: 0 },
    arrays: arraysOf(clustering),
  }, run.options.signal);
  const seconds = (performance.now() - started) / 1000;
  run.print(
    { labels: path, made: true, clusters: clusters.length, digest: digestOfLabels(labels), seconds },
    formatTable([
      ["clusters", String(clusters.length)],
      ["time", formatSeconds(seconds)],
      ["labels", path],
    ]),
  );
}

/** What averages are made by. */
function arraysOf(
  { shape: { rows, columns }, labels, parameters, prefilterWeights }: Clustering,
): PartArray[] {
  const arrays: PartArray[] = [{ name: "labels", dtype: "i32", shape: [rows, columns], pieces: [labels] }];
  if (parameters.average !== "filtered" || !prefilterWeights) return arrays;
  const { values, offsets } = prefilterWeights, shape = [rows, columns, offsets.length];
  return [...arrays, { name: "weights", dtype: "f32", shape, pieces: [values] }];
}

/** The command that gives this result on one machine, from which it is to be told by nothing. */
function commandOf({ input, words }: ScanPlan, directory: string): string[] {
  return ["crystallite", "cluster", input.path, ...input.reading, ...words, "--out", directory];
}

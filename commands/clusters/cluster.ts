/** `crystallite cluster`: the paper's pipeline from a scan to a result directory. */

import { Command } from "commander";
import type { Clustering } from "../../library/cluster/clustering.ts";
import { readEditLog } from "../../library/results/edits_file.ts";
import type { Rows } from "../../library/distributed/bands.ts";
import { type ExportGroup, exportGroups } from "../../library/results/result_files.ts";
import {
  checkParameters,
  chooseParameters,
  type ClusterFlags,
  presetOf,
} from "../../library/cluster/presets.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { addPartOptions, clusterPart, isPartial } from "./cluster_part.ts";
import { evidenceText } from "./evidence_text.ts";
import { formatTable } from "../console/format_quantity.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  required,
  type ResourceFlags,
} from "../options/output_options.ts";
import { checkOutputDirectory } from "../console/output_file.ts";
import { addClusterOptions, addReadingOptions, withScan } from "../options/parameter_options.ts";
import type { ReadingFlags } from "../../library/parameters/reading.ts";
import { exportParser } from "../options/parse_export.ts";
import { readMasks } from "../../library/cluster/mask_files.ts";
import { runClustering } from "./run_clustering.ts";

const examples = `
Without a number of yours --preset auto holds: it finds regions by their mean patterns and says how far to trust them. It
is taken where --preset, --threshold and --method are all missing; other flags override it. Defaults named first are
those without a preset.

The paper's way joins neighbours at least --threshold similar. --threshold auto chooses by what the sizes of the clusters
tell. To choose yourself: blurred patterns need about 0.9 (the paper's, with --blur 3) to 0.98, weak unblurred ones less.
The direct beam makes all patterns alike: --q-mask auto leaves it out. One cluster for everything means that the threshold
is too low; the mean similarity in report.html shows what lies inside the grains and at their boundaries.

Examples:
  crystallite cluster scan.h5 --out result
  crystallite cluster scan.h5 --out result --preset auto --method growth
  crystallite cluster scan.h5 --out result --preset paper
  crystallite cluster scan.npy --out result --blur 1.5 --threshold 0.85 --q-mask outside:6
  crystallite cluster frames.h5 --scan-shape 256x256 --out result --blur 3 --threshold auto --mask auto
  crystallite cluster scan.h5 --plan plan.json --rows 0:128 --part parts/similarities-0-128
`;

/** Flags of `cluster`, as commander hands them over. */
interface Flags extends ClusterFlags, ReadingFlags, OutputFlags, ResourceFlags {
  readonly out?: string;
  readonly force?: true;
  readonly export?: ReadonlySet<ExportGroup>;
  readonly edits?: string;
  readonly plan?: string;
  readonly rows?: Rows;
  readonly part?: string;
}

/** The command `cluster`. */
export function clusterCommand(context: CommandContext) {
  const command = new Command("cluster")
    .summary("cluster a scan and write the result directory")
    .description(
      "Finds the regions of a scan whose neighbouring patterns are alike, averages the patterns of each, and writes a " +
        "directory with the cluster map, the averages, tables and a report.",
    )
    .argument("<input>", "scan to read")
    .option("--out <DIR>", "result directory to write (required)")
    .option("--force", "replace an older result of crystallite in --out (default: refuse)")
    .option(
      "--export <LIST>",
      `files to write, of ${exportGroups.join(",")} (default: all)`,
      exportParser(exportGroups),
    )
    .option(
      "--edits <FILE>",
      "corrections by hand to replay, an edits.json of crystallite edit (default: none)",
    );
  addPartOptions(command);
  return addOutputOptions(addResourceOptions(addReadingOptions(addClusterOptions(command))))
    .addHelpText("after", examples)
    .action(async (input: string, flags: Flags) => {
      if (isPartial(flags)) return await clusterPart(context, input, flags);
      const directory = required(flags.out, "--out DIR");
      const unread = chooseParameters(flags), preset = presetOf(flags);
      const implied = flags.preset === undefined && preset !== undefined ? ["--preset", preset] : [];
      const force = flags.force === true;
      await checkOutputDirectory(context.say, directory, { force });
      const edits = flags.edits === undefined ? undefined : await readEditLog(flags.edits);
      await runWithProgress(context, flags, (run) => {
        return withScan(input, flags, async (scan) => {
          if (implied.length > 0) {
            run.say(`without --preset, --threshold or --method: --preset ${preset}, which needs no number`);
          }
          const parameters = await readMasks(unread, scan.shape, flags.qBin);
          checkParameters(parameters);
          const target = {
            directory,
            force,
            exports: flags.export,
            command: [...context.command, ...implied],
            edits,
          };
          const { clustering, plain, lines } = await runClustering(run, scan, parameters, target);
          const plot = flags.json ? "" : automaticEvidence(clustering);
          if (plot !== "") run.say(plot);
          run.print(plain, formatTable(lines));
        });
      });
    });
}

/** What speaks for a threshold that the user did not give as a number, as a small plot; otherwise nothing. */
function automaticEvidence({ parameters, settled, evidence }: Clustering): string {
  if (typeof parameters.threshold === "number" || settled.threshold === null || !evidence) return "";
  return evidenceText(evidence, settled.threshold);
}

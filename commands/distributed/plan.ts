/** `crystallite plan`: what the parts of a scan have in common, decided once. */

import { Command } from "commander";
import type { ClusterFlags } from "../../library/cluster/presets.ts";
import { formatRows } from "../../library/distributed/bands.ts";
import { writePlan } from "../../library/distributed/plan_file.ts";
import type { ReadingFlags } from "../../library/parameters/reading.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatBytes, formatCount, formatSeconds, formatTable } from "../console/format_quantity.ts";
import { checkOutputFile } from "../console/output_file.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  required,
  type ResourceFlags,
} from "../options/output_options.ts";
import { addClusterOptions, addReadingOptions } from "../options/parameter_options.ts";
import { addPartsOption, planScan } from "./plan_scan.ts";

const examples = `
A plan is for scans that several machines cluster together, each some rows of it; crystallite batch writes the script that
does so. It holds all parameters, bad pixels, the direct beam and what is sketched, so that the parts fit each other and the
result has the bytes that one machine gives. It reads a sample of the scan only.

Examples:
  crystallite plan scan.h5 --parts 4 --out plan.json
  crystallite cluster scan.h5 --plan plan.json --rows 0:64 --part parts/similarities-0-64
  crystallite merge parts/similarities-* --out result
`;

/** Flags of `plan`, as commander hands them over. */
interface Flags extends ClusterFlags, ReadingFlags, OutputFlags, ResourceFlags {
  readonly out?: string;
  readonly force?: true;
  readonly parts?: number;
}

/** The command `plan`. */
export function planCommand(context: CommandContext) {
  const command = new Command("plan")
    .summary("decide once what the parts of a scan have in common")
    .description(
      "Looks at a scan and writes a plan for clustering it in parts: parameters, bad pixels, direct beam, and rows of parts.",
    )
    .argument("<input>", "scan to read")
    .option("--out <FILE>", "plan to write, .json (required)")
    .option("--force", "replace an older plan (default: refuse)");
  addPartsOption(command);
  return addOutputOptions(addResourceOptions(addReadingOptions(addClusterOptions(command))))
    .addHelpText("after", examples)
    .action(async (input: string, flags: Flags) => {
      const out = required(flags.out, "--out FILE"), force = flags.force === true;
      await checkOutputFile(context.say, out, [".json"], force);
      await runWithProgress(context, flags, async (run) => {
        const { plan, costs, seconds, warnings } = await planScan(run, input, flags);
        await writePlan(out, plan, force, context.signal);
        warnings.forEach(run.warn);
        run.print(
          { out, plan: plan.id, rows: plan.bands, ...costs, seconds },
          formatTable([
            [
              "parts",
              `${formatCount(plan.bands.length, "part")}: rows ${plan.bands.map(formatRows).join(", ")}`,
            ],
            [
              "each",
              `about ${formatBytes(costs.partMemory)} of memory, ${formatBytes(costs.partBytes)} to read`,
            ],
            ["merging", `about ${formatBytes(costs.mergeMemory)} of memory`],
            ["time", formatSeconds(seconds)],
            ["plan", out],
          ]),
        );
      });
    });
}

/** `crystallite page`: a result as one page that anybody can open. */

import { Command, Option } from "commander";
import { writeOutputBytes } from "../../library/results/output_files.ts";
import { formatBytes } from "../../library/report/number_format.ts";
import { readResult } from "../../library/results/read.ts";
import type { PageAverages } from "../../library/results/page_averages.ts";
import { mostPageBytes, resultPage } from "../../library/results/result_page.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatTable } from "../console/format_quantity.ts";
import { checkOutputFile } from "../console/output_file.ts";
import { addOutputOptions, type OutputFlags, required } from "../options/output_options.ts";

const examples = `
The page is the viewer with the result in it: map, threshold, list, averages, orientations and strain. It opens as a
file in any browser, asks for nothing else, and needs no scan.

Examples:
  crystallite page result --out result.html
  crystallite page result --out small.html --averages none
`;

const averagesText: Readonly<Record<PageAverages, (bin?: number) => string>> = {
  exact: () => "exact",
  rounded: () => "rounded to 8 significant bits, by 0.4 % at most",
  binned: (bin) => `means of ${bin} x ${bin} pixels, rounded to 8 significant bits`,
  none: () => "none",
};

/** Flags of `page`, as commander hands them over. */
interface Flags extends OutputFlags {
  readonly out?: string;
  readonly force?: true;
  readonly averages: PageAverages | "auto";
}

/** The command `page`. */
export function pageCommand(context: CommandContext) {
  const command = new Command("page")
    .summary("write a result as one page that opens anywhere")
    .description(
      `Writes a result as one interactive page of at most ${
        formatBytes(mostPageBytes)
      }, for giving away: it opens ` +
        "as a file, without a server, a network or the scan.",
    )
    .argument("<result>", "result directory of cluster")
    .option("--out <FILE>", "the page, .html (required)")
    .addOption(
      new Option(
        "--averages <WHAT>",
        "averages in all digits, rounded to 8 significant bits, binned too, or not at all; auto takes the first of these " +
          "that fits (default: auto)",
      ).choices(["auto", ...Object.keys(averagesText)]).default("auto", "auto"),
    )
    .option("--force", "replace an existing file (default: refuse)");
  return addOutputOptions(command)
    .addHelpText("after", examples)
    .action(async (directory: string, flags: Flags) => {
      const out = required(flags.out, "--out FILE", "--out result.html");
      await runWithProgress(context, flags, async (run) => {
        const force = flags.force === true;
        await checkOutputFile(run.say, out, [".html"], force);
        const stored = await readResult(directory);
        const { html, page } = await resultPage(stored, flags.averages);
        await writeOutputBytes(out, html, force, context.signal);
        run.print(
          { out, bytes: html.length, clusters: stored.clusters.length, ...page },
          formatTable([
            ["written", out],
            ["size", formatBytes(html.length)],
            ["clusters", String(stored.clusters.length)],
            ["averages", averagesText[page.averages](page.bin)],
          ]),
        );
      });
    });
}

/** `crystallite describe`: a paragraph for a methods section, with what to cite. */

import { Command } from "commander";
import { describeMethods } from "../../library/results/methods/methods_text.ts";
import { readResult } from "../../library/results/read.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { addOutputOptions, type OutputFlags } from "../options/output_options.ts";

const examples = `
Examples:
  crystallite describe result
  crystallite describe result --bibtex > crystallite.bib
`;

/** Flags of `describe`, as commander hands them over. */
interface Flags extends OutputFlags {
  readonly bibtex?: true;
}

/** The command `describe`. */
export function describeCommand(context: CommandContext) {
  const command = new Command("describe")
    .summary("print a paragraph for a methods section, with citations")
    .description(
      "Prints how a result was made, for the methods section of a paper: scan, parameters with what automatic ones came to, " +
        "clusters, and calibration, orientation and strain where the result has them; then the works to cite.",
    )
    .argument("<result>", "result directory of cluster")
    .option("--bibtex", "print the works to cite as BibTeX entries instead (default: the paragraph)");
  return addOutputOptions(command)
    .addHelpText("after", examples)
    .action(async (directory: string, flags: Flags) => {
      await runWithProgress(context, flags, async (run) => {
        const { text, citations } = describeMethods(await readResult(directory));
        const list = citations.map((citation, index) => `[${index + 1}] ${citation.text}`).join("\n");
        const entries = citations.map(({ bibtex }) => bibtex).join("\n");
        run.print({ result: directory, text, citations }, flags.bibtex ? entries : `${text}\n\n${list}\n`);
      });
    });
}

/** `crystallite manual`: the page that `man crystallite` shows. */

import { Command } from "commander";
import { version } from "../../library/results/version.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { addOutputOptions, type OutputFlags } from "../options/output_options.ts";
import { manualPage } from "./manual_page.ts";

const examples = `
Examples:
  crystallite manual | man -l -
  crystallite manual > ~/.local/share/man/man1/crystallite.1
`;

/** The command `manual`. */
export function manualCommand(context: CommandContext) {
  const command = new Command("manual")
    .summary("print the manual page")
    .description("Prints the manual page for man: every command with its options and examples, in roff.");
  return addOutputOptions(command)
    .addHelpText("after", examples)
    .action((flags: OutputFlags) =>
      runWithProgress(context, flags, (run) => {
        const page = manualPage(command.parent!, version);
        run.print({ page }, page);
        return Promise.resolve();
      })
    );
}

/** `crystallite completions`: scripts that teach a shell the commands and options. */

import { Argument, Command } from "commander";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { addOutputOptions, type OutputFlags } from "../options/output_options.ts";
import { type Shell, shellCompletions, shells } from "./shell_completions.ts";

const examples = `
Examples:
  crystallite completions bash > ~/.local/share/bash-completion/completions/crystallite
  crystallite completions zsh > "\${fpath[1]}/_crystallite"
  crystallite completions fish > ~/.config/fish/completions/crystallite.fish
`;

/** The command `completions`. */
export function completionsCommand(context: CommandContext) {
  const command = new Command("completions")
    .summary("print completions for a shell")
    .description(
      "Prints a script that teaches a shell the commands, their options, and the values of those with choices.",
    )
    .addArgument(new Argument("<shell>", "the shell").choices(shells));
  return addOutputOptions(command)
    .addHelpText("after", examples)
    .action((shell: Shell, flags: OutputFlags) =>
      runWithProgress(context, flags, (run) => {
        const script = shellCompletions(command.parent!, shell);
        run.print({ shell, script }, script);
        return Promise.resolve();
      })
    );
}

/** `crystallite licenses`: the license of the program, and the notices of what it is made with. */

import { Command } from "commander";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { addOutputOptions, type OutputFlags } from "../options/output_options.ts";

const examples = `
Examples:
  crystallite licenses
  crystallite licenses --json
`;

/** The command `licenses`. */
export function licensesCommand(context: CommandContext) {
  const command = new Command("licenses")
    .summary("print the license, and those of what comes with the program")
    .description("Prints the license of crystallite, and the notices of the works that come with it.");
  return addOutputOptions(command)
    .addHelpText("after", examples)
    .action((flags: OutputFlags) =>
      runWithProgress(context, flags, async (run) => {
        const license = await read("LICENSE"), notices = await read("THIRD_PARTY_NOTICES.md");
        run.print({ license, notices }, `${license}\n${notices}`);
      })
    );
}

/** A text that comes with the program, in its folder or at its address. */
async function read(name: string): Promise<string> {
  const place = new URL(`../../${name}`, import.meta.url);
  return place.protocol === "file:" ? await Deno.readTextFile(place) : await (await fetch(place)).text();
}

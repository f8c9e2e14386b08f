/** The command line as a whole: which commands there are, and what happens around them. */

import { Command } from "commander";
import type { CommandContext } from "./console/command_context.ts";
import type { CommandIO } from "./console/command_io.ts";
import { afterInterrupt, exitCodes, reportFailure } from "./console/failure.ts";
import { listenForInterrupts } from "./console/interrupts.ts";
import { version } from "../library/results/version.ts";
// Packages of its page that need each other are laid out when the program starts; a command that came later would not find them
// where the program is loaded from a registry.
import { serveCommand } from "./serving/serve.ts";

/** Makes a command. */
type CommandMaker = (context: CommandContext) => Command;

/**
 * How each command is made, by name, in the order of the help. What a command needs is loaded with it: that of all takes longer
 * to load than many a command to run.
 */
const commands: Readonly<Record<string, () => Promise<CommandMaker>>> = {
  info: async () => (await import("./scans/info.ts")).infoCommand,
  cluster: async () => (await import("./clusters/cluster.ts")).clusterCommand,
  series: async () => (await import("./series/series.ts")).seriesCommand,
  watch: async () => (await import("./live/watch.ts")).watchCommand,
  tracks: async () => (await import("./series/tracks.ts")).tracksCommand,
  edit: async () => (await import("./clusters/edit.ts")).editCommand,
  plan: async () => (await import("./distributed/plan.ts")).planCommand,
  merge: async () => (await import("./distributed/merge.ts")).mergeCommand,
  average: async () => (await import("./distributed/average.ts")).averageCommand,
  batch: async () => (await import("./distributed/batch.ts")).batchCommand,
  peaks: async () => (await import("./crystals/peaks.ts")).peaksCommand,
  calibrate: async () => (await import("./crystals/calibrate.ts")).calibrateCommand,
  orient: async () => (await import("./crystals/orient.ts")).orientCommand,
  strain: async () => (await import("./crystals/strain.ts")).strainCommand,
  texture: async () => (await import("./crystals/texture.ts")).textureCommand,
  describe: async () => (await import("./clusters/describe.ts")).describeCommand,
  page: async () => (await import("./clusters/page.ts")).pageCommand,
  filter: async () => (await import("./scans/filter.ts")).filterCommand,
  convert: async () => (await import("./scans/convert.ts")).convertCommand,
  virtual: async () => (await import("./scans/virtual.ts")).virtualCommand,
  score: async () => (await import("./clusters/score.ts")).scoreCommand,
  simulate: async () => (await import("./scans/simulate.ts")).simulateCommand,
  serve: () => Promise.resolve(serveCommand),
  demo: async () => (await import("./demo/demo.ts")).demoCommand,
  doctor: async () => (await import("./about/doctor.ts")).doctorCommand,
  completions: async () => (await import("./about/completions.ts")).completionsCommand,
  manual: async () => (await import("./about/manual.ts")).manualCommand,
  licenses: async () => (await import("./about/licenses.ts")).licensesCommand,
};

/** Commands that speak of all the others, and flags that speak of none. */
const aboutAll = ["completions", "manual"], aboutNone = ["-V", "--version"];

const examples = `
Examples:
  crystallite demo
  crystallite info scan.h5
  crystallite cluster scan.h5 --out result --preset auto

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
`;

/**
 * Runs the command line and never throws: failures become a sentence on standard error, or JSON with `--json`.
 * The first Ctrl-C lets the command clean up, the second one ends it at once.
 *
 * @param args the arguments after the program's name
 * @returns the exit code
 */
export async function main(args: readonly string[], io: CommandIO): Promise<number> {
  const interrupts = listenForInterrupts();
  try {
    return await Promise.race([
      run(args, io, interrupts.signal),
      interrupts.again.then(() => {
        // The progress bar, which hides the cursor, gets no chance to show it again.
        io.terminal?.write("\x1b[?25h\x1b[?7h\n");
        return exitCodes.interrupted;
      }),
    ]);
  } finally {
    interrupts.dispose();
  }
}

async function run(args: readonly string[], io: CommandIO, signal: AbortSignal): Promise<number> {
  const say = (text: string) => io.writeError(`${text}\n`), command = ["crystallite", ...args];
  const program = await createProgram({ io, say, signal, command }, namesFor(args[0]));
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCodes.done;
  } catch (cause) {
    // The flags themselves may be what was wrong, so they are looked for in the text.
    const given = (flag: string) => args.includes(flag);
    const style = {
      ...{ json: given("--json"), debug: given("--debug"), command: commandName(args[0]) },
      flags: program.commands.find((command) => command.name() === args[0])?.options
        .flatMap(({ long }) => long ?? []),
    };
    try {
      return reportFailure(afterInterrupt(cause, signal), io, style);
    } catch (unwritable) {
      // Standard output cannot take the JSON; standard error never fails.
      return reportFailure(unwritable, io, { ...style, json: false });
    }
  }
}

function commandName(first: string | undefined): string {
  return first !== undefined && Object.hasOwn(commands, first) ? first : "";
}

/** Names of the commands that the first argument asks for: one alone, where no other is needed to serve it. */
function namesFor(first: string | undefined): readonly string[] {
  if (first !== undefined && aboutNone.includes(first)) return [];
  const alone = commandName(first);
  return alone === "" || aboutAll.includes(alone) ? Object.keys(commands) : [alone];
}

/**
 * The program with its commands, for running and for looking at their options.
 *
 * @param names of the commands that it has; default: all
 */
export async function createProgram(
  context: CommandContext,
  names: readonly string[] = Object.keys(commands),
): Promise<Command> {
  const program = new Command("crystallite")
    .description(
      "Finds the coherent regions of 4D-STEM scans and gives each one averaged diffraction pattern.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", examples)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.io.writeOut(text),
      writeErr: (text) => context.io.writeError(text),
      // failure.ts prints errors
      outputError() {},
    });
  for (const create of await Promise.all(names.map((name) => commands[name]()))) {
    program.addCommand(create(context).copyInheritedSettings(program));
  }
  return program;
}

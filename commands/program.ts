/** The command line as a whole: which commands there are, and what happens around them. */

import { Command } from "commander";
import type { CommandContext } from "./console/command_context.ts";
import type { CommandIO } from "./console/command_io.ts";
import { averageCommand } from "./distributed/average.ts";
import { batchCommand } from "./distributed/batch.ts";
import { calibrateCommand } from "./crystals/calibrate.ts";
import { clusterCommand } from "./clusters/cluster.ts";
import { completionsCommand } from "./about/completions.ts";
import { convertCommand } from "./scans/convert.ts";
import { demoCommand } from "./demo/demo.ts";
import { describeCommand } from "./clusters/describe.ts";
import { doctorCommand } from "./about/doctor.ts";
import { editCommand } from "./clusters/edit.ts";
import { afterInterrupt, exitCodes, reportFailure } from "./console/failure.ts";
import { filterCommand } from "./scans/filter.ts";
import { infoCommand } from "./scans/info.ts";
import { listenForInterrupts } from "./console/interrupts.ts";
import { manualCommand } from "./about/manual.ts";
import { mergeCommand } from "./distributed/merge.ts";
import { orientCommand } from "./crystals/orient.ts";
import { pageCommand } from "./clusters/page.ts";
import { peaksCommand } from "./crystals/peaks.ts";
import { planCommand } from "./distributed/plan.ts";
import { licensesCommand } from "./about/licenses.ts";
import { scoreCommand } from "./clusters/score.ts";
import { seriesCommand } from "./series/series.ts";
import { serveCommand } from "./serving/serve.ts";
import { simulateCommand } from "./scans/simulate.ts";
import { strainCommand } from "./crystals/strain.ts";
import { textureCommand } from "./crystals/texture.ts";
import { tracksCommand } from "./series/tracks.ts";
import { watchCommand } from "./live/watch.ts";
import { version } from "../library/results/version.ts";
import { virtualCommand } from "./scans/virtual.ts";

/** How each command is made, by name, in the order of the help. */
const commands = {
  info: infoCommand,
  cluster: clusterCommand,
  series: seriesCommand,
  watch: watchCommand,
  tracks: tracksCommand,
  edit: editCommand,
  plan: planCommand,
  merge: mergeCommand,
  average: averageCommand,
  batch: batchCommand,
  peaks: peaksCommand,
  calibrate: calibrateCommand,
  orient: orientCommand,
  strain: strainCommand,
  texture: textureCommand,
  describe: describeCommand,
  page: pageCommand,
  filter: filterCommand,
  convert: convertCommand,
  virtual: virtualCommand,
  score: scoreCommand,
  simulate: simulateCommand,
  serve: serveCommand,
  demo: demoCommand,
  doctor: doctorCommand,
  completions: completionsCommand,
  manual: manualCommand,
  licenses: licensesCommand,
};

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
  const program = createProgram({ io, say, signal, command });
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

/** The program with all its commands, for running and for looking at their options. */
export function createProgram(context: CommandContext) {
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
  for (const create of Object.values(commands)) {
    const command = create(context);
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}

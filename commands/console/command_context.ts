/** What a command gets beside its flags. */

import type { RunOptions } from "../../library/engine/options.ts";
import type { CommandIO } from "./command_io.ts";
import { progressDisplay } from "./progress_display.ts";

/** The world of a command. */
export interface CommandContext {
  readonly io: CommandIO;
  /** Says on standard error what happens before the work begins. */
  say(text: string): void;
  /** The command line word by word, as results record it. */
  readonly command: readonly string[];
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal;
}

/** Flags about speaking and resources, as commander hands them over. */
export interface RunFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly workers?: number;
  readonly memory?: number;
}

/** A result as `--json` prints it. */
export interface PrintedValue {
  /** What is not given to `warn`, as it stands in the text too. */
  readonly warnings?: readonly string[];
  readonly [key: string]: unknown;
}

/** A command's way to say something while it runs. */
export interface CommandRun {
  /** Options of long library calls. */
  readonly options: RunOptions;
  /** Says something about the run on standard error, unless it is to be quiet. */
  say(text: string): void;
  /** Shows a warning on standard error, quiet or not; with `--json` it goes into what is printed. */
  warn(text: string): void;
  /** Prints a line of JSON about a run that goes on; nothing without `--json`. */
  printEvent(value: object): void;
  /**
   * Prints the result on standard output: `text`, or with `--json` `value` with `warnings`, which are its own and those
   * that were given to {@link warn}.
   */
  print(value: PrintedValue, text: string): void;
}

/** Does the work of a command with progress shown, and leaves the terminal tidy however it ends. */
export async function runWithProgress<Result>(
  context: CommandContext,
  flags: RunFlags,
  work: (run: CommandRun) => Promise<Result>,
): Promise<Result> {
  const display = progressDisplay(context.io, flags.quiet === true);
  const write = (text: string) => {
    display.stop();
    context.io.writeError(`${text}\n`);
  };
  const warned: string[] = [];
  const warn = (text: string) => {
    warned.push(text);
    if (!flags.json) write(`warning: ${text}`);
  };
  const printLine = (value: object) => {
    display.stop();
    context.io.writeOut(`${JSON.stringify(value)}\n`);
  };
  try {
    return await work({
      options: {
        workers: flags.workers,
        memory: flags.memory,
        signal: context.signal,
        onProgress: (progress) => display.report(progress),
        onWarning: warn,
      },
      say: (text) => flags.quiet || write(text),
      warn,
      printEvent: (value) => flags.json && printLine(value),
      print(value, text) {
        if (flags.json) {
          return printLine({ ...value, warnings: [...new Set([...value.warnings ?? [], ...warned])] });
        }
        display.stop();
        context.io.writeOut(text);
      },
    });
  } finally {
    display.stop();
  }
}

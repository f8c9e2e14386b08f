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

/** A command's way to say something while it runs. */
export interface CommandRun {
  /** Options of long library calls. */
  readonly options: RunOptions;
  /** Says something about the run on standard error, unless it is to be quiet. */
  say(text: string): void;
  /** Shows a warning on standard error, quiet or not; JSON output carries warnings itself. */
  warn(text: string): void;
  /** What library calls have warned of so far, which was shown. */
  readonly warned: readonly string[];
  /** Prints the result on standard output: `value` with `--json`, `text` otherwise. */
  print(value: unknown, text: string): void;
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
  const warn = (text: string) => flags.json || write(`warning: ${text}`);
  try {
    return await work({
      options: {
        workers: flags.workers,
        memory: flags.memory,
        signal: context.signal,
        onProgress: (progress) => display.report(progress),
        onWarning(text) {
          warned.push(text);
          warn(text);
        },
      },
      say: (text) => flags.quiet || write(text),
      warn,
      warned,
      print: (value, text) => {
        display.stop();
        context.io.writeOut(flags.json ? JSON.stringify(value) + "\n" : text);
      },
    });
  } finally {
    display.stop();
  }
}

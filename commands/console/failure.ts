/** What a failure looks like from outside: a sentence, a remedy, an exit code. */

import { CommanderError } from "commander";
import {
  Aborted,
  BadParameter,
  CrystalliteError,
  fromSystemError,
  type PlainError,
} from "../../library/scan/errors.ts";
import { errorInFlags } from "../../library/report/flag_names.ts";
import type { CommandIO } from "./command_io.ts";
import { printableLine } from "./printable.ts";

/** Exit codes of the command line. */
export const exitCodes = { done: 0, failed: 1, wrongUsage: 2, interrupted: 130 } as const;

/** How a failure is shown. */
export interface FailureStyle {
  /** One JSON object on standard output instead of sentences. */
  readonly json: boolean;
  /** Stack traces too. */
  readonly debug: boolean;
  /** Name of the command that failed, for the remedy; empty where none was recognised. */
  readonly command: string;
  /** Its long flags. */
  readonly flags?: readonly string[];
}

/**
 * Shows a failure and gives the exit code that goes with it. Help and version, which commander reports as errors
 * too, count as done.
 */
export function reportFailure(cause: unknown, io: CommandIO, style: FailureStyle): number {
  if (cause instanceof CommanderError && cause.exitCode === 0) return exitCodes.done;
  // A bare `crystallite` has been answered with the help.
  if (cause instanceof CommanderError && cause.code === "commander.help") return exitCodes.wrongUsage;
  const failure = ownError(cause, style);
  const known = failure instanceof CrystalliteError ? errorInFlags(failure) : null;
  const message = known?.message ?? `this is a bug in crystallite: ${firstLine(failure)}`;
  const remedy = known ? known.remedy : "run again with --debug and report what it prints";
  if (style.json) {
    const fields = known ?? { kind: "Unexpected", message, remedy };
    io.writeOut(JSON.stringify({ error: fields }) + "\n");
  } else {
    io.writeError(`error: ${printableLine(withPeriod(message + expectation(known)))}\n`);
    if (remedy) io.writeError(`       ${printableLine(withPeriod(capitalised(remedy)))}\n`);
  }
  if (style.debug) io.writeError(`${stackTrace(failure)}\n`);
  return exitCode(known);
}

/** What was caught as one of our errors, where it is a complaint of commander or of Deno. */
function ownError(cause: unknown, style: FailureStyle): unknown {
  if (cause instanceof CommanderError) return wrongUsage(cause, style);
  // Packages open files of their own.
  if (cause instanceof Deno.errors.NotCapable) return fromSystemError(cause, "a file", "read");
  return cause;
}

function exitCode(failure: PlainError | null): number {
  switch (failure?.kind) {
    case "BadParameter":
    case "ShapeUnknown":
      return exitCodes.wrongUsage;
    case "Aborted":
      return exitCodes.interrupted;
    default:
      return exitCodes.failed;
  }
}

/** What was expected and found, unless the message says it already. */
function expectation(failure: PlainError | null): string {
  if (!failure) return "";
  const { expected, found, file } = failure;
  // The name of a file may hold anything.
  const message = file ? failure.message.replaceAll(file, "") : failure.message;
  const said = (text: string) => message.includes(text);
  const parts: string[] = [];
  if (expected && !said(expected)) parts.push(`expected ${expected}`);
  if (found && !said(found)) parts.push(`found ${found}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** A complaint of commander as one of our errors. Its text reads "error: WHAT\n(Did you mean X?)". */
function wrongUsage(error: CommanderError, { command, flags = [] }: FailureStyle): BadParameter {
  const [first, ...rest] = error.message.replace(/^error: /, "").split("\n");
  const guess = /^\((Did you mean .+\?)\)$/.exec(rest.join(" ").trim())?.[1] ?? ownGuess(error, flags);
  const help = `run crystallite ${command ? command + " " : ""}--help for what there is`;
  return new BadParameter(first, { remedy: guess ? `${guess} Otherwise ${help}` : help }, { cause: error });
}

/** What commander does not guess: a flag by its first letter, and that what is written has a flag. */
function ownGuess({ code, message }: CommanderError, flags: readonly string[]): string | undefined {
  if (code === "commander.excessArguments" && flags.includes("--out")) {
    return "Is one of them meant as --out?";
  }
  const letter = code === "commander.unknownOption" ? /'-(\w)'/.exec(message)?.[1] : undefined;
  const meant = flags.filter((flag) => letter !== undefined && flag.startsWith(`--${letter}`));
  const [likely] = meant.length === 1 ? meant : meant.filter((flag) => flag === "--out");
  return likely && `Did you mean ${likely}?`;
}

/**
 * Narrows what was caught after the user asked to stop: whatever fails on the way out, the run was cancelled.
 */
export function afterInterrupt(cause: unknown, signal: AbortSignal): unknown {
  return signal.aborted && !(cause instanceof Aborted) ? new Aborted(undefined, undefined, { cause }) : cause;
}

function withPeriod(text: string): string {
  return /[.?!]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

/** Begins with a capital, unless that would change the name of a file or an option. */
function capitalised(text: string): string {
  return /^[a-z]+[\s,]/.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)).split("\n")[0];
}

function stackTrace(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const own = cause.stack ?? String(cause);
  return cause.cause === undefined ? own : `${own}\nCaused by: ${stackTrace(cause.cause)}`;
}

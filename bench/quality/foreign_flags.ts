/** Flags of the measurements on scans of other programs: where those are, and what is measured. */

import { parseArgs } from "node:util";
import { type Method, methods } from "./methods.ts";
import { keyOf, readRecords } from "./records.ts";

/** Flags of each such measurement, and their defaults. */
const common = { out: "build/quality.jsonl", shared: "../shared", python: "python3", methods: "" };

/** What a command line asks for. */
export interface ForeignMeasurement<Own> {
  /** Values of the flags. */
  readonly flags: typeof common & Own;
  /** The methods that `--methods` names. */
  readonly chosen: readonly Method[];
  /** Keys of what the file of `--out` has. */
  readonly done: Set<string>;
}

/**
 * Reads the command line.
 *
 * @param own further flags of a measurement, and their defaults
 * @throws {TypeError} when a flag is unknown or has no value
 * @throws {SyntaxError} when `--methods` is no regular expression
 */
export function readForeignFlags<Own extends Readonly<Record<string, string>>>(
  own: Own,
): ForeignMeasurement<Own> {
  const defaults = { ...common, ...own };
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [name, { type: "string" as const, default: value }]),
  );
  const flags = parseArgs({ args: Deno.args, options }).values as typeof defaults;
  const wanted = new RegExp(flags.methods);
  return {
    flags,
    chosen: methods.filter(({ name }) => wanted.test(name)),
    done: new Set(readRecords(flags.out).map(keyOf)),
  };
}

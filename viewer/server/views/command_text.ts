/** The command line that gives what a view shows, for people and for run records. */

import { quoteArgument } from "../../../library/scan/quote_argument.ts";
import { joinFlags } from "../../../library/parameters/words.ts";
import { splitWords } from "../items/words.ts";
import type { ViewPlan } from "./view_plan.ts";

/** Where the command finds and leaves its files. */
export interface CommandFiles {
  readonly mask?: string;
  readonly edits?: string;
  readonly out: string;
}

/** The command word by word, as results record it. */
export function commandWords(plan: ViewPlan, files: CommandFiles): string[] {
  return ["crystallite", "cluster", plan.scan, ...joinFlags(commandFlags(plan, files))];
}

function commandFlags(plan: ViewPlan, { mask, edits, out }: CommandFiles) {
  return [
    ...splitWords([...plan.input, ...plan.method]),
    ...mask === undefined ? [] : [["--mask", mask] as const],
    ...edits === undefined ? [] : [["--edits", edits] as const],
    ["--out", out] as const,
  ];
}

/** The command for a POSIX shell, a flag to a line. */
export function shellCommand(plan: ViewPlan, files: CommandFiles): string {
  const lines = [
    `crystallite cluster ${quoteArgument(plan.scan)}`,
    ...commandFlags(plan, files).map((flag) => flag.map((word) => quoteArgument(word!)).join(" ")),
  ];
  return `${lines.join(" \\\n  ")}\n`;
}

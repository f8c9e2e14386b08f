/** `crystallite cluster --plan --rows --part`: what some rows of a scan give, for `crystallite merge`. */

import type { Command } from "commander";
import { clusterFlags } from "../../library/cluster/presets.ts";
import { formatRows, type Rows } from "../../library/distributed/bands.ts";
import { measureRows, rowsToRead } from "../../library/distributed/measure_part.ts";
import { checkPartPlace, checkRows, isMade, writePart } from "../../library/distributed/part_files.ts";
import { checkInput, groundOf, parametersOf, readingOf } from "../../library/distributed/plan.ts";
import { readPlan } from "../../library/distributed/plan_file.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { openScan } from "../../library/formats/open.ts";
import { flagsOf } from "../../library/parameters/flags.ts";
import { naming, notUnderstood } from "../../library/parameters/number.ts";
import { readingSchema } from "../../library/parameters/reading.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatBytes, formatSeconds, formatTable } from "../console/format_quantity.ts";
import { type OutputFlags, required, type ResourceFlags } from "../options/output_options.ts";

/** Flags of a part. */
export interface PartFlags extends OutputFlags, ResourceFlags {
  readonly plan?: string;
  readonly rows?: Rows;
  readonly part?: string;
}

/** Adds what says which part of a scan is made. */
export function addPartOptions(command: Command): Command {
  return command
    .option("--plan <FILE>", "plan of crystallite plan, which has all parameters (default: none)")
    .option("--rows <A:B>", "scan rows A to B - 1 of that plan (default: none)", parseRows)
    .option("--part <DIR>", "folder for what those rows give, to be merged (default: none)");
}

/** Rows as words give them. */
export function parseRows(text: string): Rows {
  return naming("rows", () => {
    const match = /^\s*(\d+)\s*:\s*(\d+)\s*$/.exec(text);
    if (!match) throw notUnderstood("--rows", text, "two whole numbers, such as 0:128");
    return [Number(match[1]), Number(match[2])];
  });
}

/** Whether the flags are about a part. */
export function isPartial({ plan, rows, part }: PartFlags): boolean {
  return plan !== undefined || rows !== undefined || part !== undefined;
}

/** Measures the rows and writes the part, unless it is there already. */
export async function clusterPart(context: CommandContext, input: string, flags: PartFlags): Promise<void> {
  const planPath = required(flags.plan, "--plan FILE");
  const rows = required(flags.rows, "--rows A:B"), path = required(flags.part, "--part DIR");
  refuseParameters(flags);
  await checkPartPlace(path);
  const plan = await readPlan(planPath);
  checkRows(rows, plan);
  await runWithProgress(context, flags, async (run) => {
    const { signal } = run.options, started = performance.now();
    if (await isMade(path, plan, "similarities", rows)) {
      run.print({ part: path, rows, made: false }, formatTable([["part", `${path} is there already`]]));
      return;
    }
    const scan = await openScan(input, readingOf(plan));
    try {
      await checkInput(plan, scan, signal);
      const ground = groundOf(plan, await parametersOf(plan));
      const { arrays, bytesRead } = await withEngine(
        run.options,
        (engine) => measureRows(engine, scan, ground, rows, run.options),
      );
      await writePart(path, { plan, holds: "similarities", rows, arrays, bytesRead, started }, signal);
      const seconds = (performance.now() - started) / 1000;
      const [top, bottom] = rowsToRead(rows, scan.shape.rows, ground.parameters.prefilter);
      run.print(
        { part: path, rows, made: true, rowsRead: [top, bottom], bytesRead, seconds },
        formatTable([
          ["rows", `${formatRows(rows)} of ${scan.shape.rows}`],
          ["read", `rows ${top}:${bottom}, ${formatBytes(bytesRead)}`],
          ["time", formatSeconds(seconds)],
          ["part", path],
        ]),
      );
    } finally {
      scan.close();
    }
  });
}

/** All that a plan decides cannot be said again. */
function refuseParameters(flags: object): void {
  const decided = [...clusterFlags, ...flagsOf(readingSchema)];
  const given = flags as Readonly<Record<string, unknown>>;
  const extra = decided.find(({ attribute }) => given[attribute] !== undefined);
  const other = ["out", "edits", "export", "force"].find((name) => given[name] !== undefined);
  const flag = extra?.flag ?? (other && `--${other}`);
  if (flag === undefined) return;
  throw new BadParameter(`${flag} has no place beside --plan`, {
    expected: "only --plan, --rows and --part, and what a command may take of the machine",
    remedy: `leave ${flag} out${extra ? ", or make another plan with it" : ""}`,
  });
}

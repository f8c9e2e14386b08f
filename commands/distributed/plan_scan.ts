/** A plan from the flags of a command, and what working by it will cost. */

import type { Command } from "commander";
import { estimateRun } from "../../library/cluster/estimate.ts";
import { readMasks } from "../../library/cluster/mask_files.ts";
import type { ClusterParameters } from "../../library/cluster/parameters.ts";
import {
  checkParameters,
  chooseParameters,
  type ClusterFlags,
  flagsOfParameters,
} from "../../library/cluster/presets.ts";
import { rowsToRead } from "../../library/distributed/measure_part.ts";
import { makePlan, type ScanPlan } from "../../library/distributed/plan.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { naming, parseNumber } from "../../library/parameters/number.ts";
import { openOptions, type ReadingFlags, readingSchema } from "../../library/parameters/reading.ts";
import { flagsOfRecord } from "../../library/parameters/record.ts";
import { joinFlags } from "../../library/parameters/words.ts";
import { scanBytes } from "../../library/results/run_record.ts";
import type { Scan } from "../../library/scan/scan.ts";
import type { CommandRun } from "../console/command_context.ts";
import type { ResourceFlags } from "../options/output_options.ts";
import { withScan } from "../options/parameter_options.ts";

/** Bytes of a scan for each part, where nobody says how many parts there are. */
const usualPart = 4e9;
/** Parts that a user may ask for. */
const mostParts = 10_000;

/** What is planned from. */
export interface PlanFlags extends ClusterFlags, ReadingFlags, ResourceFlags {
  readonly parts?: number;
}

/** What the steps of a plan will take: bytes of memory, bytes to read, and seconds with the given workers. */
export interface PlanCosts {
  readonly partMemory: number;
  readonly partBytes: number;
  readonly partSeconds: number;
  readonly mergeMemory: number;
  /** Averages of all clusters on one machine. */
  readonly wholeBytes: number;
  readonly wholeSeconds: number;
}

/** A plan that is made and not written yet. */
export interface PlannedScan {
  readonly plan: ScanPlan;
  readonly parameters: ClusterParameters;
  readonly costs: PlanCosts;
  readonly seconds: number;
  readonly warnings: readonly string[];
}

/** Adds the number of parts. */
export function addPartsOption(command: Command): Command {
  return command.option(
    "--parts <N>",
    "bands of rows that the scan is dealt out in (default: one for every 4 GB)",
    (text: string) =>
      naming("parts", () =>
        parseNumber("--parts", text, {
          expected: `a whole number from 1 to ${mostParts}`,
          minimum: 1,
          maximum: mostParts,
          whole: true,
        })),
  );
}

/**
 * Makes a plan.
 *
 * @throws as `makePlan`
 */
export async function planScan(run: CommandRun, input: string, flags: PlanFlags): Promise<PlannedScan> {
  const started = performance.now(), unread = chooseParameters(flags);
  return await withScan(input, flags, async (scan) => {
    const parameters = await readMasks(unread, scan.shape, flags.qBin);
    checkParameters(parameters);
    const request = {
      parameters,
      words: joinFlags(flagsOfParameters(unread)),
      reading: joinFlags(flagsOfRecord(readingSchema, openOptions(flags), {})),
      parts: flags.parts ?? Math.max(1, Math.ceil(scanBytes(scan) / usualPart)),
    };
    const plan = await withEngine(
      run.options,
      (engine) => makePlan(engine, scan, request, run.options),
    );
    return {
      ...{ plan, parameters, costs: costsOf(scan, plan, parameters, run.options) },
      seconds: (performance.now() - started) / 1000,
      warnings: [...scan.warnings, ...plan.detector.warnings],
    };
  });
}

/** What its steps will take, by the plans that they go by themselves. */
function costsOf(
  scan: Scan,
  { bands }: ScanPlan,
  parameters: ClusterParameters,
  options: CommandRun["options"],
): PlanCosts {
  const { shape, dtype } = scan;
  const tallest = bands.reduce((most, [first, end]) => {
    const [top, bottom] = rowsToRead([first, end], shape.rows, parameters.prefilter);
    return Math.max(most, bottom - top);
  }, 0);
  const part = estimateRun(
    { shape: { ...shape, rows: tallest }, dtype },
    partOf(parameters, tallest, shape),
    options,
  );
  const whole = estimateRun({ shape, dtype }, partOf(parameters, shape.rows, shape), options);
  return {
    ...{ partMemory: part.memory, partBytes: part.bytes, partSeconds: part.seconds },
    ...{ mergeMemory: whole.memory, wholeBytes: whole.bytes, wholeSeconds: whole.seconds },
  };
}

/** Parameters for an estimate of some rows: a mask in a file is of all of them. */
function partOf(parameters: ClusterParameters, rows: number, shape: Scan["shape"]): ClusterParameters {
  const { mask } = parameters;
  return mask.kind === "pixels" && rows < shape.rows
    ? { ...parameters, mask: { ...mask, keep: mask.keep.subarray(0, rows * shape.columns) } }
    : parameters;
}

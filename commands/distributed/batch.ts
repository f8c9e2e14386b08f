/** `crystallite batch`: scripts that cluster a scan or a series on a cluster of computers. */

import { join, resolve } from "node:path";
import { Argument, Command, Option } from "commander";
import { estimateRun } from "../../library/cluster/estimate.ts";
import { readMasks } from "../../library/cluster/mask_files.ts";
import { chooseParameters, flagsOfParameters } from "../../library/cluster/presets.ts";
import { writePlan } from "../../library/distributed/plan_file.ts";
import { workerCount } from "../../library/engine/limits.ts";
import { openScan } from "../../library/formats/open.ts";
import { listFrames } from "../../library/formats/series_frames.ts";
import { openOptions, readingSchema } from "../../library/parameters/reading.ts";
import { flagsOfRecord } from "../../library/parameters/record.ts";
import { joinFlags } from "../../library/parameters/words.ts";
import { statIfThere } from "../../library/results/directory.ts";
import { writeOutputs } from "../../library/results/output_files.ts";
import { scanBytes } from "../../library/results/run_record.ts";
import { BadParameter, fromSystemError } from "../../library/scan/errors.ts";
import { quoteArgument } from "../../library/scan/quote_argument.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "../console/command_context.ts";
import { formatBytes, formatCount, formatSeconds, formatTable } from "../console/format_quantity.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  required,
} from "../options/output_options.ts";
import { addClusterOptions, addReadingOptions } from "../options/parameter_options.ts";
import { type BatchJob, type BatchResources, type BatchStep, scanSteps, seriesSteps } from "./batch_job.ts";
import { addPartsOption, type PlanFlags, planScan } from "./plan_scan.ts";
import { slurmScripts, type SlurmSettings } from "./slurm.ts";
import { snakefile } from "./snakemake.ts";

const examples = `
The folder gets a plan and scripts; nothing is submitted. Run DIR/submit.sh where sbatch is, or snakemake with DIR/Snakefile.
Time and memory that the scripts ask for follow from the plan: three times the estimate at 100 MB/s of storage for each node,
and 1.3 times its memory. Run again after a failure: parts that are whole are kept. The result is DIR/result.

With --series each frame is a task, DIR/series is as crystallite series --hint none writes it.

Examples:
  crystallite batch slurm scan.h5 --parts 16 --out job --workers 8 --memory 8G
  crystallite batch snakemake scan.h5 --threshold 0.9 --blur 2 --out job
  crystallite batch slurm heating/ --series --out job --partition short
`;

/** Engines that run batches. */
type BatchEngine = "slurm" | "snakemake";

/** Flags of `batch`, as commander hands them over. */
interface Flags extends PlanFlags, OutputFlags, SlurmSettings {
  readonly out?: string;
  readonly series?: true;
  readonly program?: string;
}

/** The command `batch`. */
export function batchCommand(context: CommandContext) {
  const command = new Command("batch")
    .summary("write the scripts that cluster a scan or a series by Slurm or Snakemake")
    .description(
      "Plans a scan in parts, or a series by frames, and writes the job scripts of Slurm or a Snakefile, with the memory and " +
        "time that the plan asks for.",
    )
    .addArgument(new Argument("<engine>", "what will run it").choices(["slurm", "snakemake"]))
    .argument("<inputs...>", "scan to read; with --series also several, or a folder")
    .option("--out <DIR>", "new folder for scripts, parts and result (required)")
    .option("--series", "the inputs are frames of a series (default: one scan)")
    .addOption(
      new Option("--program <COMMAND>", "how the program is called there (default: crystallite)"),
    )
    .option("--partition <NAME>", "partition of Slurm (default: the one of the cluster)")
    .option("--account <NAME>", "account of Slurm (default: yours)");
  addPartsOption(command);
  return addOutputOptions(addResourceOptions(addReadingOptions(addClusterOptions(command))))
    .addHelpText("after", examples)
    .action(async (engine: BatchEngine, inputs: string[], flags: Flags) => {
      const folder = resolve(required(flags.out, "--out DIR"));
      checkFlags(engine, inputs, flags);
      if (engine === "snakemake" && /[{}]/.test(folder)) {
        throw new BadParameter("Snakemake takes braces in names of files for wildcards", {
          file: folder,
          parameter: "out",
          remedy: "name a folder without braces",
        });
      }
      if (await statIfThere(folder) !== null) {
        throw new BadParameter(`${folder} is there already`, {
          file: folder,
          parameter: "out",
          remedy: "name a new folder; a batch that was begun goes on when its scripts are run again",
        });
      }
      await runWithProgress(context, flags, async (run) => {
        const resources: BatchResources = {
          program: flags.program ?? "crystallite",
          workers: workerCount(flags),
          memory: flags.memory,
        };
        const steps = flags.series
          ? await seriesBatch(run, folder, inputs, flags, resources)
          : await scanBatch(run, folder, inputs[0], flags, resources);
        const job: BatchJob = { folder, directory: Deno.cwd(), steps };
        const scripts = engine === "slurm" ? slurmScripts(job, flags) : { Snakefile: snakefile(job) };
        await writeScripts(folder, scripts, run.options.signal!);
        const start = engine === "slurm"
          ? quoteArgument(join(folder, "submit.sh"))
          : `snakemake --snakefile ${quoteArgument(join(folder, "Snakefile"))} --cores N`;
        run.print(
          {
            ...{ out: folder, scripts: Object.keys(scripts), start },
            steps: steps.map(({ name, items, memory, seconds, workers }) => ({
              ...{ name, tasks: items.length, memory, seconds, workers },
            })),
          },
          formatTable([
            ...steps.map((step): [string, string] => [step.name, describeStep(step)]),
            ["start", start],
            ["result", join(folder, flags.series ? "series" : "result")],
          ]),
        );
      });
    });
}

function describeStep({ items, memory, seconds, workers }: BatchStep): string {
  return `${formatCount(items.length, "task")} of ${formatCount(workers, "thread")}, ` +
    `${formatBytes(memory)}, at most ${formatSeconds(seconds)}`;
}

function checkFlags(engine: BatchEngine, inputs: readonly string[], flags: Flags): void {
  if (!flags.series && inputs.length > 1) {
    throw new BadParameter("several inputs are a series", {
      expected: "one scan",
      found: `${inputs.length} inputs`,
      remedy: "add --series",
    });
  }
  if (flags.series && flags.parts !== undefined) {
    throw new BadParameter("--parts has no effect with --series: each frame is a task", {
      remedy: "leave --parts out",
    });
  }
  if (engine === "snakemake" && (flags.partition ?? flags.account) !== undefined) {
    throw new BadParameter("--partition and --account are for Slurm", {
      remedy: "leave them out; profiles of Snakemake have them",
    });
  }
}

async function scanBatch(
  run: CommandRun,
  folder: string,
  input: string,
  flags: Flags,
  resources: BatchResources,
): Promise<BatchStep[]> {
  const { plan, parameters, costs, warnings } = await planScan(run, input, flags);
  warnings.forEach(run.warn);
  await makeFolders(folder, ["parts", "logs"]);
  await writePlan(join(folder, "plan.json"), plan, false, run.options.signal!);
  return scanSteps(folder, plan, costs, parameters.average !== "none", resources);
}

async function seriesBatch(
  run: CommandRun,
  folder: string,
  inputs: readonly string[],
  flags: Flags,
  resources: BatchResources,
): Promise<BatchStep[]> {
  const unread = chooseParameters(flags), reading = openOptions(flags);
  const sources = await listFrames(inputs, reading);
  const { path, frame } = sources[0], scan = await openScan(path, { ...reading, frame });
  try {
    const parameters = await readMasks(unread, scan.shape, flags.qBin);
    const { memory, seconds } = estimateRun(scan, parameters, run.options);
    const words = [
      ...joinFlags(flagsOfParameters(unread)),
      ...joinFlags(flagsOfRecord(readingSchema, reading, {})),
    ];
    await makeFolders(folder, ["logs"]);
    return seriesSteps(folder, {
      ...{ inputs: inputs.map((input) => resolve(input)), frames: sources.length },
      words: [...words, "--hint", "none"],
      ...{ frameMemory: memory, frameBytes: scanBytes(scan), frameSeconds: seconds },
    }, resources);
  } finally {
    scan.close();
  }
}

async function makeFolders(folder: string, below: readonly string[]): Promise<void> {
  try {
    for (const name of below) await Deno.mkdir(join(folder, name), { recursive: true });
  } catch (cause) {
    throw fromSystemError(cause, folder, "write");
  }
}

async function writeScripts(
  folder: string,
  scripts: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const mode = { createNew: true, mode: 0o755 };
  await writeOutputs(
    Object.entries(scripts).map(([name, text]) => ({
      path: join(folder, name),
      write: (temporary: string) => Deno.writeTextFile(temporary, text, mode),
    })),
    false,
    signal,
  );
}

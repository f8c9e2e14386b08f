/** A batch as job scripts of Slurm: one for each step, and one that submits them. */

import { join } from "node:path";
import { quoteArgument } from "../../library/scan/quote_argument.ts";
import type { BatchJob, BatchStep } from "./batch_job.ts";

/** What the scripts of a cluster of computers must say beside. */
export interface SlurmSettings {
  readonly partition?: string;
  readonly account?: string;
}

/** The scripts by their names. */
export function slurmScripts(job: BatchJob, settings: SlurmSettings): Record<string, string> {
  const scripts = job.steps.map((step) => [`${step.name}.sbatch`, stepScript(job, step, settings)] as const);
  return { ...Object.fromEntries(scripts), "submit.sh": submitScript(job) };
}

function stepScript(
  { folder, directory }: BatchJob,
  step: BatchStep,
  { partition, account }: SlurmSettings,
): string {
  const { name, items, workers, memory, seconds } = step, several = items.length > 1;
  const log = join(folder, "logs", several ? `${name}-%a.log` : `${name}.log`);
  const options = [
    ["job-name", `crystallite-${name}`],
    ...several ? [["array", `0-${items.length - 1}`]] : [],
    ["cpus-per-task", String(workers)],
    ["mem", `${Math.ceil(memory / 2 ** 20)}M`],
    ["time", String(Math.ceil(seconds / 60))],
    ["output", quotedPath(log)],
    ["chdir", quotedPath(directory)],
    ...partition === undefined ? [] : [["partition", partition]],
    ...account === undefined ? [] : [["account", account]],
  ];
  const lines = [
    "#!/bin/bash",
    ...options.map(([option, value]) => `#SBATCH --${option}=${value}`),
    "set -eu",
    ...several
      ? [`items=(${items.map(quoteArgument).join(" ")})`, 'item="${items[$SLURM_ARRAY_TASK_ID]}"']
      : [],
    step.command(several ? "$item" : items[0]),
  ];
  return `${lines.join("\n")}\n`;
}

/** A path in a line of options, which Slurm reads by itself. */
function quotedPath(path: string): string {
  return /^[\w./%@+-]+$/.test(path) ? path : `"${path}"`;
}

function submitScript({ folder, steps }: BatchJob): string {
  const variable = (name: string) => `job_${name}`;
  const lines = steps.map(({ name, after }) => {
    const wait = after.length === 0
      ? ""
      : ` --dependency=${
        after.map((step) => `afterok:$${variable(step)}`).join(",")
      } --kill-on-invalid-dep=yes`;
    return `${variable(name)}=$(sbatch --parsable${wait} ${quoteArgument(join(folder, `${name}.sbatch`))})`;
  });
  return [
    "#!/bin/bash",
    "# Submits all steps, each after those that it needs. After a failure submit again: what is whole is kept.",
    "set -euo pipefail",
    ...lines,
    `echo "submitted ${steps.map(({ name }) => `${name} \$${variable(name)}`).join(", ")}"`,
    "",
  ].join("\n");
}

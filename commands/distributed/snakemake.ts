/** A batch as a Snakefile: a rule for each step. */

import { join } from "node:path";
import { quoteArgument } from "../../library/scan/quote_argument.ts";
import type { BatchJob, BatchStep } from "./batch_job.ts";

/** The Snakefile. */
export function snakefile(job: BatchJob): string {
  const last = job.steps.at(-1)!;
  return [
    "# Run with: snakemake --snakefile Snakefile --cores N, or with a profile of your cluster of computers.",
    "# After a failure run again: what is whole is kept.",
    // What Snakemake notes about its runs stays in the folder of the batch.
    `workdir: ${text(job.folder)}`,
    "",
    "rule all:",
    `    input: ${outputs(job, last)}`,
    ...job.steps.flatMap((step) => ["", ...rule(job, step)]),
    "",
  ].join("\n");
}

function rule(job: BatchJob, step: BatchStep): string[] {
  const { name, items, after, workers, memory, seconds } = step;
  const before = after.map((needed) => outputs(job, job.steps.find((other) => other.name === needed)!));
  // One rule for each item: names of rows and files are then plain texts.
  return items.flatMap((item) => [
    `rule ${name}${items.length > 1 ? `_${item.replace(/\W/g, "_")}` : ""}:`,
    ...before.length > 0 ? [`    input: ${before.join(", ")}`] : [],
    `    output: ${output(job, step, item)}`,
    `    threads: ${workers}`,
    `    resources: mem_mb=${Math.ceil(memory / 2 ** 20)}, runtime=${Math.ceil(seconds / 60)}`,
    `    shell: ${text(`cd ${quoteArgument(job.directory)} && ${step.command(item)}`, true)}`,
  ]);
}

function outputs(job: BatchJob, step: BatchStep): string {
  return step.items.map((item) => pathOf(job, step, item)).join(", ");
}

function pathOf({ folder }: BatchJob, step: BatchStep, item: string): string {
  return text(join(folder, step.output(item)));
}

/** What a step leaves: a folder that is there only when it is whole, or a file. */
function output(job: BatchJob, step: BatchStep, item: string): string {
  const path = pathOf(job, step, item);
  return step.output(item).endsWith(".json") ? path : `directory(${path})`;
}

/** A text of Python; braces are doubled where Snakemake would read them. */
function text(value: string, formatted = false): string {
  return JSON.stringify(formatted ? value.replaceAll("{", "{{").replaceAll("}", "}}") : value);
}

/** What a batch does, in steps that wait for each other: the same for every engine that runs them. */

import { join } from "node:path";
import { formatRows } from "../../library/distributed/bands.ts";
import { partName } from "../../library/distributed/gather_parts.ts";
import type { ScanPlan } from "../../library/distributed/plan.ts";
import { quoteArgument } from "../../library/scan/quote_argument.ts";
import type { PlanCosts } from "./plan_scan.ts";

/** One command, or one for each of several items. */
export interface BatchStep {
  readonly name: string;
  /** Bands of rows or numbers of frames; one item of its own where the step is one command. */
  readonly items: readonly string[];
  /** Steps that must be done first. */
  readonly after: readonly string[];
  /**
   * The command of an item, as a line of shell.
   *
   * @param item the item itself, or a variable of the shell that holds it
   */
  command(item: string): string;
  /** What it leaves, for engines that look for files; relative to the folder of the batch. */
  output(item: string): string;
  /** Threads of each command. */
  readonly workers: number;
  /** Bytes and seconds that each command is given. */
  readonly memory: number;
  readonly seconds: number;
}

/** Steps with all that their scripts say about them. */
export interface BatchJob {
  /** Folder of the batch, absolute. */
  readonly folder: string;
  /** Folder that the commands run in, absolute: names of files start there. */
  readonly directory: string;
  readonly steps: readonly BatchStep[];
}

/** What every command of a batch may take. */
export interface BatchResources {
  /** The program, as a line of shell. */
  readonly program: string;
  readonly workers: number;
  /** Bytes, as the flag of the commands has them; default: that of the commands. */
  readonly memory?: number;
}

/** Storage that gives each node less than this many bytes a second is not reckoned with. */
const slowestStorage = 100e6;
/** What estimates are multiplied by, and what starting takes, in seconds. */
const timeReserve = 3, startingTime = 300;
/** What estimates of memory are multiplied by. */
const memoryReserve = 1.3;

/** Time that a command is given: what it reads at the speed of slow storage or computes, three times, and five minutes. */
function givenTime(seconds: number, bytes: number): number {
  return Math.ceil(startingTime + timeReserve * Math.max(seconds, bytes / slowestStorage));
}

/** Memory that a command is given. */
function givenMemory(bytes: number): number {
  return Math.ceil(memoryReserve * bytes);
}

/** The steps that cluster a scan in parts. */
export function scanSteps(
  folder: string,
  plan: ScanPlan,
  costs: PlanCosts,
  withAverages: boolean,
  { program, workers, memory }: BatchResources,
): BatchStep[] {
  const own = (name: string) => quoteArgument(join(folder, name));
  const resources = `--workers ${workers}${memory === undefined ? "" : ` --memory ${memory}`} --quiet`;
  const input = quoteArgument(plan.input.path), bands = plan.bands.map(formatRows);
  const parts = (kind: "similarities" | "averages") =>
    plan.bands.map((band) => own(join("parts", partName(kind, band)))).join(" ");
  const partOf = (kind: string, item: string) => join("parts", `${kind}-${item.replace(":", "-")}`);
  const shellPart = (kind: string, item: string) =>
    item.startsWith("$") ? `${own(`parts/${kind}-`)}"\${item/:/-}"` : own(partOf(kind, item));
  const shared = { workers, ...{ seconds: givenTime(costs.partSeconds, costs.partBytes) } };
  const merging = {
    ...{ workers, memory: givenMemory(costs.mergeMemory), seconds: givenTime(costs.wholeSeconds / 4, 0) },
  };
  const cluster: BatchStep = {
    ...{ name: "cluster", items: bands, after: [], ...shared, memory: givenMemory(costs.partMemory) },
    command: (item) =>
      `${program} cluster ${input} --plan ${own("plan.json")} --rows ${quoted(item)} --part ${
        shellPart("similarities", item)
      } ${resources}`,
    output: (item) => partOf("similarities", item),
  };
  const result = own("result"), done = () => "result";
  if (!withAverages) {
    const command = () => `${program} merge ${parts("similarities")} --out ${result} --force ${resources}`;
    return [cluster, {
      name: "merge",
      items: ["all"],
      after: ["cluster"],
      ...merging,
      command,
      output: done,
    }];
  }
  return [
    cluster,
    {
      ...{ name: "labels", items: ["all"], after: ["cluster"], ...merging },
      command: () => `${program} merge ${parts("similarities")} --labels ${own("parts/labels")} ${resources}`,
      output: () => "parts/labels",
    },
    {
      // Clusters reach beyond the rows in which they begin.
      ...{
        name: "average",
        items: bands,
        after: ["labels"],
        workers,
        memory: givenMemory(costs.mergeMemory),
      },
      seconds: givenTime(costs.wholeSeconds, costs.wholeBytes),
      command: (item) =>
        `${program} average ${input} --plan ${own("plan.json")} --labels ${own("parts/labels")} --rows ${
          quoted(item)
        } --part ${shellPart("averages", item)} ${resources}`,
      output: (item) => partOf("averages", item),
    },
    {
      ...{ name: "merge", items: ["all"], after: ["cluster", "average"], ...merging, output: done },
      command: () =>
        `${program} merge ${parts("similarities")} ${parts("averages")} --out ${result} --force ${resources}`,
    },
  ];
}

/** A series for a batch. */
export interface SeriesBatch {
  readonly inputs: readonly string[];
  readonly frames: number;
  /** Words of `crystallite series` beside inputs and output. */
  readonly words: readonly string[];
  /** Of one frame: bytes of memory, bytes to read twice, seconds. */
  readonly frameMemory: number;
  readonly frameBytes: number;
  readonly frameSeconds: number;
}

/** Seconds that linking takes for each frame. */
const linkingTime = 2;

/** The steps that cluster a series: its first frame, all others, then tracks. */
export function seriesSteps(
  folder: string,
  { inputs, frames, words, frameMemory, frameBytes, frameSeconds }: SeriesBatch,
  { program, workers, memory }: BatchResources,
): BatchStep[] {
  const resources = [
    "--workers",
    String(workers),
    ...memory === undefined ? [] : ["--memory", String(memory)],
  ];
  const line = [...inputs, ...words, "--out", join(folder, "series"), ...resources, "--quiet"].map(
    quoteArgument,
  )
    .join(" ");
  const one = (item: string) => `${program} series ${line} --only ${quoted(item)}`;
  const frame = {
    ...{ workers, memory: givenMemory(frameMemory), seconds: givenTime(frameSeconds, 2 * frameBytes) },
    output: (item: string) => `series/frames/${item.padStart(4, "0")}`,
  };
  const others = Array.from({ length: frames - 1 }, (_, index) => String(index + 1));
  return [
    { ...frame, name: "first", items: ["0"], after: [], command: one },
    ...others.length > 0 ? [{ ...frame, name: "frames", items: others, after: ["first"], command: one }] : [],
    {
      ...{ name: "link", items: ["all"], after: [others.length > 0 ? "frames" : "first"], workers },
      ...{ memory: givenMemory(frameMemory), seconds: givenTime(linkingTime * frames, 0) },
      command: () => `${program} series ${line}`,
      output: () => "series/series.json",
    },
  ];
}

/** An item in a line of shell; variables stay what they are. */
function quoted(item: string): string {
  return item.startsWith("$") ? `"${item}"` : quoteArgument(item);
}

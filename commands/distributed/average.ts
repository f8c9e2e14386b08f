/** `crystallite average`: averages of the clusters that begin in some rows, for `crystallite merge`. */

import { Command } from "commander";
import {
  averagedBytes,
  averageOwn,
  clustersBeginningIn,
  readLabels,
} from "../../library/distributed/average_part.ts";
import type { Rows } from "../../library/distributed/bands.ts";
import {
  checkPartPlace,
  checkRows,
  findPart,
  isMade,
  type Part,
  writePart,
} from "../../library/distributed/part_files.ts";
import {
  checkInput,
  groundOf,
  parametersOf,
  readingOf,
  type ScanPlan,
} from "../../library/distributed/plan.ts";
import { readPlan } from "../../library/distributed/plan_file.ts";
import { openScan } from "../../library/formats/open.ts";
import type { AverageBatch } from "../../library/passes/averages/average_sweep.ts";
import { BadParameter, CorruptFile } from "../../library/scan/errors.ts";
import { pixelCount } from "../../library/scan/shape.ts";
import { parseRows } from "../clusters/cluster_part.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatBytes, formatCount, formatSeconds, formatTable } from "../console/format_quantity.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  required,
  type ResourceFlags,
} from "../options/output_options.ts";

const examples = `
A cluster is averaged by the part in which it begins, which reads on to its last row.

Examples:
  crystallite average scan.h5 --plan plan.json --labels parts/labels --rows 0:64 --part parts/averages-0-64
`;

/** Flags of `average`, as commander hands them over. */
interface Flags extends OutputFlags, ResourceFlags {
  readonly plan?: string;
  readonly labels?: string;
  readonly rows?: Rows;
  readonly part?: string;
}

/** The command `average`. */
export function averageCommand(context: CommandContext) {
  const command = new Command("average")
    .summary("average the clusters that begin in some rows of a scan")
    .description(
      "Averages the patterns of the clusters that begin in some rows of a scan, for crystallite merge.",
    )
    .argument("<input>", "scan to read")
    .option("--plan <FILE>", "plan of crystallite plan (required)")
    .option("--labels <DIR>", "labels of crystallite merge --labels (required)")
    .option("--rows <A:B>", "scan rows A to B - 1, in which clusters begin (required)", parseRows)
    .option("--part <DIR>", "folder to write (required)");
  return addOutputOptions(addResourceOptions(command))
    .addHelpText("after", examples)
    .action(async (input: string, flags: Flags) => {
      const planPath = required(flags.plan, "--plan FILE"),
        labelsPath = required(flags.labels, "--labels DIR");
      const rows = required(flags.rows, "--rows A:B"), path = required(flags.part, "--part DIR");
      await checkPartPlace(path);
      const plan = await readPlan(planPath);
      checkRows(rows, plan);
      await runWithProgress(context, flags, async (run) => {
        const started = performance.now(), { signal } = run.options;
        const ground = groundOf(plan, await parametersOf(plan)), { average, prefilter } = ground.parameters;
        const { labels, digest, weights } = readLabels(
          await labelsOf(labelsPath, plan),
          plan.input.shape,
          ground.parameters,
        );
        if (await isMade(path, plan, "averages", rows, digest)) {
          run.print({ part: path, rows, made: false }, formatTable([["part", `${path} is there already`]]));
          return;
        }
        if (average === "none") {
          throw new BadParameter("this plan asks for no averages", {
            expected: "a plan with --average raw or filtered",
            remedy: "merge the parts as they are",
          });
        }
        const scan = await openScan(input, readingOf(plan));
        try {
          await checkInput(plan, scan, signal);
          const own = clustersBeginningIn(labels, scan.shape.columns, rows), count = own.ids.length;
          const bytesRead = averagedBytes(scan, own, average === "filtered" ? prefilter!.radius : 0);
          const batches = averageOwn(scan, ground, own, weights, run.options);
          const { patternRows, patternColumns } = scan.shape, pixels = pixelCount(scan.shape);
          await writePart(path, {
            ...{ plan, holds: "averages", rows, labels: digest, bytesRead, started },
            arrays: [
              { name: "ids", dtype: "i32", shape: [count], pieces: [own.ids] },
              {
                ...{ name: "averages", dtype: "f32", shape: [count, patternRows, patternColumns] },
                pieces: placed(batches, pixels),
              },
            ],
          }, signal);
          scan.requireUnchanged?.();
          const seconds = (performance.now() - started) / 1000;
          run.print(
            { part: path, rows, made: true, clusters: count, bytesRead, seconds },
            formatTable([
              ["clusters", formatCount(count, "cluster")],
              ["read", formatBytes(bytesRead)],
              ["time", formatSeconds(seconds)],
              ["part", path],
            ]),
          );
        } finally {
          scan.close();
        }
      });
    });
}

async function labelsOf(path: string, plan: ScanPlan): Promise<Part> {
  const found = await findPart(path);
  if (!found.part || found.part.holds !== "labels") {
    throw new CorruptFile(`${path} does not hold the labels of a scan`, {
      file: path,
      expected: "what crystallite merge --labels writes",
      found: found.part ? `a part with ${found.part.holds}` : found.flaw,
      remedy: "make it with crystallite merge PARTS --labels",
    });
  }
  if (found.part.plan === plan.id) return found.part;
  throw new BadParameter(`${path} was made by another plan`, {
    file: path,
    expected: `plan ${plan.id.slice(0, 12)}`,
    found: `plan ${found.part.plan.slice(0, 12)}`,
    remedy: "give the plan that the parts were made by",
  });
}

/** Batches as pieces of an array, each with its place. */
async function* placed(batches: AsyncIterable<AverageBatch>, pixels: number) {
  for await (const { first, patterns } of batches) yield { first: first * pixels, data: patterns };
}

/** `crystallite demo`: from nothing to a result, to see what it looks like. */

import { Command } from "commander";
import { autoPreset } from "../../library/cluster/presets.ts";
import type { ClusterParameters } from "../../library/cluster/parameters.ts";
import { writeScanFile } from "../../library/conversion/convert.ts";
import { builtInCrystal } from "../../library/crystal/built_in.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import { openScan } from "../../library/formats/open.ts";
import { writeOutputs } from "../../library/results/output_files.ts";
import { readResult } from "../../library/results/read.ts";
import { quoteArgument } from "../../library/scan/quote_argument.ts";
import { formatShape } from "../../library/scan/shape.ts";
import { simulationExample } from "../../library/simulation/examples.ts";
import { type SimulatedScan, simulateScan } from "../../library/simulation/scan.ts";
import { writeTruth } from "../../library/simulation/truth_file.ts";
import { runClustering } from "../clusters/run_clustering.ts";
import { describeMapScores } from "../clusters/score_maps.ts";
import { describePartition, scoreScan } from "../clusters/score_scan.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "../console/command_context.ts";
import { formatTable } from "../console/format_quantity.ts";
import { checkOutputDirectory, checkOutputFile } from "../console/output_file.ts";
import { orientResult } from "../crystals/orient_result.ts";
import { strainResult } from "../crystals/strain_result.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  type ResourceFlags,
} from "../options/output_options.ts";
import { simulationProgress } from "../scans/simulation_progress.ts";

/** The experiment of the paper. */
const example = "liquid-cell-gold";

/** Particles lie in a liquid, which their dark field tells apart. */
const parameters: ClusterParameters = { ...autoPreset, mask: { kind: "virtual" } };

const examples = `
The same in single commands:
  crystallite simulate --example ${example} --out gold.h5
  crystallite cluster gold.h5 --mask virtual --out gold
  crystallite orient gold --crystal Au
  crystallite strain gold
  crystallite score gold gold_truth.npz

Examples:
  crystallite demo
  crystallite demo --out somewhere/demo
`;

/** Flags of `demo`, as commander hands them over. */
interface Flags extends OutputFlags, ResourceFlags {
  readonly out: string;
}

/** The command `demo`. */
export function demoCommand(context: CommandContext) {
  const command = new Command("demo")
    .summary("simulate a scan, cluster it, and say where the report lies")
    .description(
      "Simulates the experiment of the paper, gold particles in a liquid cell, clusters it, maps orientation and " +
        "strain, compares all of it with the particles, and writes a result directory, and the scan beside it (25 MB). " +
        "Takes about half a minute.",
    )
    .option(
      "--out <DIR>",
      "result directory; an older result in it is replaced, and DIR-scan.h5 and DIR-scan_truth.npz beside it",
      "demo-result",
    );
  return addOutputOptions(addResourceOptions(command))
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const directory = flags.out, beside = `${directory.replace(/[\\/]+$/, "")}-scan`;
      const files = { scan: `${beside}.h5`, truth: `${beside}_truth.npz` };
      await checkOutputDirectory(context.say, directory, { force: true });
      await checkOutputFile(context.say, files.scan, [".h5"], true);
      await checkOutputFile(context.say, files.truth, [".npz"], true);
      await runWithProgress(context, flags, async (run) => {
        // Threads are started once for all steps.
        const { shape, plain, lines } = await withEngine(run.options, async (engine) => {
          const shared = { ...run, options: { ...run.options, engine } };
          const { shape } = await simulate(shared, files);
          return { shape, ...await analyse(shared, directory, files.scan, context.command) };
        });
        const { score, maps } = await scoreScan(directory, files.truth);
        const agreement = score.interiors ?? score.all;
        run.print(
          {
            ...plain,
            ...files,
            shape,
            grains: score.grains,
            adjustedRandIndex: agreement.adjustedRandIndex,
            ...maps,
          },
          formatTable([
            ["scan", `${formatShape(shape)}, simulated, ${score.grains} grains: ${files.scan}`],
            ...lines,
            ["inside grains", describePartition(agreement)],
            ...describeMapScores(maps),
          ]) + `\nIn the browser:     crystallite serve ${quoteArgument(directory)}\n` +
            "Now your own scan:  crystallite info SCAN\n" +
            "                    crystallite cluster SCAN --out result\n",
        );
      });
    });
}

/** Writes the scan and its truth, which stay for whoever looks at the result later. */
async function simulate(
  run: CommandRun,
  { scan, truth }: { readonly scan: string; readonly truth: string },
): Promise<SimulatedScan> {
  const simulated = simulateScan((await simulationExample(example)).scan);
  await writeOutputs(
    [
      {
        path: scan,
        write: async (path) => void await writeScanFile(path, simulated, simulationProgress(run.options)),
      },
      { path: truth, write: (path) => writeTruth(path, simulated) },
    ],
    true,
    run.options.signal,
  );
  return simulated;
}

/** Clusters, orientations and strain of a scan, each added to the result. */
async function analyse(run: CommandRun, directory: string, path: string, command: readonly string[]) {
  const scan = await openScan(path);
  try {
    const summary = await runClustering(run, scan, parameters, { directory, force: true, command });
    const crystal = await builtInCrystal("Au");
    await orientResult(run, await readResult(directory), [{ crystal }], { fitPixelSize: true });
    await strainResult(run, await readResult(directory), scan, { reference: "median" });
    return summary;
  } finally {
    scan.close();
  }
}

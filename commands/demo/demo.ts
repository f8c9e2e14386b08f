/** `crystallite demo`: from nothing to a result, to see what it looks like. */

import { Command } from "commander";
import type { ClusterParameters } from "../../library/cluster/parameters.ts";
import { defaultParameters } from "../../library/cluster/presets.ts";
import { defaultPrefilter } from "../../library/passes/prefilter/parameters.ts";
import { NpyWriter } from "../../library/formats/npy_writer.ts";
import { openScan } from "../../library/formats/open.ts";
import { writeOutputs } from "../../library/results/output_files.ts";
import { quoteArgument } from "../../library/scan/quote_argument.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { scanFromArray } from "../../library/scan/scan_from_array.ts";
import { type SimulatedScan, simulateScan } from "../../library/simulation/scan.ts";
import type { SimulationParameters } from "../../library/simulation/parameters.ts";
import { adjustedRandIndex } from "../../library/scoring/agreement.ts";
import { formatShape, pixelCount, probeCount } from "../../library/scan/shape.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "../console/command_context.ts";
import { mapDemo } from "./demo_maps.ts";
import { formatTable } from "../console/format_quantity.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  type ResourceFlags,
} from "../options/output_options.ts";
import { checkOutputDirectory, checkOutputFile } from "../console/output_file.ts";
import { runClustering } from "../clusters/run_clustering.ts";
import { simulatedRows } from "../scans/simulated_rows.ts";

/** A gold film of 40 grains, a quarter of them twinned. */
const simulation: Partial<SimulationParameters> = {
  rows: 96,
  columns: 96,
  patternRows: 96,
  patternColumns: 96,
  grains: 40,
  seed: 4,
};

/**
 * Found by trying: the direct beam and the halo are alike everywhere, so only what lies outside them is compared; the
 * prefilter takes the counting noise away and keeps the grains apart where the probe straddles two of them.
 */
const parameters: ClusterParameters = {
  ...defaultParameters,
  blur: 1,
  prefilter: { ...defaultPrefilter, blur: 2, range: [0.7, 0.9], edge: 2 },
  detectorMask: { kind: "outside", radius: 8 },
  threshold: 0.96,
  average: "filtered",
};

const examples = `
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
      "Simulates a scan of a polycrystalline gold film with known grains, clusters it, compares the clusters with the " +
        "grains, and writes a result directory, and the scan beside it (170 MB). Takes a few seconds.",
    )
    .option(
      "--out <DIR>",
      "result directory; an older result in it is replaced, and DIR-scan.npy beside it",
      "demo-result",
    );
  return addOutputOptions(addResourceOptions(command))
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const scanFile = `${flags.out.replace(/[\\/]+$/, "")}-scan.npy`;
      await checkOutputDirectory(context.say, flags.out, { force: true });
      await checkOutputFile(context.say, scanFile, [".npy"], true);
      await runWithProgress(context, flags, async (run) => {
        const { scan, simulated } = await simulateOnce(run, scanFile), { truth } = simulated;
        const target = { directory: flags.out, force: true, command: context.command };
        const { clustering, plain, lines } = await runClustering(run, scan, parameters, target);
        const maps = await mapDemo(run, flags.out, scan, simulated);
        const agreement = adjustedRandIndex(clustering.labels, truth.labels);
        const crystals = new Set(truth.labels.filter((label) => label >= 0)).size;
        run.print(
          {
            ...plain,
            ...maps.plain,
            scan: scanFile,
            shape: scan.shape,
            crystals,
            adjustedRandIndex: agreement,
          },
          formatTable([
            ["scan", `${formatShape(scan.shape)}, simulated, ${crystals} crystals: ${scanFile}`],
            [
              "agreement",
              `adjusted Rand index ${agreement.toFixed(2)} with the true crystals (1 = equal, 0 = chance)`,
            ],
            ...lines,
            ...maps.lines,
          ]) + `\nIn the browser:     crystallite serve ${quoteArgument(flags.out)}\n` +
            "Now your own scan:  crystallite info SCAN\n" +
            "                    crystallite cluster SCAN --out result --preset auto\n",
        );
      });
    });
}

/**
 * The demo's scan, computed once: every pass over a simulated scan would simulate it again. The file is there for whoever
 * looks at the result later, whose patterns are in it.
 */
async function simulateOnce(
  run: CommandRun,
  path: string,
): Promise<{ scan: Scan; simulated: SimulatedScan }> {
  const simulated = simulateScan(simulation);
  const { shape, calibration, dtype } = simulated;
  const data = new Uint16Array(probeCount(shape) * pixelCount(shape));
  let filled = 0;
  for await (const row of simulatedRows(simulated, run.options)) {
    data.set(row, filled);
    filled += row.length;
  }
  const { rows, columns, patternRows, patternColumns } = shape;
  const write = (temporary: string) => {
    const writer = NpyWriter.create(temporary, dtype, [rows, columns, patternRows, patternColumns]);
    try {
      writer.write(data);
      writer.close();
    } finally {
      writer.abort();
    }
  };
  await writeOutputs([{ path, write }], true, run.options.signal);
  const { source, close } = await openScan(path);
  close();
  return { scan: { ...scanFromArray(data, shape, { calibration }), source }, simulated };
}

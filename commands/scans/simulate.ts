/** `crystallite simulate`: test scans with known grains. */

import { Command } from "commander";
import { writeScanFile } from "../../library/conversion/convert.ts";
import { targetExtensions, targetOf } from "../../library/conversion/targets.ts";
import { simulateScan } from "../../library/simulation/scan.ts";
import { writeOutputs } from "../../library/results/output_files.ts";
import { scanBytes } from "../../library/results/run_record.ts";
import { dtypeName } from "../../library/scan/dtype.ts";
import { formatShape } from "../../library/scan/shape.ts";
import { writeTruth } from "../../library/simulation/truth_file.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatBytes, formatTable } from "../console/format_quantity.ts";
import { checkOutputFile } from "../console/output_file.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  required,
  type ResourceFlags,
} from "../options/output_options.ts";
import { addExampleOptions, chosenExample, type ExampleFlags } from "./simulate_example.ts";
import { addSimulationOptions, type SimulationFlags, simulationParameters } from "./simulate_options.ts";
import {
  addSimulatedSeriesOptions,
  refuseSeriesFlags,
  seriesParameters,
  type SimulatedSeriesFlags,
  writeSimulatedSeries,
} from "./simulate_series.ts";
import { simulationProgress } from "./simulation_progress.ts";

const examples = `
Examples:
  crystallite simulate --example liquid-cell-gold --out gold.h5
  crystallite simulate --out test.npy
  crystallite simulate --out film.npy --rows 128 --columns 128 --grains 40 --dose 2000 --seed 7
  crystallite simulate --out particles.npy --layout particles --coverage 0.4
  crystallite simulate --out phases.npy --crystal Au --crystal Pt --voltage 300kV --descan 3
  crystallite simulate --out growth.npy --layout particles --frames 20 --drift 3 --merges 4
  crystallite simulate --out stripe.npy --crystal Si --strain 0 --stripe-strain 0.01,0,0
`;

/** Flags of `simulate`, as commander hands them over. */
interface Flags extends ExampleFlags, SimulationFlags, SimulatedSeriesFlags, OutputFlags, ResourceFlags {
  readonly out?: string;
  readonly force?: true;
}

/** The command `simulate`. */
export function simulateCommand(context: CommandContext) {
  const command = new Command("simulate")
    .summary("write a simulated scan with its ground truth")
    .description(
      "Simulates nanobeam diffraction of polycrystals: gold, or the crystals that are given, as many grains of each. " +
        "Writes the scan (uint16 counts) and, beside it, NAME_truth.npz with the true labels, orientations, phases and " +
        "strain. With --example a whole experiment by its name. With --frames a series of scans of one specimen, whose " +
        "crystals keep their numbers. Equal parameters give equal counts. Files other than .npy keep pixel sizes and beam " +
        "energy, so that later commands need not be told.",
    )
    .option("--out <FILE>", `scan to write: ${targetExtensions.join(", ")} (required)`)
    .option("--force", "replace existing files (default: refuse)");
  return addOutputOptions(
    addResourceOptions(addSimulatedSeriesOptions(addSimulationOptions(addExampleOptions(command)))),
  )
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const force = flags.force === true;
      const out = required(flags.out, "--out FILE");
      const { folder } = targetOf(out);
      const truth = out.replace(/\.\w+$/, "") + "_truth.npz";
      await checkOutputFile(context.say, out, targetExtensions, force, () => folder);
      await checkOutputFile(context.say, truth, [".npz"], force);
      await runWithProgress(context, flags, async (run) => {
        const example = await chosenExample(flags);
        const parameters = { ...example?.scan, ...await simulationParameters(flags) };
        if (flags.frames !== undefined) {
          const course = { ...example?.series, ...seriesParameters(flags) };
          return await writeSimulatedSeries(run, parameters, course, { out, truth, folder, force });
        }
        refuseSeriesFlags(flags);
        const scan = simulateScan(parameters);
        const write = (path: string) => writeScanFile(path, scan, simulationProgress(run.options));
        await writeOutputs(
          [
            { path: out, folder, write: async (path) => void await write(path) },
            { path: truth, write: (path) => writeTruth(path, scan) },
          ],
          force,
          context.signal,
        );
        scan.warnings.forEach(run.warn);
        const bytes = scanBytes(scan);
        run.print(
          {
            out: out,
            truth,
            shape: scan.shape,
            dtype: dtypeName(scan.dtype),
            bytes,
          },
          formatTable([
            ["scan", `${formatShape(scan.shape)}, ${dtypeName(scan.dtype)}, ${formatBytes(bytes)}`],
            ["written", out],
            ["truth", truth],
          ]),
        );
      });
    });
}

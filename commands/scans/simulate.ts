/** `crystallite simulate`: test scans with known grains. */

import { Command } from "commander";
import type { RunOptions } from "../../library/engine/options.ts";
import { type SimulatedScan, simulateScan } from "../../library/simulation/scan.ts";
import { NpyWriter } from "../../library/formats/npy_writer.ts";
import { writeOutputs } from "../../library/results/output_files.ts";
import { scanBytes } from "../../library/results/run_record.ts";
import { dtypeName } from "../../library/scan/dtype.ts";
import { formatShape } from "../../library/scan/shape.ts";
import { writeTruth } from "../../library/simulation/truth_file.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatBytes, formatTable } from "../console/format_quantity.ts";
import { checkOutputFile } from "../console/output_file.ts";
import { addOutputOptions, type OutputFlags, required } from "../options/output_options.ts";
import { addSimulationOptions, type SimulationFlags, simulationParameters } from "./simulate_options.ts";
import {
  addSimulatedSeriesOptions,
  refuseSeriesFlags,
  seriesParameters,
  type SimulatedSeriesFlags,
  writeSimulatedSeries,
} from "./simulate_series.ts";
import { simulatedRows } from "./simulated_rows.ts";

const examples = `
Examples:
  crystallite simulate --out test.npy
  crystallite simulate --out film.npy --rows 128 --columns 128 --grains 40 --dose 2000 --seed 7
  crystallite simulate --out particles.npy --layout particles --coverage 0.4
  crystallite simulate --out phases.npy --crystal Au --crystal Pt --voltage 300kV --descan 3
  crystallite simulate --out growth.npy --layout particles --frames 20 --drift 3 --merges 4
  crystallite simulate --out stripe.npy --crystal Si --strain 0 --stripe-strain 0.01,0,0
`;

/** Flags of `simulate`, as commander hands them over. */
interface Flags extends SimulationFlags, SimulatedSeriesFlags, OutputFlags {
  readonly out?: string;
  readonly force?: true;
}

/** The command `simulate`. */
export function simulateCommand(context: CommandContext) {
  const command = new Command("simulate")
    .summary("write a simulated scan with its ground truth")
    .description(
      "Simulates nanobeam diffraction of polycrystals: gold, or the crystals that are given, as many grains of each. " +
        "Writes the scan (uint16 .npy) and, beside it, NAME_truth.npz with the true labels, orientations, phases and " +
        "strain. With --frames a series of scans of one specimen, whose crystals keep their numbers. Equal parameters give " +
        "equal files.",
    )
    .option("--out <FILE>", "scan to write, .npy (required)")
    .option("--force", "replace existing files (default: refuse)");
  return addOutputOptions(addSimulatedSeriesOptions(addSimulationOptions(command)))
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const force = flags.force === true;
      const out = required(flags.out, "--out FILE");
      const truth = out.replace(/\.npy$/i, "") + "_truth.npz";
      await checkOutputFile(context.say, out, [".npy"], force);
      await checkOutputFile(context.say, truth, [".npz"], force);
      await runWithProgress(context, flags, async (run) => {
        const parameters = await simulationParameters(flags);
        if (flags.frames !== undefined) {
          return await writeSimulatedSeries(run, parameters, seriesParameters(flags), { out, truth, force });
        }
        refuseSeriesFlags(flags);
        const scan = simulateScan(parameters);
        await writeOutputs(
          [
            { path: out, write: (path) => writeScan(path, scan, run.options) },
            { path: truth, write: (path) => writeTruth(path, scan) },
          ],
          force,
          context.signal,
        );
        const bytes = scanBytes(scan);
        run.print(
          {
            out: out,
            truth,
            shape: scan.shape,
            dtype: dtypeName(scan.dtype),
            bytes,
            warnings: scan.warnings,
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

/** Writes a scan to `.npy`, one scan row after the other. */
async function writeScan(path: string, scan: SimulatedScan, options: RunOptions): Promise<void> {
  const { rows, columns, patternRows, patternColumns } = scan.shape;
  const writer = NpyWriter.create(path, scan.dtype, [rows, columns, patternRows, patternColumns]);
  try {
    for await (const row of simulatedRows(scan, options)) writer.write(row);
    writer.close();
  } finally {
    writer.abort();
  }
}

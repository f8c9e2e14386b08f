/** `crystallite filter`: the prefiltered scan as a file. */

import { Command } from "commander";
import { defaultParameters } from "../library/cluster/presets.ts";
import {
  checkPrefilter,
  defaultPrefilter,
  type PrefilterParameters,
  prefilterSchema,
} from "../library/passes/prefilter/parameters.ts";
import { type FilteredRows, filterScan } from "../library/passes/prefilter/filter_scan.ts";
import type { Scan } from "../library/scan/scan.ts";
import { NpyWriter } from "../library/formats/npy_writer.ts";
import { FilteredFile } from "../library/results/filtered.ts";
import { formatShape, pixelCount, probeCount } from "../library/scan/shape.ts";
import { type CommandContext, runWithProgress } from "./command_context.ts";
import { formatBytes, formatSeconds, formatTable } from "./format_quantity.ts";
import { checkOutputFile, refuseOwnInput, writeOutputs } from "./output_file.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  required,
  type ResourceFlags,
} from "./output_options.ts";
import { readBadPixels } from "../library/passes/detector/mask_files.ts";
import { addDetectorOptions, addPrefilterOptions, addReadingOptions, withScan } from "./parameter_options.ts";
import type { ReadingFlags } from "../library/parameters/reading.ts";
import { fillRecord } from "../library/parameters/record.ts";
import type { Given } from "../library/parameters/schema.ts";
import type { DetectorFlags } from "../library/passes/detector/parameters.ts";
import { version } from "../library/results/version.ts";

const extensions = [".npy", ".h5"] as const;

const examples = `
Examples:
  crystallite filter scan.h5 --out filtered.npy
  crystallite filter scan.npy --prefilter-blur 1 --prefilter-edge 2 --out filtered.h5
`;

/** Flags of `filter`, as commander hands them over. */
interface Flags extends Given<PrefilterParameters>, ReadingFlags, DetectorFlags, OutputFlags, ResourceFlags {
  readonly out?: string;
  readonly force?: true;
}

/** The command `filter`. */
export function filterCommand(context: CommandContext) {
  const command = new Command("filter")
    .summary("write the prefiltered scan")
    .description(
      "Averages each pattern with the similar ones nearby (the correlative prefilter of the paper) and writes the whole " +
        "filtered scan as float32, as .npy or as EMD 1.0 .h5.",
    )
    .argument("<input>", "scan to read")
    .option("--out <FILE>", "file to write: .npy or .h5 (required)")
    .option("--force", "replace an existing file (default: refuse)");
  return addOutputOptions(
    addResourceOptions(addDetectorOptions(addReadingOptions(addPrefilterOptions(command)))),
  )
    .addHelpText("after", examples)
    .action(async (input: string, flags: Flags) => {
      const force = flags.force === true;
      const out = required(flags.out, "--out FILE");
      const extension = await checkOutputFile(out, extensions, force);
      await refuseOwnInput(out, input);
      const prefilter = fillRecord(prefilterSchema, flags, defaultPrefilter) as PrefilterParameters;
      checkPrefilter(prefilter);
      await runWithProgress(context, flags, (run) =>
        withScan(input, flags, async (scan) => {
          scan.warnings.forEach(run.warn);
          if (flags.center) run.warn("--q-center does not change the filtered patterns");
          const bytes = 4 * probeCount(scan.shape) * pixelCount(scan.shape);
          run.say(`writing ${formatBytes(bytes)} to ${out}`);
          const badPixels = await readBadPixels(
            flags.badPixels ?? defaultParameters.badPixels,
            scan.shape,
            flags.qBin,
          );
          const started = performance.now();
          const filtered = filterScan(scan, { badPixels, prefilter }, run.options);
          const write = async (path: string) => writeRows(await openWriter(extension, path, scan), filtered);
          await writeOutputs([{ path: out, write }], force, context.signal);
          const seconds = (performance.now() - started) / 1000;
          run.print(
            { out, shape: scan.shape, dtype: "float32", bytes, prefilter, seconds, warnings: scan.warnings },
            formatTable([
              ["filtered", `${formatShape(scan.shape)}, float32, ${formatBytes(bytes)}`],
              ["written", out],
              ["time", formatSeconds(seconds)],
            ]),
          );
        }));
    });
}

/** A file that takes scan rows one after the other. */
interface RowWriter {
  write(patterns: Float32Array): void;
  close(): void;
  abort(): void;
}

async function openWriter(
  extension: typeof extensions[number],
  path: string,
  scan: Scan,
): Promise<RowWriter> {
  const { rows, columns, patternRows, patternColumns } = scan.shape;
  return extension === ".npy"
    ? NpyWriter.create(path, "f32", [rows, columns, patternRows, patternColumns])
    : await FilteredFile.create(path, scan, version);
}

async function writeRows(writer: RowWriter, filtered: AsyncIterable<FilteredRows>): Promise<void> {
  try {
    for await (const { patterns } of filtered) writer.write(patterns);
    writer.close();
  } finally {
    writer.abort();
  }
}

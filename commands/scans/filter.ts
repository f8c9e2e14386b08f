/** `crystallite filter`: the prefiltered scan as a file. */

import { Command } from "commander";
import { defaultParameters } from "../../library/cluster/presets.ts";
import {
  checkPrefilter,
  defaultPrefilter,
  type PrefilterParameters,
  prefilterSchema,
} from "../../library/passes/prefilter/parameters.ts";
import type { Compression } from "../../library/conversion/compression.ts";
import { writeFilteredScan } from "../../library/conversion/filtered_scan.ts";
import { compressionFor, targetExtensions, targetOf } from "../../library/conversion/targets.ts";
import { formatShape, pixelCount, probeCount } from "../../library/scan/shape.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatBytes, formatSeconds, formatTable } from "../console/format_quantity.ts";
import { addCompressionOption, readingAdvice } from "../options/compression_option.ts";
import { checkOutputFile, refuseOwnInput } from "../console/output_file.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  required,
  type ResourceFlags,
} from "../options/output_options.ts";
import { readBadPixels } from "../../library/passes/detector/mask_files.ts";
import {
  addDetectorOptions,
  addPrefilterOptions,
  addReadingOptions,
  withScan,
} from "../options/parameter_options.ts";
import type { ReadingFlags } from "../../library/parameters/reading.ts";
import { fillRecord } from "../../library/parameters/record.ts";
import type { Given } from "../../library/parameters/schema.ts";
import type { DetectorFlags } from "../../library/passes/detector/parameters.ts";

const examples = `
Examples:
  crystallite filter scan.h5 --out filtered.npy
  crystallite filter scan.npy --prefilter-blur 1 --prefilter-edge 2 --out filtered.h5
`;

/** Flags of `filter`, as commander hands them over. */
interface Flags extends Given<PrefilterParameters>, ReadingFlags, DetectorFlags, OutputFlags, ResourceFlags {
  readonly out?: string;
  readonly compression?: Compression;
  readonly force?: true;
}

/** The command `filter`. */
export function filterCommand(context: CommandContext) {
  const command = new Command("filter")
    .summary("write the prefiltered scan")
    .description(
      "Averages each pattern with the similar ones nearby (the correlative prefilter of the paper) and writes the whole " +
        "filtered scan as float32: EMD 1.0 (.h5, which py4DSTEM opens), for HyperSpy (.hspy, .zspy), Zarr 3 (.zarr) or .npy.",
    )
    .argument("<input>", "scan to read")
    .option("--out <FILE>", `file to write: ${targetExtensions.join(", ")} (required)`)
    .option("--force", "replace an existing file (default: refuse)");
  return addOutputOptions(
    addResourceOptions(
      addDetectorOptions(addReadingOptions(addPrefilterOptions(addCompressionOption(command)))),
    ),
  )
    .addHelpText("after", examples)
    .action(async (input: string, flags: Flags) => {
      const force = flags.force === true;
      const out = required(flags.out, "--out FILE");
      await checkOutputFile(context.say, out, targetExtensions, force, () => targetOf(out).folder);
      compressionFor(targetOf(out), flags.compression);
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
          const { compression } = flags;
          const written = await writeFilteredScan(scan, out, { badPixels, prefilter }, {
            ...run.options,
            ...{ compression, force },
          });
          const seconds = (performance.now() - started) / 1000;
          run.print(
            { out, shape: scan.shape, dtype: "float32", ...written, prefilter, seconds },
            formatTable([
              ["filtered", `${formatShape(scan.shape)}, float32, ${formatBytes(bytes)}`],
              ["written", `${out}, ${formatBytes(written.packedBytes)}`],
              ["reading", readingAdvice(out, written.compression)],
              ["time", formatSeconds(seconds)],
            ]),
          );
        }));
    });
}

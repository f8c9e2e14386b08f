/** `crystallite convert`: a scan or series in another format. */

import { Command } from "commander";
import { type ConvertOptions, convertScan } from "../../library/conversion/convert.ts";
import { compressionFor, targetExtensions, targetOf } from "../../library/conversion/targets.ts";
import { openScans } from "../../library/formats/open.ts";
import { openOptions, type ReadingFlags } from "../../library/parameters/reading.ts";
import { dtypeName } from "../../library/scan/dtype.ts";
import { isSeries } from "../../library/scan/scan.ts";
import { formatShape } from "../../library/scan/shape.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatBytes, formatNumber, formatSeconds, formatTable } from "../console/format_quantity.ts";
import { addCompressionOption, readingAdvice } from "../options/compression_option.ts";
import { checkOutputFile, refuseOwnInput } from "../console/output_file.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  required,
  type ResourceFlags,
} from "../options/output_options.ts";
import { addReadingOptions } from "../options/parameter_options.ts";

const examples = `
Examples:
  crystallite convert scan.mib --scan-shape 256x256 --out scan.h5
  crystallite convert scan_master.h5 --roi 0:128,0:128 --out corner.zspy
  crystallite convert scan.dm4 --compression gzip --out scan.hspy
`;

/** Flags of `convert`, as commander hands them over. */
interface Flags extends ReadingFlags, OutputFlags, ResourceFlags, Pick<ConvertOptions, "compression"> {
  readonly out?: string;
  readonly force?: true;
}

/** The command `convert`. */
export function convertCommand(context: CommandContext) {
  const command = new Command("convert")
    .summary("write a scan in another format")
    .description(
      "Writes a scan or series with its calibration as EMD 1.0 (.h5, which py4DSTEM opens), for HyperSpy (.hspy, .zspy), " +
        "as Zarr 3 (.zarr) or as .npy. Numbers stay as they are, bit for bit.",
    )
    .argument("<input>", "scan to read")
    .option("--out <FILE>", `file to write: ${targetExtensions.join(", ")} (required)`)
    .option("--force", "replace an existing file (default: refuse)");
  return addOutputOptions(addResourceOptions(addReadingOptions(addCompressionOption(command))))
    .addHelpText("after", examples)
    .action(async (input: string, flags: Flags) => {
      const force = flags.force === true;
      const out = required(flags.out, "--out FILE");
      await checkOutputFile(context.say, out, targetExtensions, force, () => targetOf(out).folder);
      compressionFor(targetOf(out), flags.compression);
      await refuseOwnInput(out, input);
      await runWithProgress(context, flags, async (run) => {
        const scan = await openScans(input, openOptions(flags));
        try {
          const started = performance.now();
          const { compression } = flags;
          const written = await convertScan(scan, out, { ...run.options, force, compression });
          const seconds = (performance.now() - started) / 1000;
          [...scan.warnings, ...written.warnings].forEach(run.warn);
          const frames = isSeries(scan) ? scan.frames : undefined;
          const shape = `${frames === undefined ? "" : `${frames} x `}${formatShape(scan.shape)}`;
          const { bytes, packedBytes } = written;
          const advice = readingAdvice(out, written.compression);
          run.print(
            { out, ...written, frames, shape: scan.shape, dtype: dtypeName(scan.dtype), seconds },
            formatTable([
              ["scan", `${shape}, ${dtypeName(scan.dtype)}, ${formatBytes(bytes)}`],
              [
                "written",
                `${out}, ${written.format}, chunks of ${written.chunk.join(" x ")}, ${written.compression}`,
              ],
              [
                "size",
                `${formatBytes(packedBytes)}, ${
                  formatNumber(bytes / Math.max(1, packedBytes))
                } times smaller`,
              ],
              ["time", `${formatSeconds(seconds)}, ${formatBytes(bytes / seconds)}/s`],
              ["reading", advice],
            ]),
          );
        } finally {
          scan.close();
        }
      });
    });
}

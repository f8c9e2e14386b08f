/** `crystallite virtual`: images from a virtual detector. */

import { Command } from "commander";
import { defaultParameters } from "../../library/cluster/presets.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { virtualImage } from "../../library/passes/virtual_image.ts";
import { encodeNpy } from "../../library/formats/npy_writer.ts";
import { magnifyImage } from "../../library/report/image.ts";
import { mapMagnification, percentileRange, renderScalarMap } from "../../library/report/map_image.ts";
import { encodePng } from "../../library/report/png.ts";
import { withScaleBar } from "../../library/report/scale_bar.ts";
import { encodeFloatTiff } from "../../library/report/tiff.ts";
import { type CommandContext, runWithProgress } from "../console/command_context.ts";
import { formatNumber, formatTable } from "../console/format_quantity.ts";
import { checkOutputFile, refuseOwnInput } from "../console/output_file.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  required,
  type ResourceFlags,
} from "../options/output_options.ts";
import { addDetectorOptions, addReadingOptions, withScan } from "../options/parameter_options.ts";
import type { ReadingFlags } from "../../library/parameters/reading.ts";
import type { DetectorFlags } from "../../library/passes/detector/parameters.ts";
import { writeOutputBytes } from "../../library/results/output_files.ts";
import { parseVirtualDetector } from "../../library/passes/detector/mask_kinds.ts";
import { readBadPixels, readDetectorMask } from "../../library/passes/detector/mask_files.ts";

const extensions = [".png", ".npy", ".tif", ".tiff"] as const;

const examples = `
Examples:
  crystallite virtual scan.h5 --detector bf:4 --out bright_field.png
  crystallite virtual scan.npy --detector adf:8,30 --q-center auto --out dark_field.tif
`;

/** Flags of `virtual`, as commander hands them over. */
interface Flags extends ReadingFlags, DetectorFlags, OutputFlags, ResourceFlags {
  readonly out?: string;
  readonly detector?: ReturnType<typeof parseVirtualDetector>;
  readonly force?: true;
}

/** The command `virtual`. */
export function virtualCommand(context: CommandContext) {
  const command = new Command("virtual")
    .summary("write a virtual bright-field or dark-field image")
    .description(
      "Sums the counts inside a virtual detector for every probe position. Writes a grey picture (.png, contrast " +
        "stretched to all but the outermost 0.1 % of values), or the sums themselves as float32 (.npy, .tif).",
    )
    .argument("<input>", "scan to read")
    .option("--out <FILE>", "file to write: .png, .npy, .tif or .tiff (required)")
    .option(
      "--detector <SHAPE>",
      "bf:R (r <= R), adf:R1,R2 (R1 <= r <= R2), radii in detector pixels about the q centre, or a file with nonzero " +
        "= keep (required)",
      parseVirtualDetector,
    )
    .option("--force", "replace an existing file (default: refuse)");
  return addOutputOptions(addResourceOptions(addDetectorOptions(addReadingOptions(command))))
    .addHelpText("after", examples)
    .action(async (input: string, flags: Flags) => {
      const force = flags.force === true;
      const out = required(flags.out, "--out FILE");
      const detector = required(
        flags.detector,
        "--detector SHAPE",
        "--detector bf:R or --detector adf:R1,R2, with radii in pixels",
      );
      const extension = await checkOutputFile(context.say, out, extensions, force);
      await refuseOwnInput(out, input);
      await runWithProgress(context, flags, (run) =>
        withScan(input, flags, async (scan) => {
          scan.warnings.forEach(run.warn);
          const image = await virtualImage(scan, {
            detector: await readDetectorMask(detector, scan.shape, "detector"),
            center: flags.center ?? defaultParameters.center,
            badPixels: await readBadPixels(
              flags.badPixels ?? defaultParameters.badPixels,
              scan.shape,
              flags.qBin,
            ),
          }, run.options);
          const bytes = encodeImage(extension, image, scan);
          await writeOutputBytes(out, bytes, force, context.signal);
          const { minimum, maximum, mean } = summary(image);
          run.print(
            {
              out,
              rows: scan.shape.rows,
              columns: scan.shape.columns,
              minimum,
              maximum,
              mean,
            },
            formatTable([
              ["image", `${scan.shape.rows} x ${scan.shape.columns} probe positions`],
              [
                "counts",
                `${formatNumber(minimum)} to ${formatNumber(maximum)}, mean ${formatNumber(mean)}`,
              ],
              ["written", out],
            ]),
          );
        }));
    });
}

/** The image in the format of its file's extension. */
function encodeImage(extension: typeof extensions[number], image: Float32Array, scan: Scan): Uint8Array {
  const { rows, columns } = scan.shape;
  switch (extension) {
    case ".npy":
      return encodeNpy("f32", [rows, columns], image);
    case ".png":
      return encodePicture(image, scan);
    case ".tif":
    case ".tiff":
      return encodeFloatTiff(image, rows, columns);
  }
}

/** Grey from the 0.1 to the 99.9 % percentile, so that single outliers do not take the contrast, with a scale bar. */
function encodePicture(image: Float32Array, { shape, calibration }: Scan): Uint8Array {
  const grey = renderScalarMap(image, shape, percentileRange(image, 0.1, 99.9), "grey");
  const magnified = magnifyImage(grey, mapMagnification(shape));
  return encodePng(withScaleBar(magnified, shape.columns, calibration.pixelSize));
}

function summary(image: Float32Array): { minimum: number; maximum: number; mean: number } {
  let minimum = Infinity, maximum = -Infinity, sum = 0;
  for (const value of image) {
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    sum += value;
  }
  return { minimum, maximum, mean: sum / image.length };
}

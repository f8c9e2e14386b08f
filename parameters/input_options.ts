/** The options of every command that reads a scan. */

import type { Command } from "commander";
import { openScan, type OpenScanOptions } from "../library/formats/open.ts";
import type { Scan } from "../library/scan/scan.ts";
import { parseCenter } from "./parse_center.ts";
import { parseFrames } from "./parse_frames.ts";
import { type MaskInFile, parseBadPixels } from "./parse_masks.ts";
import { numberParser } from "./parse_number.ts";
import { parsePixelSize } from "./parse_pixel_size.ts";
import { parseRegion } from "./parse_region.ts";
import { parseScanShape } from "./parse_scan_shape.ts";
import type { BadPixelSource, DetectorCenter } from "../library/passes/detector/preparation.ts";

/**
 * Adds the options that say how a file is read.
 *
 * @param badPixelDefault what `--bad-pixels` does when it is not given, for the help
 */
export function addInputOptions(
  command: Command,
  badPixelDefault = "auto",
): Command {
  command
    .option(
      "--scan-shape <RxC>",
      "scan rows x columns in probe positions (default: as the file says)",
      parseScanShape,
    )
    .option("--dataset <PATH>", "data set inside an HDF5 file (default: the only 4D one)")
    .option(
      "--frames <A:B>",
      "which frame of a 5D file, such as 3:4 for frame 3 (default: none)",
      parseFrames,
    )
    .option(
      "--roi <Y0:Y1,X0:X1>",
      "rows and columns to read in probe positions, ends excluded (default: all)",
      parseRegion,
    )
    .option(
      "--q-bin <N>",
      "sum N x N detector pixels into one (default: 1)",
      numberParser("--q-bin", { expected: "a whole number of at least 1", minimum: 1, whole: true }),
    )
    .option(
      "--pixel-size <V UNIT>",
      'distance of probe positions, such as "0.5 nm" (default: as the file says)',
      (text: string) => parsePixelSize("--pixel-size", text),
    )
    .option(
      "--q-pixel-size <V UNIT>",
      'size of a detector pixel before binning, such as "0.02 A^-1" (default: as the file says)',
      (text: string) => parsePixelSize("--q-pixel-size", text),
    )
    .option(
      "--bad-pixels <WHICH>",
      "bad detector pixels: auto (find them), file (as the scan's file says), none, or a file with nonzero = bad " +
        `(default: ${badPixelDefault})`,
      parseBadPixels,
    )
    .option(
      "--q-center <Y,X>",
      "direct beam in detector pixels, or auto (default: the centre of the detector, (Q - 1) / 2)",
      parseCenter,
    );
  return command;
}

/** The flags about reading a file, as commander hands them over. */
export interface InputFlags {
  readonly scanShape?: OpenScanOptions["scanShape"];
  readonly dataset?: string;
  readonly frames?: number;
  readonly roi?: OpenScanOptions["region"];
  readonly qBin?: number;
  readonly pixelSize?: OpenScanOptions["pixelSize"];
  readonly qPixelSize?: OpenScanOptions["qPixelSize"];
}

/** The flags about the detector, of every command that reads a scan. */
export interface DetectorFlags {
  readonly badPixels?: BadPixelSource | MaskInFile;
  readonly qCenter?: DetectorCenter;
}

/** What the flags ask {@link openScan} for. */
export function openOptions(flags: InputFlags): OpenScanOptions {
  const { scanShape, dataset, frames, roi, qBin, pixelSize, qPixelSize } = flags;
  return { scanShape, dataset, frame: frames, region: roi, qBin, pixelSize, qPixelSize };
}

/** Opens the scan a command works on, does the work, and closes the scan however that ends. */
export async function withScan<Result>(
  path: string,
  flags: InputFlags,
  work: (scan: Scan) => Promise<Result>,
): Promise<Result> {
  const scan = await openScan(path, openOptions(flags));
  try {
    return await work(scan);
  } finally {
    scan.close();
  }
}

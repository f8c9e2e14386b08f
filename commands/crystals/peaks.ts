/** `crystallite peaks`: the Bragg peaks of every pattern as a file. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { defaultParameters } from "../../library/cluster/presets.ts";
import type { ReadingFlags } from "../../library/parameters/reading.ts";
import { findPeaks, type PeakLists } from "../../library/passes/bragg_peaks/peak_pass.ts";
import type { PeakOptions } from "../../library/passes/bragg_peaks/peak_settings.ts";
import { readBadPixels } from "../../library/passes/detector/mask_files.ts";
import type { DetectorFlags } from "../../library/passes/detector/parameters.ts";
import type { BadPixelSource } from "../../library/passes/detector/preparation.ts";
import { runRecordName } from "../../library/results/directory.ts";
import { writeOutputs } from "../../library/results/output_files.ts";
import { writePeaksFile } from "../../library/results/peaks_file.ts";
import { readResult } from "../../library/results/read.ts";
import { version } from "../../library/results/version.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "../console/command_context.ts";
import { bounded } from "../options/crystal_options.ts";
import { badPixelsOf } from "./probe_peaks.ts";
import { addTemplateOptions, chosenTemplate, type TemplateFlags } from "./probe_template.ts";
import { addSubpixelOption } from "../options/subpixel_option.ts";
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
import { openAverages, refuseReadingFlags } from "./result_averages.ts";

const examples = `
Examples:
  crystallite peaks scan.h5 --out peaks.h5 --disk-radius 4
  crystallite peaks result --out average_peaks.h5 --least-relative 0.02
  crystallite peaks scan.h5 --out peaks.h5 --template vacuum.npy --subpixel multicorr
`;

/** Flags of `peaks`, as commander hands them over. */
interface Flags
  extends
    ReadingFlags,
    DetectorFlags,
    OutputFlags,
    ResourceFlags,
    TemplateFlags,
    Omit<PeakOptions, "template"> {
  readonly out?: string;
  readonly force?: true;
}

/** The command `peaks`. */
export function peaksCommand(context: CommandContext) {
  const pixels = (flag: string, minimum: number, maximum: number) =>
    bounded(flag, `a number of pixels from ${minimum} to ${maximum}`, minimum, maximum);
  const command = new Command("peaks")
    .summary("find the Bragg peaks of every pattern")
    .description(
      "Finds the Bragg disks or spots of every pattern of a scan, or of the averages of a result, and writes their places " +
        "and heights as EMD 1.0 .h5.",
    )
    .argument("<input>", "scan or result directory")
    .option("--out <FILE>", "file to write: .h5 (required)")
    .option("--force", "replace an existing file (default: refuse)")
    .option(
      "--disk-radius <PIXELS>",
      "radius of the disks in detector pixels (default: from the direct beam)",
      pixels("--disk-radius", 0.5, 200),
    )
    .option(
      "--most <N>",
      "most peaks of a pattern (default: 70)",
      bounded("--most", "a whole number from 1 to 1000", 1, 1000, true),
    )
    .option(
      "--least-relative <PART>",
      "lower peaks, as a part of the highest, are left out (default: 0.01)",
      bounded("--least-relative", "a number from 0 to 1", 0, 1),
    )
    .option(
      "--relative-to <RANK>",
      "rank of the peak that is the measure of that, 0 for the highest (default: 0)",
      bounded("--relative-to", "a whole number from 0 to 1000", 0, 1000, true),
    )
    .option(
      "--least-height <COUNTS>",
      "lower peaks, in counts per pixel above their surroundings, are left out (default: 0)",
      bounded("--least-height", "a number of counts from 0 on", 0, 1e12),
    )
    .option(
      "--spacing <PIXELS>",
      "of peaks nearer to each other the higher counts (default: 1.5 radii, at least 2)",
      pixels("--spacing", 0, 10000),
    )
    .option(
      "--border <PIXELS>",
      "peaks nearer to the edge are left out (default: the radius, at least 2)",
      pixels("--border", 1, 10000),
    );
  addSubpixelOption(addTemplateOptions(command, true), "polyRaw");
  return addOutputOptions(addResourceOptions(addDetectorOptions(addReadingOptions(command))))
    .addHelpText("after", examples)
    .action(async (input: string, flags: Flags) => {
      const out = required(flags.out, "--out FILE");
      await checkOutputFile(context.say, out, [".h5"], flags.force === true);
      await refuseOwnInput(out, input);
      await runWithProgress(context, flags, (run) =>
        withPatterns(input, flags, async (scan, known) => {
          scan.warnings.forEach(run.warn);
          const { peaks, diskRadius, source } = await find(run, scan, flags, known);
          const write = (path: string) => writePeaksFile(path, peaks, scan, version);
          await writeOutputs([{ path: out, write }], flags.force === true, context.signal);
          const patterns = peaks.offsets.length - 1, found = peaks.row.length;
          run.print(
            { out, patterns, peaks: found, template: source, diskRadius },
            formatTable([
              ["peaks", `${found} in ${patterns} patterns, ${formatNumber(found / patterns)} in the mean`],
              ["disks", diskRadius === undefined ? undefined : `radius ${formatNumber(diskRadius)} pixels`],
              ["written", out],
            ]),
          );
        }));
    });
}

/** Opens a scan, or the averages of a result, whose run knows which of their pixels show nothing. */
async function withPatterns(
  input: string,
  flags: Flags,
  work: (scan: Scan, known?: BadPixelSource) => Promise<void>,
): Promise<void> {
  if (!existsSync(join(input, runRecordName))) return await withScan(input, flags, (scan) => work(scan));
  refuseReadingFlags(input, flags);
  const stored = await readResult(input), averaged = await openAverages(stored, true);
  try {
    await work(averaged, badPixelsOf(stored, "masked"));
  } finally {
    averaged.close();
  }
}

async function find(
  run: CommandRun,
  scan: Scan,
  flags: Flags,
  known: BadPixelSource = defaultParameters.badPixels,
): Promise<{ peaks: PeakLists; diskRadius?: number; source: string }> {
  const badPixels = await readBadPixels(flags.badPixels ?? known, scan.shape, flags.qBin);
  const { template, source } = await chosenTemplate(run, scan, flags, badPixels);
  const { border, spacing, most, leastRelative, relativeTo, leastHeight, subpixel } = flags;
  const peaks = await findPeaks(scan, {
    ...{ template, badPixels, border, spacing, most, leastRelative, relativeTo, leastHeight, subpixel },
  }, run.options);
  return { peaks, diskRadius: template?.radius, source };
}

/** `crystallite strain`: the strain of every probe against the orientation of its cluster. */

import { join } from "node:path";
import { Command, Option } from "commander";
import { rmsStrain } from "../../library/mapping/strain_map.ts";
import { parseRegion } from "../../library/parameters/region.ts";
import { parseStrainAxes } from "../../library/parameters/strain_axes.ts";
import { strainReferences } from "../../library/results/read_strain.ts";
import { strainFiles } from "../../library/results/strain_files.ts";
import { trackCrystalsName } from "../../library/results/series/track_crystals.ts";
import { readSeriesRecord, type SeriesRecord } from "../../library/results/series/record.ts";
import { readResult } from "../../library/results/read.ts";
import { openScanOf } from "../../library/results/scan_of_result.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "../console/command_context.ts";
import { bounded } from "../options/crystal_options.ts";
import { forEachFrame, writeTrackCrystals } from "../series/each_frame.ts";
import { formatCount, formatNumber, formatPercent, formatTable } from "../console/format_quantity.ts";
import { checkOutputDirectory } from "../console/output_file.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  type ResourceFlags,
} from "../options/output_options.ts";
import { parseClusterIds } from "./strain_probes.ts";
import { type MeasuredStrain, type StrainFlags, strainResult } from "./strain_result.ts";

const examples = `
Give the orientations first: crystallite orient result --crystal Au. Writes strain.npy (e_xx, e_yy, e_xy, rotation in
radians; x = down the detector, or as --axes says), strain_error.npy, dilation.npy, origin.npy and pictures into the result, and a section
of report.html.

Examples:
  crystallite strain result
  crystallite strain result --reference roi --roi 0:20,0:20 --axes 30
  crystallite strain result --axes "[1 1 0]"
  crystallite strain result --mask film.npy --exclude 3,7
`;

/** Flags of `strain`, as commander hands them over. */
type Flags = StrainFlags & OutputFlags & ResourceFlags & { readonly scan?: string };

/** The command `strain`. */
export function strainCommand(context: CommandContext) {
  const command = new Command("strain")
    .summary("measure the strain of every probe")
    .description(
      "Finds the Bragg disks of every pattern and fits the lattice of its cluster's crystal to them: the hybrid of " +
        "averaged orientations and raw patterns of the paper.",
    )
    .argument("<result>", "result directory with orientations, or folder of a series that has them")
    .addOption(
      new Option(
        "--reference <WHAT>",
        "what counts as no strain: the median of all probes, that of each cluster, the crystal itself (cif), or the " +
          "median of the probes of --roi (default: median)",
      ).choices(strainReferences).default("median", "median"),
    )
    .option("--roi <Y0:Y1,X0:X1>", "probes of the reference roi (default: none)", parseRegion)
    .option(
      "--axes <WHAT>",
      "axis x of strain: an angle in degrees from down the detector towards its right, scan (down the scan, by its " +
        'rotation), or a direction of the crystals such as "[1 -1 0]" (default: 0)',
      parseStrainAxes,
    )
    .addOption(
      new Option(
        "--origin-fit <MODEL>",
        "how the direct beam, which then is measured anew, may move over the scan (default: as calibrate or orient found, or plane)",
      ).choices(["constant", "plane", "parabola"]),
    )
    .option(
      "--min-peaks <N>",
      "fewer disks on spots, the direct beam aside, give no strain (default: 5)",
      bounded("--min-peaks", "a whole number from 3 to 100", 3, 100, true),
    )
    .option(
      "--mask <FILE>",
      "probes to measure: .npy or PNG of the scan's rows and columns, not 0 where strain is measured (default: all in clusters)",
    )
    .option(
      "--exclude <ID,ID>",
      "clusters that are not measured, by their ids (default: none)",
      parseClusterIds,
    )
    .option(
      "--per-probe",
      "measure every probe against the orientation of its own pattern as well, for comparison; after orient --per-probe " +
        "(default: clusters only)",
    )
    .option("--scan <FILE>", "the scan that was clustered (default: where the result says it lies)");
  return addOutputOptions(addResourceOptions(command))
    .addHelpText("after", examples)
    .action(async (directory: string, flags: Flags) => {
      if ((flags.reference === "roi") !== (flags.roi !== undefined)) {
        throw new BadParameter("--reference roi and --roi belong together", {
          expected: "both or neither",
          remedy: "give --reference roi --roi Y0:Y1,X0:X1",
        });
      }
      await runWithProgress(context, flags, async (run) => {
        const series = await readSeriesRecord(directory);
        if (series) return await strainSeries(run, directory, series, flags);
        const stored = await readResult(directory);
        await checkOutputDirectory(run.say, directory, { force: true });
        const scan = await openScanOf(stored, flags.scan, { signal: context.signal });
        try {
          report(run, directory, await strainResult(run, stored, scan, flags));
        } finally {
          scan.close();
        }
      });
    });
}

/** Measures the strain of all frames against their orientations. */
async function strainSeries(
  run: CommandRun,
  directory: string,
  series: SeriesRecord,
  flags: StrainFlags,
): Promise<void> {
  if (flags.exclude !== undefined) {
    throw new BadParameter("frames of a series have clusters of their own", {
      file: directory,
      expected: "no clusters to leave out",
      parameter: "exclude",
      remedy: "leave them out of one frame, by naming it, or give a mask with --mask",
    });
  }
  let measured = 0;
  const frames = await forEachFrame(run, directory, series, async (run, stored) => {
    const scan = await openScanOf(stored, undefined, { signal: run.options.signal });
    try {
      measured += (await strainResult(run, stored, scan, flags)).map.measured;
    } finally {
      scan.close();
    }
  });
  await writeTrackCrystals(run, directory, series);
  run.print(
    { out: directory, frames, measured, table: trackCrystalsName },
    formatTable([
      ["frames", formatCount(frames, "frame")],
      ["measured", formatCount(measured, "probe")],
      ["written", join(directory, trackCrystalsName)],
    ]),
  );
}

function report(
  run: CommandRun,
  directory: string,
  { labels, map: { strain, error, measured, whole, few }, origin, probes }: MeasuredStrain,
): void {
  const clustered = labels.reduce((count, label) => count + (label >= 0 ? 1 : 0), 0);
  const spread = (component: number) => rmsStrain(strain, component);
  const errors = Float32Array.from(error.filter((value, index) => index % 4 === 0 && !Number.isNaN(value)))
    .sort();
  const typical = errors[errors.length >> 1] ?? NaN;
  const { model, residual, used, descan } = origin;
  run.print(
    {
      ...{
        out: directory,
        measured,
        atOnce: whole,
        fewCounts: few,
        clustered,
        error: typical,
        origin: { residual, used, descan },
      },
      ...probes && { perProbe: { measured: probes.measured } },
      rms: { xx: spread(0), yy: spread(1), xy: spread(2), rotation: spread(3) },
    },
    formatTable([
      ["measured", `${measured} of ${clustered} probes in clusters`],
      [
        "at once",
        whole > 0
          ? `${whole} of them, by all disks that their averages show, ${few} of these with few counts`
          : undefined,
      ],
      ["strain", `rms ${formatPercent(spread(0))} along x (down), ${formatPercent(spread(1))} along y`],
      ["error", `${formatPercent(typical)} of e_xx in the median`],
      [
        "direct beam",
        model === "fixed"
          ? "taken to stand still"
          : `moves by up to ${formatNumber(descan)} pixels, ${formatNumber(residual)} about the fit`,
      ],
      ["by themselves", probes && `${probes.measured} probes, in ${strainFiles.probeStrain}`],
      ["written", join(directory, strainFiles.strain)],
    ]),
  );
}

/** `crystallite strain`: the strain of every probe against the orientation of its cluster. */

import { join } from "node:path";
import { Command, Option } from "commander";
import type { Crystal } from "../library/crystal/crystal.ts";
import { structureFactors } from "../library/crystal/structure_factors.ts";
import { withEngine } from "../library/engine/with_engine.ts";
import { fitOrigin, type OriginMap, type OriginModel } from "../library/mapping/origin.ts";
import {
  mapStrain,
  type StrainMap,
  type StrainPhase,
  type StrainReference,
} from "../library/mapping/strain_map.ts";
import { parseRegion } from "../library/parameters/region.ts";
import { parseStrainAxes, type StrainAxes } from "../library/parameters/strain_axes.ts";
import { addToResult } from "../library/results/add_files.ts";
import {
  type OrientationRecord,
  readCrystals,
  readOrientations,
} from "../library/results/read_orientations.ts";
import { referenceWords, strainReferences } from "../library/results/read_strain.ts";
import { strainSection } from "../library/report/strain_section.ts";
import { trackCrystalsName } from "../library/results/series/track_crystals.ts";
import { readSeriesRecord, type SeriesRecord } from "../library/results/series/record.ts";
import { readCalibratedOrigin } from "../library/results/read_calibration.ts";
import { readResult, type StoredResult } from "../library/results/read.ts";
import { openScanOf } from "../library/results/scan_of_result.ts";
import { encodeStrain, isStrainFile } from "../library/results/strain_files.ts";
import { isTextureFile } from "../library/results/texture_files.ts";
import type { Scan } from "../library/scan/scan.ts";
import type { Region } from "../library/scan/region.ts";
import { BadParameter } from "../library/scan/errors.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "./command_context.ts";
import { anglesOf, axesInWords, downTheDetector } from "./strain_axes.ts";
import { bounded } from "./crystal_options.ts";
import { forEachFrame, writeTrackCrystals } from "./each_frame.ts";
import { formatCount, formatNumber, formatPercent, formatTable } from "./format_quantity.ts";
import { checkOutputDirectory } from "./output_file.ts";
import { peaksOfProbes } from "./probe_peaks.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  type ResourceFlags,
} from "./output_options.ts";

const examples = `
Give the orientations first: crystallite orient result --crystal Au. Writes strain.npy (e_xx, e_yy, e_xy, rotation in
radians; x = down the detector, or as --axes says), strain_error.npy, dilation.npy, origin.npy and pictures into the result, and a section
of report.html.

Examples:
  crystallite strain result
  crystallite strain result --reference roi --roi 0:20,0:20 --axes 30
  crystallite strain result --axes "[1 1 0]"
`;

/** What may be said of the measurement. */
export interface StrainFlags {
  readonly reference: typeof strainReferences[number];
  readonly roi?: Region;
  readonly axes?: StrainAxes;
  readonly originFit?: OriginModel;
  readonly minPeaks?: number;
}

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
        "how the direct beam, which then is measured anew, may move over the scan (default: as calibrate found, or plane)",
      ).choices(["constant", "plane", "parabola"]),
    )
    .option(
      "--min-peaks <N>",
      "fewer disks on spots, the direct beam aside, give no strain (default: 5)",
      bounded("--min-peaks", "a whole number from 3 to 100", 3, 100, true),
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
          const { map, origin } = await strainResult(run, stored, scan, flags);
          report(run, directory, stored, map, origin);
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

/** Measures the strain of a result's scan and adds it to the result. */
export async function strainResult(
  run: CommandRun,
  stored: StoredResult,
  scan: Scan,
  flags: StrainFlags,
): Promise<{ map: StrainMap; origin: OriginMap }> {
  const { record, orientations } = readOrientations(stored);
  const { map, origin } = await measure(run, stored, scan, record, orientations, flags);
  const content = { map, shape: stored.shape, pixelSize: stored.run.calibration.pixelSize };
  const warnings = await addToResult(stored, {
    files: encodeStrain({ ...content, origin }),
    // Texture went by the strain before.
    outdated: (name) => isStrainFile(name) || isTextureFile(name),
    sections: {
      strain: strainSection({
        ...content,
        reference: referenceWords[flags.reference],
        axes: axesInWords(flags.axes ?? downTheDetector),
      }),
      texture: null,
    },
    record: { strain: recordOf(map, origin, flags), texture: undefined },
  }, run.options.signal);
  warnings.forEach((warning) => run.say(warning));
  return { map, origin };
}

async function measure(
  run: CommandRun,
  stored: StoredResult,
  scan: Scan,
  record: OrientationRecord,
  orientations: ReturnType<typeof readOrientations>["orientations"],
  flags: StrainFlags,
): Promise<{ map: StrainMap; origin: OriginMap }> {
  const crystals = await readCrystals(stored, record), phases = phasesOf(crystals, record);
  const axes = anglesOf(flags.axes ?? downTheDetector, stored, crystals, orientations);
  const { diskRadius, qPixelSize, ellipse } = record;
  return await withEngine(run.options, async (engine) => {
    const peaks = await peaksOfProbes(scan, stored, diskRadius, { ...run.options, engine });
    const known = flags.originFit === undefined ? readCalibratedOrigin(stored) : undefined;
    const origin = known ??
      fitOrigin(peaks, stored.shape, stored.run.center, 2 * diskRadius + 4, flags.originFit);
    const map = mapStrain({
      ...{ peaks, labels: stored.labels, orientations, phases },
      calibration: { origin: origin.fitted, ellipse, qPixelSize: { row: qPixelSize, column: qPixelSize } },
    }, {
      reference: referenceOf(flags, stored),
      axes,
      minimumPairs: flags.minPeaks,
    });
    return { map, origin };
  });
}

function phasesOf(
  crystals: readonly Crystal[],
  { beamEnergy, maximumLength, excitationWidth }: OrientationRecord,
): StrainPhase[] {
  return crystals.map((crystal) => ({
    reflections: structureFactors(crystal, { maximumLength }),
    options: { beamEnergy, excitationWidth },
  }));
}

function referenceOf({ reference, roi }: StrainFlags, { shape }: StoredResult): StrainReference {
  switch (reference) {
    case "cif":
      return { kind: "crystal" };
    case "roi": {
      const probes = new Uint8Array(shape.rows * shape.columns);
      const { firstRow, lastRow, firstColumn, lastColumn } = roi!;
      for (let row = firstRow; row < Math.min(lastRow, shape.rows); row++) {
        const start = row * shape.columns;
        probes.fill(
          1,
          start + Math.min(firstColumn, shape.columns),
          start + Math.min(lastColumn, shape.columns),
        );
      }
      return { kind: "probes", probes };
    }
    default:
      return { kind: reference };
  }
}

function recordOf(
  { measured }: StrainMap,
  { model, residual, used, descan }: OriginMap,
  { reference, axes = downTheDetector }: StrainFlags,
): Record<string, unknown> {
  return { reference, axes, measured, origin: { model, residual, used, descan } };
}

function report(
  run: CommandRun,
  directory: string,
  { labels }: StoredResult,
  { strain, error, measured }: StrainMap,
  origin: OriginMap,
): void {
  const clustered = labels.reduce((count, label) => count + (label >= 0 ? 1 : 0), 0);
  const spread = (offset: number) => {
    let squares = 0;
    for (let at = offset; at < strain.length; at += 4) {
      squares += Number.isNaN(strain[at]) ? 0 : strain[at] ** 2;
    }
    return Math.sqrt(squares / Math.max(1, measured));
  };
  const errors = Float32Array.from(error.filter((value, index) => index % 4 === 0 && !Number.isNaN(value)))
    .sort();
  const typical = errors[errors.length >> 1] ?? NaN;
  const { residual, used, descan } = origin;
  run.print(
    {
      ...{ out: directory, measured, clustered, error: typical, origin: { residual, used, descan } },
      rms: { xx: spread(0), yy: spread(1), xy: spread(2), rotation: spread(3) },
    },
    formatTable([
      ["measured", `${measured} of ${clustered} probes in clusters`],
      ["strain", `rms ${formatPercent(spread(0))} along x (down), ${formatPercent(spread(1))} along y`],
      ["error", `${formatPercent(typical)} of e_xx in the median`],
      [
        "direct beam",
        `moves by up to ${formatNumber(descan)} pixels, ${formatNumber(residual)} about the fit`,
      ],
      ["written", join(directory, "strain.npy")],
    ]),
  );
}

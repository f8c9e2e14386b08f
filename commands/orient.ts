/** `crystallite orient`: orientations of the clusters of a result. */

import { join } from "node:path";
import { Command } from "commander";
import type { Ellipse } from "../library/mapping/ellipse.ts";
import { phaseFractions } from "../library/mapping/grain_shapes.ts";
import { type ClusterOrientations, orientClusters } from "../library/mapping/orient_clusters.ts";
import { largestClusters, reportedPatterns } from "../library/report/content.ts";
import { orientationSection } from "../library/report/orientation_section.ts";
import { finestPlacing } from "../library/passes/bragg_peaks/peak_settings.ts";
import { findDirectBeam } from "../library/passes/detector/bad_pixels_and_beam.ts";
import { sampleDetector } from "../library/passes/detector/detector_sample.ts";
import { encodeNpy } from "../library/formats/npy_writer.ts";
import { addToResult } from "../library/results/add_files.ts";
import { trackCrystalsName } from "../library/results/series/track_crystals.ts";
import {
  encodeOrientations,
  isOrientationFile,
  orientationFiles,
} from "../library/results/orientation_files.ts";
import { encodeProbeOrientations } from "../library/results/probe_orientation_files.ts";
import { readCalibration, readTemplate } from "../library/results/read_calibration.ts";
import { readSeriesRecord, type SeriesRecord } from "../library/results/series/record.ts";
import { readResult, type StoredResult } from "../library/results/read.ts";
import { isStrainFile } from "../library/results/strain_files.ts";
import { isTextureFile } from "../library/results/texture_files.ts";
import { BadParameter } from "../library/scan/errors.ts";
import { readPattern, type Scan } from "../library/scan/scan.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "./command_context.ts";
import {
  addCrystalOptions,
  beamEnergyOf,
  bounded,
  type ChosenCrystal,
  chosenCrystals,
  type CrystalFlags,
  detectorPixel,
  diskRadiusOf,
} from "./crystal_options.ts";
import { forEachFrame, writeTrackCrystals } from "./each_frame.ts";
import { formatCount, formatPercent, formatTable } from "./format_quantity.ts";
import { type OrientedProbes, orientEveryProbe, type ProbeFlags, probeRecord } from "./orient_probes.ts";
import { printOrientations } from "./orientation_summary.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  type ResourceFlags,
} from "./output_options.ts";
import {
  addAlignmentOptions,
  type AlignmentFlags,
  averagesToOrient,
  type OrientedAverages,
} from "./aligned_averages.ts";
import { checkOutputDirectory } from "./output_file.ts";

const examples = `
Writes orientations.csv, orientation_matrices.npy, in_plane.png, out_of_plane.png and legend_N.png into the result,
grains.csv and boundaries.csv, orientation.ang and orientation.ctf for other programs, and a section of report.html.
With --per-probe also probe_orientation_matrices.npy, probe_phases.npy, probe_scores.npy, probe_reliability.npy and maps.

Examples:
  crystallite orient result --crystal Au --voltage 300kV
  crystallite orient result --crystal Au --voltage 300kV --per-probe
  crystallite orient result --cif gold.cif --cif oxide.cif --voltage 200kV --q-pixel-size "0.02 A^-1"
`;

/** What may be said of the matching. */
export interface OrientFlags extends CrystalFlags, AlignmentFlags, ProbeFlags {
  readonly fitPixelSize: boolean;
  readonly maxQ?: number;
  readonly zoneStep?: number;
  readonly excitationWidth?: number;
  readonly matches?: number;
}

/** Flags of `orient`, as commander hands them over. */
type Flags = OrientFlags & OutputFlags & ResourceFlags;

/** The command `orient`. */
export function orientCommand(context: CommandContext) {
  const command = new Command("orient")
    .summary("find the orientation of the crystal in every cluster")
    .description(
      "Finds the Bragg disks of each cluster's averaged pattern and the orientation of the crystal that explains them, " +
        "and adds both to the result. With several crystals, the phase of each cluster is found as well.",
    )
    .argument("<result>", "result directory of cluster, or folder of a series")
    .option(
      "--no-fit-pixel-size",
      "take the size of a detector pixel as it is (default: fit it to the first crystal, unless calibrate did)",
    )
    .option(
      "--max-q <Q>",
      "longest reciprocal lattice vector in 1/Å that patterns show (default: 1.5)",
      bounded("--max-q", "a length in 1/Å from 0.1 to 10", 0.1, 10),
    )
    .option(
      "--zone-step <DEG>",
      "angle between the zone axes that are tried, in degrees (default: 2)",
      bounded("--zone-step", "an angle from 0.5 to 10 degrees", 0.5, 10),
    )
    .option(
      "--excitation-width <W>",
      "width in 1/Å at which spots fade with their excitation error (default: that which agrees best)",
      bounded("--excitation-width", "a width in 1/Å from 0.001 to 0.2", 0.001, 0.2),
    )
    .option(
      "--matches <N>",
      "crystals that may overlap in one average (default: 1)",
      bounded("--matches", "a whole number from 1 to 10", 1, 10, true),
    )
    .option(
      "--per-probe",
      "match every probe by its own pattern as well, for comparison (default: clusters only)",
    )
    .option(
      "--peaks <FILE.h5>",
      "peaks of every probe that the command peaks wrote (default: found in the scan)",
    )
    .option("--scan <FILE>", "the scan that was clustered (default: where the result says it lies)");
  addAlignmentOptions(command);
  return addOutputOptions(addResourceOptions(addCrystalOptions(command)))
    .addHelpText("after", examples)
    .action(async (directory: string, flags: Flags) => {
      checkProbeFlags(flags);
      const chosen = await chosenCrystals(flags);
      await runWithProgress(context, flags, async (run) => {
        const series = await readSeriesRecord(directory);
        if (series) return await orientSeries(run, directory, series, chosen, flags);
        const stored = await readResult(directory);
        await checkOutputDirectory(run.say, directory, { force: true });
        chosen.forEach(({ crystal }) => crystal.notes.forEach((note) => run.say(`${crystal.name}: ${note}`)));
        const { found, probes } = await orientResult(run, stored, chosen, flags);
        printOrientations(run, stored, found, chosen, probes);
      });
    });
}

/**
 * Finds the orientations of all frames. The first frame decides on the size of a detector pixel and the width at which spots
 * fade, so that frames can be compared.
 */
async function orientSeries(
  run: CommandRun,
  directory: string,
  series: SeriesRecord,
  chosen: readonly ChosenCrystal[],
  flags: OrientFlags,
): Promise<void> {
  if (flags.peaks !== undefined || flags.scan !== undefined) {
    throw new BadParameter("peaks and scan are those of one result", {
      file: directory,
      expected: "neither for a series",
      remedy: "leave them out, or name one frame of the series",
    });
  }
  let shared = flags, clusters = 0, matched = 0;
  const frames = await forEachFrame(run, directory, series, async (run, stored) => {
    const { found } = await orientResult(run, stored, chosen, shared);
    const { qPixelSize, excitationWidth, matches } = found;
    const size = { row: qPixelSize, column: qPixelSize, unit: "A^-1" };
    shared = { ...flags, qPixelSize: size, fitPixelSize: false, excitationWidth };
    clusters += matches.length;
    matched += matches.filter((list) => list.length > 0).length;
  });
  await writeTrackCrystals(run, directory, series);
  run.print(
    { out: directory, frames, clusters, matched, table: trackCrystalsName },
    formatTable([
      ["frames", formatCount(frames, "frame")],
      [
        "clusters",
        `${matched} of ${clusters} have an orientation (${formatPercent(matched / Math.max(1, clusters))})`,
      ],
      ["written", join(directory, trackCrystalsName)],
    ]),
  );
}

/** @throws {BadParameter} when peaks or the scan are given, and no probe is to be matched */
function checkProbeFlags({ perProbe, peaks, scan }: OrientFlags): void {
  if (perProbe || (peaks === undefined && scan === undefined)) return;
  throw new BadParameter("peaks of probes and the scan are for --per-probe", {
    expected: "--per-probe beside --peaks or --scan",
    remedy: "add --per-probe, or leave them out",
  });
}

/** Finds the orientations of a result's clusters, or of its probes as well, and adds them to it. */
export async function orientResult(
  run: CommandRun,
  stored: StoredResult,
  chosen: readonly ChosenCrystal[],
  flags: OrientFlags,
): Promise<{ found: ClusterOrientations; probes?: OrientedProbes }> {
  const source = await averagesToOrient(run, stored, flags), averaged = source.averages;
  try {
    const { found, ...used } = await orient(run, stored, source, chosen, flags);
    const content = {
      ...{
        found,
        crystals: chosen.map(({ crystal }) => crystal),
        labels: stored.labels,
        shape: stored.shape,
      },
      pixelSize: stored.run.calibration.pixelSize,
    };
    const shown = await shownAverages(averaged, stored);
    const probes = flags.perProbe ? await orientEveryProbe(run, stored, found, used, flags) : undefined;
    const probeContent = probes && { ...content, ...probes, plans: found.plans };
    const { rows, columns } = stored.shape, { alignedAverages, origin } = orientationFiles;
    const warnings = await addToResult(stored, {
      files: new Map([
        ...encodeOrientations({ ...content, cifTexts: chosen.map(({ cif }) => cif) }),
        ...(probeContent ? encodeProbeOrientations(probeContent) : []),
        ...(source.origin ? [[origin, encodeNpy("f32", [rows, columns, 2], source.origin)] as const] : []),
      ]),
      large: new Map(source.path ? [[alignedAverages, source.path]] : []),
      sections: {
        orientation: orientationSection({
          ...content,
          ...{ diskRadius: used.diskRadius, ellipse: used.ellipse, averages: shown, probes: probeContent },
        }),
        ...{ strain: null, texture: null },
      },
      // Strain and texture went by the orientations before.
      outdated: (name) => isOrientationFile(name) || isStrainFile(name) || isTextureFile(name),
      record: {
        orientation: {
          ...recordOf(found, chosen, used, stored),
          ...{ alignment: source.record, probes: probes && probeRecord(probes) },
        },
        ...{ strain: undefined, texture: undefined },
      },
    }, run.options.signal);
    warnings.forEach((warning) => run.say(warning));
    return { found, probes };
  } finally {
    source.close();
  }
}

/** What matching went by, beside what it found itself. */
interface UsedConditions {
  readonly diskRadius: number;
  readonly beamEnergy: number;
  readonly ellipse?: Ellipse;
}

/** The averages that the report shows. */
async function shownAverages(averaged: Scan, { clusters }: StoredResult) {
  const shown: { cluster: number; pattern: ArrayLike<number> }[] = [];
  for (const { id } of largestClusters(clusters, reportedPatterns)) {
    shown.push({ cluster: id, pattern: await readPattern(averaged, 0, id) });
  }
  return shown;
}

async function orient(
  run: CommandRun,
  stored: StoredResult,
  { averages: averaged, badPixels }: OrientedAverages,
  chosen: readonly ChosenCrystal[],
  flags: OrientFlags,
): Promise<{ found: ClusterOrientations } & UsedConditions> {
  const { calibration } = stored.run, measured = readCalibration(stored.run, stored.directory);
  const beamEnergy = beamEnergyOf({ voltage: flags.voltage ?? measured?.beamEnergy }, calibration);
  // A size that is given says more than what was measured before.
  const known = flags.qPixelSize === undefined ? measured : undefined;
  const qPixelSize = known?.qPixelSize ?? detectorPixel(flags, calibration, beamEnergy);
  const beam = findDirectBeam(await sampleDetector(averaged, run.options), averaged.shape);
  const diskRadius = flags.diskRadius ?? measured?.diskRadius ??
    diskRadiusOf(flags, calibration, beamEnergy, qPixelSize) ?? beam.radius;
  const template = readTemplate(stored, diskRadius);
  const found = await orientClusters(averaged, {
    ...{ crystals: chosen.map(({ crystal }) => crystal), beamEnergy, qPixelSize },
    center: beam,
    centerReach: 2 * diskRadius + 2,
    peaks: { template, subpixel: finestPlacing(template) },
    ...{ ellipse: measured?.ellipse, badPixels },
    fitPixelSize: flags.fitPixelSize && known === undefined,
    excitationWidth: flags.excitationWidth,
    matches: flags.matches,
    matching: {
      ...(flags.maxQ !== undefined && { maximumLength: flags.maxQ }),
      ...(flags.zoneStep !== undefined && { zoneStep: flags.zoneStep }),
    },
  }, run.options);
  return { found, diskRadius, beamEnergy, ellipse: measured?.ellipse };
}

/** What run.json keeps of the matching: enough to measure strain, and to do it again. */
function recordOf(
  { plans, qPixelSize, fittedPixelSize, excitationWidth, matches }: ClusterOrientations,
  chosen: readonly ChosenCrystal[],
  { diskRadius, beamEnergy, ellipse }: UsedConditions,
  { labels }: StoredResult,
): Record<string, unknown> {
  const phases = matches.map(([match]) => match?.phase);
  const fractions = phaseFractions(labels, phases, chosen.length);
  return {
    crystals: chosen.map(({ crystal, cif }, phase) => ({
      name: crystal.name,
      spaceGroup: crystal.spaceGroup,
      fraction: fractions[phase],
      builtIn: cif === undefined,
    })),
    ...{ beamEnergy, ellipse, qPixelSize, diskRadius, excitationWidth },
    phases: phases.map((phase) => phase ?? -1),
    pixelSizeFit: fittedPixelSize,
    maximumLength: plans[0].options.maximumLength,
    zoneStep: plans[0].options.zoneStep,
    matched: matches.filter((list) => list.length > 0).length,
    ambiguous: matches.filter(([match]) => match?.ambiguous).length,
  };
}

/** The orientations of a result's clusters found on its averages, and added to it. */

import type { Ellipse } from "../../library/mapping/ellipse.ts";
import { phaseFractions } from "../../library/mapping/grain_shapes.ts";
import type { FadingWidths } from "../../library/mapping/choose_plans.ts";
import { type ClusterOrientations, orientClusters } from "../../library/mapping/orient_clusters.ts";
import { largestClusters, reportedPatterns } from "../../library/report/content.ts";
import { orientationSection } from "../../library/report/orientation_section.ts";
import { finestPlacing } from "../../library/passes/bragg_peaks/peak_settings.ts";
import { findDirectBeam } from "../../library/passes/detector/bad_pixels_and_beam.ts";
import { sampleDetector } from "../../library/passes/detector/detector_sample.ts";
import { encodeNpy } from "../../library/formats/npy_writer.ts";
import { addToResult } from "../../library/results/add_files.ts";
import {
  encodeOrientations,
  isOrientationFile,
  orientationFiles,
} from "../../library/results/orientation_files.ts";
import { encodeProbeOrientations } from "../../library/results/probe_orientation_files.ts";
import { readCalibration, readTemplate } from "../../library/results/read_calibration.ts";
import type { StoredResult } from "../../library/results/read.ts";
import { isStrainFile } from "../../library/results/strain_files.ts";
import { isTextureFile } from "../../library/results/texture_files.ts";
import { readPattern, type Scan } from "../../library/scan/scan.ts";
import type { CommandRun } from "../console/command_context.ts";
import {
  beamEnergyOf,
  type ChosenCrystal,
  type CrystalFlags,
  detectorPixelIfKnown,
  diskRadiusOf,
} from "../options/crystal_options.ts";
import { type OrientedProbes, orientEveryProbe, type ProbeFlags, probeRecord } from "./orient_probes.ts";
import {
  type AlignmentFlags,
  averagesToOrient,
  givenCenter,
  type OrientedAverages,
} from "./aligned_averages.ts";

/** What may be said of the matching. */
export interface OrientFlags extends CrystalFlags, AlignmentFlags, ProbeFlags {
  readonly fitPixelSize: boolean;
  readonly maxQ?: number;
  readonly zoneStep?: number;
  readonly debyeWaller?: true;
  readonly excitationWidth?: number;
  /** Those of another frame of a series. */
  readonly widths?: FadingWidths;
  readonly matches?: number;
  readonly minReliability?: number;
}

/** Finds the orientations of a result's clusters, or of its probes as well, and adds them to it. */
export async function orientResult(
  run: CommandRun,
  stored: StoredResult,
  chosen: readonly ChosenCrystal[],
  flags: OrientFlags,
): Promise<{ found: ClusterOrientations; probes?: OrientedProbes }> {
  // What is missing is told before patterns are read, which may take minutes.
  const optics = opticsOf(stored, flags);
  const source = await averagesToOrient(run, stored, flags), averaged = source.averages;
  try {
    const { found, ...used } = await orient(run, stored, source, chosen, optics, flags);
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
          leastReliability: flags.minReliability,
        },
        ...{ strain: undefined, texture: undefined },
      },
    }, run.options.signal);
    warnings.forEach(run.warn);
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

/** Beam and detector, by what is given, was calibrated, or stands in the file, in this order. */
function opticsOf({ run, directory }: StoredResult, flags: OrientFlags) {
  const { calibration } = run, measured = readCalibration(run, directory);
  const beamEnergy = beamEnergyOf({ ...flags, voltage: flags.voltage ?? measured?.beamEnergy }, calibration);
  // A size that is given says more than what was measured before.
  const known = flags.qPixelSize === undefined ? measured : undefined;
  const pixel = known ?? detectorPixelIfKnown(flags, calibration, beamEnergy);
  // A stretch that was measured is one of patterns in pixels, whatever their sides.
  const { ellipse } = measured ?? pixel ?? {};
  return { measured, known, beamEnergy, qPixelSize: pixel?.qPixelSize, ellipse };
}

async function orient(
  run: CommandRun,
  stored: StoredResult,
  { averages: averaged, badPixels, knownOrigin }: OrientedAverages,
  chosen: readonly ChosenCrystal[],
  { measured, known, beamEnergy, qPixelSize, ellipse }: ReturnType<typeof opticsOf>,
  flags: OrientFlags,
): Promise<{ found: ClusterOrientations } & UsedConditions> {
  const { calibration } = stored.run;
  const beam = findDirectBeam(await sampleDetector(averaged, run.options), averaged.shape);
  const diskRadius = flags.diskRadius ?? measured?.diskRadius ??
    diskRadiusOf(flags, calibration, beamEnergy, qPixelSize) ?? beam.radius;
  const template = readTemplate(stored, diskRadius), given = givenCenter(stored);
  const found = await orientClusters(averaged, {
    ...{ crystals: chosen.map(({ crystal }) => crystal), beamEnergy, qPixelSize },
    center: given ?? beam,
    // About a beam that is hidden there are the edges of what hides it, which are no disk.
    ...{ centerReach: given || beam.hidden ? diskRadius : 2 * diskRadius + 2, knownOrigin },
    peaks: { template, subpixel: finestPlacing(template) },
    ...{ ellipse, badPixels },
    fitPixelSize: flags.fitPixelSize && known === undefined,
    ...{ excitationWidth: flags.excitationWidth, widths: flags.widths },
    ...{ matches: flags.matches, leastReliability: flags.minReliability },
    matching: {
      ...(flags.maxQ !== undefined && { maximumLength: flags.maxQ }),
      ...(flags.zoneStep !== undefined && { zoneStep: flags.zoneStep }),
      ...(flags.debyeWaller && { debyeWaller: true }),
    },
  }, run.options);
  return { found, diskRadius, beamEnergy, ellipse };
}

/** What run.json keeps of the matching: enough to measure strain, and to do it again. */
function recordOf(
  { plans, qPixelSize, fittedPixelSize, searchedPixelSize, excitationWidth, matches }: ClusterOrientations,
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
    pixelSizeSearch: searchedPixelSize,
    maximumLength: plans[0].options.maximumLength,
    zoneStep: plans[0].options.zoneStep,
    debyeWaller: plans[0].options.debyeWaller,
    matched: matches.filter((list) => list.length > 0).length,
    ambiguous: matches.filter(([match]) => match?.ambiguous).length,
  };
}

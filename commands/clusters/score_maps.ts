/** The part of `score` about orientation and strain, where a result has them and the truth says what they are. */

import { join } from "node:path";
import { laueGroup } from "../../library/crystal/point_group.ts";
import { readCrystalTruth } from "../../library/formats/crystal_truth_file.ts";
import type { LabelMap } from "../../library/formats/label_file.ts";
import { statIfThere } from "../../library/results/directory.ts";
import { orientationFiles } from "../../library/results/orientation_files.ts";
import { readProbeStrain } from "../../library/results/read_probe_strain.ts";
import { readCrystals, readOrientations } from "../../library/results/read_orientations.ts";
import { bestSource, readProbeOrientations } from "../../library/results/read_probe_orientations.ts";
import { hasStrain, readStrain } from "../../library/results/read_strain.ts";
import { readResult } from "../../library/results/read.ts";
import {
  near,
  type OrientationScore,
  scoreOrientations,
  scoreStrain,
  type StrainScore,
} from "../../library/scoring/maps.ts";
import { formatNumber, formatPercent } from "../console/format_quantity.ts";

/** What was scored: of clusters, and of probes by themselves. */
export interface MapScores {
  readonly orientation?: OrientationScore;
  readonly probeOrientation?: OrientationScore;
  /** All probes, and those that the way without clusters measured too. */
  readonly strain?: StrainScore;
  readonly strainOfBoth?: StrainScore;
  readonly probeStrain?: StrainScore;
}

/** Scores the maps of a result. */
export async function scoreMaps(directory: string, truthPath: string, known: LabelMap): Promise<MapScores> {
  // Results without orientations may lack what is needed to read them back.
  if (await statIfThere(join(directory, orientationFiles.matrices)) === null) return {};
  const truth = await readCrystalTruth(truthPath);
  if (!truth) return {};
  const stored = await readResult(directory);
  const { record, orientations } = readOrientations(stored);
  const crystals = await readCrystals(stored, record);
  const rotations = crystals.map((crystal) => laueGroup(crystal).rotations);
  const score = (source: "clusters" | "probes") =>
    scoreOrientations(
      known,
      readProbeOrientations(stored, source, orientations, crystals.length),
      truth,
      rotations,
    );
  const alone = bestSource(stored) === "probes";
  const strain = hasStrain(stored) ? readStrain(stored).strain : undefined;
  const ofProbes = strain && readProbeStrain(stored);
  const both = (probe: number) => !Number.isNaN(strain![4 * probe]) && !Number.isNaN(ofProbes![4 * probe]);
  return {
    orientation: score("clusters"),
    ...alone && { probeOrientation: score("probes") },
    ...strain && { strain: scoreStrain(known, strain, truth.strain) },
    ...strain && ofProbes && {
      strainOfBoth: scoreStrain(known, strain, truth.strain, both),
      probeStrain: scoreStrain(known, ofProbes, truth.strain),
    },
  };
}

/** Lines for people. */
export function describeMapScores(scores: MapScores): [string, string | undefined][] {
  const { orientation, probeOrientation, strain, strainOfBoth, probeStrain } = scores;
  return [
    ["orientation", orientation && describeOrientation(orientation)],
    ["  by probe", probeOrientation && describeOrientation(probeOrientation)],
    ["strain", strain && describeStrain(strain)],
    ["  by probe", probeStrain && describeStrain(probeStrain)],
    ["  same probes", strainOfBoth && `${describeStrain(strainOfBoth)}, by clusters`],
  ];
}

function describeOrientation(
  { grainsNear, grains, oriented, near: right, median }: OrientationScore,
): string {
  return `${formatPercent(grainsNear)} of ${grains} grains within ${near}°; ${
    formatPercent(oriented)
  } of their ` +
    `probes have one, ${formatPercent(right)} of these within ${near}°, ${
      formatNumber(median)
    }° in the median`;
}

function describeStrain({ measured, rms, typical }: StrainScore): string {
  return `${formatPercent(measured)} of the probes measured, dilation ${
    formatPercent(rms.dilation)
  } rms from the truth, ` +
    `${formatPercent(typical)} in the median`;
}

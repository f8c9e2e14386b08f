/** The strain of a result's scan measured, and added to it. */

import { matrixAt } from "../../library/crystal/matrix.ts";
import type { Crystal } from "../../library/crystal/crystal.ts";
import { structureFactors } from "../../library/crystal/structure_factors.ts";
import { withEngine } from "../../library/engine/with_engine.ts";
import type { OriginMap, OriginModel } from "../../library/mapping/origin.ts";
import {
  mapStrain,
  peaksForStrain,
  type StrainMap,
  type StrainReference,
} from "../../library/mapping/strain_map.ts";
import type { StrainPhase } from "../../library/mapping/strain_spots.ts";
import type { ProbeOrientations } from "../../library/mapping/probe_orientations.ts";
import type { StrainAxes } from "../../library/parameters/strain_axes.ts";
import { addToResult } from "../../library/results/add_files.ts";
import {
  type OrientationRecord,
  readCrystals,
  readOrientations,
} from "../../library/results/read_orientations.ts";
import { readProbeOrientations } from "../../library/results/read_probe_orientations.ts";
import { chosenProbes, referenceWords, type strainReferences } from "../../library/results/read_strain.ts";
import { strainSection } from "../../library/report/strain_section.ts";
import type { StoredResult } from "../../library/results/read.ts";
import { encodeStrain, isStrainFile } from "../../library/results/strain_files.ts";
import { isTextureFile } from "../../library/results/texture_files.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { demandInside, type Region } from "../../library/scan/region.ts";
import type { CommandRun } from "../console/command_context.ts";
import { anglesOf, axesInWords, downTheDetector } from "./strain_axes.ts";
import { unclearBeam } from "./peak_origin.ts";
import { measureProbes } from "./probe_lattices.ts";
import { labelsToMeasure, type ProbeChoice } from "./strain_probes.ts";

/** What may be said of the measurement. */
export interface StrainFlags extends ProbeChoice {
  readonly reference: typeof strainReferences[number];
  readonly roi?: Region;
  readonly axes?: StrainAxes;
  readonly originFit?: OriginModel;
  readonly minPeaks?: number;
  readonly perProbe?: true;
}

/** Strain, and where the direct beam is. */
export interface MeasuredStrain {
  readonly map: StrainMap;
  /** Against the orientation that each probe has by itself, where that was asked for. */
  readonly probes?: StrainMap;
  readonly origin: OriginMap;
  /** int32 (row, column): cluster of each probe that was to be measured, -1 for all others. */
  readonly labels: Int32Array;
}

/** Measures the strain of a result's scan and adds it to the result. */
export async function strainResult(
  run: CommandRun,
  stored: StoredResult,
  scan: Scan,
  flags: StrainFlags,
): Promise<MeasuredStrain> {
  const { record, orientations } = readOrientations(stored);
  const measured = await measure(run, stored, scan, record, orientations, flags);
  const { map, probes, origin } = measured;
  const content = { map, shape: stored.shape, pixelSize: stored.run.calibration.pixelSize };
  const warnings = await addToResult(stored, {
    files: encodeStrain({ ...content, probes, origin }),
    // Texture went by the strain before.
    outdated: (name) => isStrainFile(name) || isTextureFile(name),
    sections: {
      strain: strainSection({
        ...content,
        reference: referenceWords[flags.reference],
        axes: axesInWords(flags.axes ?? downTheDetector),
        probes: chosenProbes(flags),
      }),
      texture: null,
    },
    record: { strain: recordOf(map, origin, flags), texture: undefined },
  }, run.options.signal);
  warnings.forEach(run.warn);
  return measured;
}

async function measure(
  run: CommandRun,
  stored: StoredResult,
  scan: Scan,
  record: OrientationRecord,
  orientations: ReturnType<typeof readOrientations>["orientations"],
  flags: StrainFlags,
): Promise<MeasuredStrain> {
  const crystals = await readCrystals(stored, record), phases = phasesOf(crystals, record);
  const axes = anglesOf(flags.axes ?? downTheDetector, stored, crystals, orientations);
  const { diskRadius, qPixelSize, ellipse } = record, labels = await labelsToMeasure(stored, flags);
  // Before anything is measured: it may not be there.
  const alone = flags.perProbe
    ? readProbeOrientations(stored, "probes", orientations, crystals.length)
    : undefined;
  return await withEngine(run.options, async (engine) => {
    const { peaks, origin, unclear, lattices } = await measureProbes(scan, stored, {
      ...{ labels, orientations, phases, diskRadius, qPixelSize, ellipse },
      ...{ minimumDisks: flags.minPeaks, originFit: flags.originFit },
      // Orientations of single probes have no lattices: they go by peaks.
      wanted: alone ? undefined : peaksForStrain({ labels, orientations }),
    }, { ...run.options, engine });
    if (unclear) run.warn(unclearBeam);
    const qPixels = { row: qPixelSize, column: qPixelSize };
    const calibration = { origin: origin.fitted, ellipse, qPixelSize: qPixels };
    const options = { reference: referenceOf(flags, stored), minimumPairs: flags.minPeaks };
    const map = mapStrain({ peaks, labels, orientations, phases, calibration, lattices }, {
      ...options,
      axes,
    });
    const probes = alone && mapStrain({ peaks, ...asClusters(alone, labels), phases, calibration }, {
      ...options,
      axes: typeof axes === "number" ? axes : Float64Array.from(labels, (label) => axes[label]),
    });
    return { map, probes, origin, labels };
  });
}

/** Every probe of a cluster, as a cluster of its own with its own orientation; what counts as no strain stays that of the clusters. */
function asClusters({ matrices, phases }: ProbeOrientations, labels: Int32Array) {
  return {
    labels: labels.map((label, probe) => label < 0 ? -1 : probe),
    referenceLabels: labels,
    orientations: Array.from(phases, (phase, probe) =>
      phase < 0 ? undefined : {
        phase,
        orientation: matrixAt(matrices, 9 * probe),
      }),
  };
}

function phasesOf(
  crystals: readonly Crystal[],
  { beamEnergy, maximumLength, excitationWidth, debyeWaller }: OrientationRecord,
): StrainPhase[] {
  return crystals.map((crystal) => ({
    reflections: structureFactors(crystal, { maximumLength, debyeWaller }),
    options: { beamEnergy, excitationWidth },
  }));
}

function referenceOf({ reference, roi }: StrainFlags, { shape, directory }: StoredResult): StrainReference {
  switch (reference) {
    case "cif":
      return { kind: "crystal" };
    case "roi": {
      demandInside(roi!, shape, directory);
      const probes = new Uint8Array(shape.rows * shape.columns);
      const { firstRow, lastRow, firstColumn, lastColumn } = roi!;
      for (let row = firstRow; row < lastRow; row++) {
        probes.fill(1, row * shape.columns + firstColumn, row * shape.columns + lastColumn);
      }
      return { kind: "probes", probes };
    }
    default:
      return { kind: reference };
  }
}

function recordOf(
  { measured, whole, few }: StrainMap,
  { model, residual, error, used, descan }: OriginMap,
  { reference, axes = downTheDetector, mask, exclude }: StrainFlags,
): Record<string, unknown> {
  const origin = { model, residual, error, used, descan };
  return { reference, axes, mask, exclude, measured, atOnce: whole, fewCounts: few, origin };
}

/** Simulated films measured as the command `strain` does it, and how far that is from the truth. */

import { builtInCrystal } from "../../library/crystal/built_in.ts";
import { type Matrix3, multiply, transpose } from "../../library/crystal/matrix.ts";
import { matchOrientations } from "../../library/crystal/matching/match.ts";
import { laueGroup } from "../../library/crystal/point_group.ts";
import { calibratedPeaks } from "../../library/mapping/calibrated_peaks.ts";
import { alignedAverages, alignmentOf } from "../../library/mapping/alignment.ts";
import { orientClusters } from "../../library/mapping/orient_clusters.ts";
import { fitOrigin, highestNear } from "../../library/mapping/origin.ts";
import { mapStrain } from "../../library/mapping/strain_map.ts";
import { fitProbeLattices } from "../../library/mapping/probe_lattices.ts";
import { findPeaks } from "../../library/passes/bragg_peaks/peak_pass.ts";
import { diskTemplate } from "../../library/passes/bragg_peaks/probe_template.ts";
import type { PeakOptions } from "../../library/passes/bragg_peaks/peak_settings.ts";
import type { BadPixels } from "../../library/passes/detector/bad_pixels_and_beam.ts";
import { prepareDetector } from "../../library/passes/detector/preparation.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { scanFromArray } from "../../library/scan/scan_from_array.ts";
import { pixelCount, probeCount } from "../../library/scan/shape.ts";
import type { SimulationParameters } from "../../library/simulation/parameters.ts";
import { type SimulatedScan, simulateScan } from "../../library/simulation/scan.ts";
import { trueOrientation } from "../../library/simulation/true_orientation.ts";
import { strainLimit } from "./cramer_rao.ts";

/** Probes with less of one crystal are not looked at. */
const pure = 0.999;
/** Of probes that are measured each of so many is looked at for its limit. */
const limitsOf = 3;

/** Root mean square errors of strain in the interiors of grains, about their medians. */
export interface StrainErrors {
  readonly scan: SimulatedScan;
  /** Probes that were measured, of those that could be. */
  readonly measured: number;
  readonly possible: number;
  /** Error of e_xx, and the root mean square of its limit at the same probes. */
  readonly xx: number;
  readonly limit: number;
  /** Standard error of e_xx that is told over the true one: the median of what errors are in terms of what is told, inverted. */
  readonly told: number;
  /** Error in degrees of the lattice's direction in the plane: the cluster's and the rotation together. */
  readonly rotation: number;
  /** Pixel size that was found, over the true one. */
  readonly pixelSize: number;
  /**
   * Error of e_xx where every probe has the orientation that its own pattern alone tells, and `both`, that of the other way
   * at the probes that both measured; only if that was asked for.
   */
  readonly alone?: { readonly measured: number; readonly xx: number; readonly both: number };
}

/**
 * Simulates a film, and measures it: disks of every pattern, the moving beam, orientations of aligned averages over the true
 * grains with the pixel size fitted, and strain against them, relative to the median.
 *
 * @param guess pixel size to begin with, over the true one
 */
export async function measureFilm(
  parameters: Partial<SimulationParameters>,
  { guess = 1, peaks: peakOptions = {}, alone = false }: {
    guess?: number;
    peaks?: Partial<PeakOptions>;
    alone?: boolean;
  } = {},
): Promise<StrainErrors> {
  const scan = simulateScan(parameters), { shape, truth } = scan, { diskRadius } = truth;
  const data = new Uint16Array(probeCount(shape) * pixelCount(shape));
  scan.readRows(0, shape.rows, data);
  const template = diskTemplate(diskRadius), found = { template, subpixel: "fit", ...peakOptions } as const;
  const read = scanFromArray(data, shape), peaks = await findPeaks(read, found);
  const center = { row: truth.center[0], column: truth.center[1] };
  const origin = fitOrigin(peaks, shape, center, 2 * diskRadius + 4);
  const labels = truth.labels.map((label, probe) => truth.purity[probe] >= pure ? label : -1);
  const gold = await builtInCrystal("Au");
  const { badPixels } = await prepareDetector(
    read,
    { badPixels: { kind: "auto" }, center: { kind: "index" } },
    false,
  );
  const averages = movedAverages(data, scan, labels, origin.fitted);
  const { matches, plans, qPixelSize } = await orientClusters(
    averages,
    {
      ...{ crystals: [gold], beamEnergy: scan.parameters.beamEnergy, center, centerReach: 2 * diskRadius },
      // Averages show fainter disks.
      ...{
        peaks: { ...found, leastRelative: 0.002 },
        qPixelSize: guess * truth.qPixelSize,
        fitPixelSize: true,
      },
    },
  );
  const orientations = matches.map(([match]) => match);
  const calibration = { origin: origin.fitted, qPixelSize: { row: qPixelSize, column: qPixelSize } };
  const raw = await averagesAbout(read, labels, truth.twinOf.length, badPixels, origin.fitted);
  const averagePeaks = await findPeaks(raw, {
    ...{ ...found, leastRelative: 0.002 },
    badPixels: { kind: "none" },
  });
  const averageOrigin = Float32Array.from(
    Array.from(truth.twinOf.keys()).flatMap((label) => {
      const peak = highestNear(averagePeaks, label, center, 2 * diskRadius);
      return peak === undefined ? truth.center : [averagePeaks.row[peak], averagePeaks.column[peak]];
    }),
  );
  const lattices = await fitProbeLattices(read, {
    ...{
      averages: raw,
      peaks: averagePeaks,
      averageOrigin,
      labels,
      orientations,
      phases: plans,
      calibration,
    },
    ...{ template, badPixels: { kind: "auto" } },
  });
  const { strain, error } = mapStrain({
    peaks,
    labels,
    orientations,
    phases: plans,
    calibration,
    lattices,
  });
  const { rotations } = laueGroup(gold), wanted = scan.trueStrain();
  const turned = orientations.map((match, label) =>
    match && inPlane(rotations, match.orientation, trueOrientation(truth, label))
  );
  const inside = [...labels.keys()].filter((probe) => labels[probe] >= 0);
  const known = inside.filter((probe) => !Number.isNaN(strain[4 * probe]));
  const limits = known.filter((_, index) => index % limitsOf === 0).map((probe) =>
    strainLimit(scan, Math.floor(probe / shape.columns), probe % shape.columns, labels[probe])
  );
  const off = known.map((probe) => strain[4 * probe] - wanted[4 * probe]), middle = median(off);
  const inTold = known.map((probe, index) => Math.abs(off[index] - middle) / error[4 * probe]);
  return {
    scan,
    measured: known.length,
    possible: inside.length,
    xx: aboutMedian(off),
    // Half of all normal errors are less than 0.6745 standard errors.
    told: 0.6745 / median(inTold),
    limit: Math.sqrt(limits.reduce((sum, limit) => sum + limit * limit, 0) / limits.length),
    rotation: aboutMedian(
      known.map((probe) => strain[4 * probe + 3] - wanted[4 * probe + 3] + turned[labels[probe]]!),
    ) * 180 / Math.PI,
    pixelSize: qPixelSize / truth.qPixelSize,
    alone: alone ? await measureAlone() : undefined,
  };

  async function measureAlone() {
    const patterns = inside.map((probe) => calibratedPeaks(peaks, probe, calibration));
    const own = (await matchOrientations(plans, patterns)).map(([match]) => match);
    const ownLabels = new Int32Array(labels.length).fill(-1);
    inside.forEach((probe, index) => ownLabels[probe] = index);
    const map = mapStrain({ peaks, labels: ownLabels, orientations: own, phases: plans, calibration });
    const found = inside.filter((probe) => !Number.isNaN(map.strain[4 * probe]));
    const error = (of: Float32Array, probes: number[]) =>
      aboutMedian(probes.map((probe) => of[4 * probe] - wanted[4 * probe]));
    const common = found.filter((probe) => !Number.isNaN(strain[4 * probe]));
    return { measured: found.length, xx: error(map.strain, common), both: error(strain, common) };
  }
}

/** Means of the raw patterns of each label, moved by whole pixels to the middle of the detector's own direct beam. */
function movedAverages(data: Uint16Array, scan: SimulatedScan, labels: Int32Array, origin: Float32Array) {
  const { patternRows, patternColumns } = scan.shape, { center, twinOf } = scan.truth;
  const pixels = patternRows * patternColumns, clusters = twinOf.length;
  const sums = new Float32Array(clusters * pixels), counts = new Float64Array(clusters);
  labels.forEach((label, probe) => {
    if (label < 0) return;
    counts[label]++;
    const down = Math.round(origin[2 * probe] - center[0]);
    const across = Math.round(origin[2 * probe + 1] - center[1]);
    for (let row = 0; row < patternRows; row++) {
      const from = Math.min(patternRows - 1, Math.max(0, row + down)) * patternColumns;
      for (let column = 0; column < patternColumns; column++) {
        const source = from + Math.min(patternColumns - 1, Math.max(0, column + across));
        sums[label * pixels + row * patternColumns + column] += data[probe * pixels + source];
      }
    }
  });
  sums.forEach((sum, index) => sums[index] = sum / Math.max(1, counts[Math.floor(index / pixels)]));
  return scanFromArray(sums, { rows: 1, columns: clusters, patternRows, patternColumns });
}

/** Means of the patterns of each label about a common origin, as the commands make them. */
async function averagesAbout(
  scan: Scan,
  labels: Int32Array,
  count: number,
  badPixels: BadPixels,
  origin: Float32Array,
): Promise<Scan> {
  const { columns, patternRows, patternColumns } = scan.shape, pixels = patternRows * patternColumns;
  const averages = new Float32Array(count * pixels);
  const members = Array.from(
    { length: count },
    (_, id) => [...labels.keys()].filter((probe) => labels[probe] === id),
  );
  const ids = [...members.keys()].filter((id) => members[id].length > 0);
  // Clusters are numbered without gaps.
  const clusters = ids.map((id, place) => ({
    id: place,
    size: members[id].length,
    bounds: {
      firstRow: Math.floor(members[id][0] / columns),
      lastRow: Math.floor(members[id].at(-1)! / columns),
    },
  }));
  const numbered = labels.map((label) => label < 0 ? -1 : ids.indexOf(label));
  const { shifts } = alignmentOf(origin);
  for await (
    const { first, patterns } of alignedAverages(scan, { labels: numbered, clusters, badPixels }, shifts)
  ) {
    for (let at = 0; at < patterns.length; at++) {
      const id = ids[first + Math.floor(at / pixels)];
      averages[id * pixels + at % pixels] = Number.isNaN(patterns[at]) ? 0 : patterns[at];
    }
  }
  return scanFromArray(averages, { rows: 1, columns: count, patternRows, patternColumns });
}

/** Angle in radians by which an orientation is turned in the plane from another, up to symmetry and half turns. */
function inPlane(rotations: readonly Matrix3[], found: Matrix3, wanted: Matrix3): number {
  const back = transpose(wanted);
  const between = rotations.map((rotation) => multiply(back, multiply(rotation, found)));
  // The half turn about the beam is no error of the lattice's direction.
  const like = (m: Matrix3) => Math.abs(m[0] + m[4]) + m[8];
  const nearest = between.reduce((best, m) => like(m) > like(best) ? m : best);
  const angle = Math.atan2(nearest[1] - nearest[3], nearest[0] + nearest[4]);
  return angle - Math.PI * Math.round(angle / Math.PI);
}

/** Root mean square about the median. */
function aboutMedian(values: readonly number[]): number {
  const middle = median(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length);
}

function median(values: readonly number[]): number {
  return Float64Array.from(values).sort()[values.length >> 1];
}

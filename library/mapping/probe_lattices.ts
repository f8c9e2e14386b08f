/** Lattices of probes whose patterns have few counts, against the averages of their clusters: what only the hybrid can do. */

import type { Matrix2 } from "../crystal/strain/deformation.ts";
import type { StrainFit } from "../crystal/strain/fit.ts";
import type { RunOptions } from "../engine/options.ts";
import { runPasses } from "../engine/run_passes.ts";
import { withEngine } from "../engine/with_engine.ts";
import { type BadPixelSource, prepareDetector } from "../passes/detector/preparation.ts";
import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import type { ProbeTemplate } from "../passes/bragg_peaks/probe_template.ts";
import { latticeNumbers, LatticePass, samplesAt } from "../passes/lattices/lattice_pass.ts";
import { informationOf } from "../passes/lattices/lattice_tables.ts";
import { medianOf } from "../scan/median.ts";
import { readPattern, type Scan } from "../scan/scan.ts";
import { calibratedPeaks, type DetectorCalibration } from "./calibrated_peaks.ts";
import { deformationBeside, type ExpectedLattice, expectedLattice } from "./expected_disks.ts";
import { type ClusterOrientation, spotsOf, type StrainPhase } from "./strain_spots.ts";

/** What is known of the clusters. */
export interface KnownClusters {
  /** Raw averages, one pattern for each cluster, as a scan of one row. */
  readonly averages: Scan;
  /** uint8 (qy, qx): 1 where averages show nothing, 2 where those that are 0 there do; default none. */
  readonly badAveraged?: Uint8Array;
  /** Peaks of the averages in detector pixels, and the direct beam of each: float32 (cluster, 2). */
  readonly peaks: PeakLists;
  readonly averageOrigin: Float32Array;
  /** int32 (row, column): cluster of each probe, -1 for none. */
  readonly labels: Int32Array;
  readonly orientations: readonly (ClusterOrientation | undefined)[];
  readonly phases: readonly StrainPhase[];
  readonly calibration: DetectorCalibration;
  readonly template: ProbeTemplate;
  /** What one electron adds to the values of patterns; default 1. */
  readonly gain?: number;
  /** Clusters that show fewer disks, the direct beam's aside, are left to the peaks of their probes; default 5. */
  readonly minimumDisks?: number;
  /** Pixels of the scan that show nothing, or are to be filled. */
  readonly badPixels: BadPixelSource;
}

/** Lattices of the probes of some clusters. */
export interface ProbeLattices {
  /** Clusters whose probes were fitted this way. */
  readonly clusters: number;
  /** Whether what is said of a probe counts; else its peaks do. */
  decides(probe: number): boolean;
  /** Deformation and errors; `undefined` where the pattern says too little. */
  fit(probe: number): Pick<StrainFit, "deformation" | "error"> | undefined;
}

/**
 * Where all disks of a pattern together tell places worse than this, in pixels, they are fitted at once. Below it disks are found
 * one by one, and the quarters of a pixel in which displacements are looked at would be too coarse.
 */
const leastUncertain = 0.025;
/**
 * Elements of a map that are less certain than this are worth nothing, nor are those this many times less certain than the median of
 * all: they would be speckles in the map. Results that fewer samples tell do not count.
 */
const mostUncertain = 0.02, timesMedian = 4, fewestSamples = 10;
/** Disks that are larger, in pixels, are left to peaks: their tables would be. */
const largestRadius = 40;

/**
 * Fits the lattice of every probe of clusters with few counts, in one reading of the scan.
 *
 * @returns `undefined` where no cluster has so few counts, or what disks look like is not known
 * @throws {OutOfResources} when the memory limit does not suffice
 * @throws {Aborted} when the signal fires
 */
export async function fitProbeLattices(
  scan: Scan,
  known: KnownClusters,
  options: RunOptions = {},
): Promise<ProbeLattices | undefined> {
  const { labels, calibration, template: { radius, edge }, gain = 1 } = known;
  if (edge === undefined || radius > largestRadius) return undefined;
  const shape = { radius, edge }, expected = await expectedLattices(known, shape, gain);
  if (!expected.some((lattice) => lattice)) return undefined;
  const { values } = await withEngine(options, async (engine) => {
    const preparation = await prepareDetector(
      scan,
      { badPixels: known.badPixels, center: { kind: "index" } },
      false,
      { ...options, engine },
    );
    const search = {
      ...{ ...shape, labels, origin: calibration.origin, gain },
      disks: expected.map((lattice) => lattice?.disks ?? []),
    };
    const pass = new LatticePass(scan, search, preparation.badPixels.masked);
    return (await runPasses(engine, scan, preparation, [pass], options))[0];
  });
  const of = (probe: number) => values.subarray(latticeNumbers * probe, latticeNumbers * (probe + 1));
  const decides = (probe: number) => of(probe)[samplesAt] >= fewestSamples;
  const errorOf = (probe: number) => {
    const [, , , , , , v11, v12, v21, v22] = of(probe), shear = Math.sqrt(v12 + v21) / 2;
    return { xx: Math.sqrt(v11), yy: Math.sqrt(v22), xy: shear, rotation: shear };
  };
  const worstOf = (probe: number) => {
    const { xx, yy, xy } = errorOf(probe);
    return Math.max(xx, yy, xy);
  };
  const decided = Array.from(labels.keys()).filter((probe) => labels[probe] >= 0 && decides(probe));
  const limit = decided.length === 0
    ? mostUncertain
    : Math.min(mostUncertain, timesMedian * medianOf(Float64Array.from(decided, worstOf)));
  return {
    clusters: expected.filter((lattice) => lattice).length,
    decides,
    fit: (probe) => {
      const lattice = labels[probe] >= 0 ? expected[labels[probe]] : undefined;
      if (!lattice || !decides(probe) || !(worstOf(probe) <= limit)) return undefined;
      const [d11, d12, , d21, d22] = of(probe), change: Matrix2 = [d11, d12, d21, d22];
      return { deformation: deformationBeside(lattice, change, calibration), error: errorOf(probe) };
    },
  };
}

/** What the average of each cluster promises; `undefined` for those that are left to the peaks of their probes. */
async function expectedLattices(
  known: KnownClusters,
  shape: { readonly radius: number; readonly edge: number },
  gain: number,
): Promise<(ExpectedLattice | undefined)[]> {
  const { averages, badAveraged, peaks, averageOrigin, labels, calibration, minimumDisks = 5 } = known;
  const sizes = new Float64Array(known.orientations.length);
  for (const label of labels) if (label >= 0) sizes[label]++;
  const found: (ExpectedLattice | undefined)[] = [];
  for (const [cluster, orientation] of known.orientations.entries()) {
    found.push(undefined);
    if (!orientation || sizes[cluster] === 0) continue;
    const pattern = Float64Array.from(await readPattern(averages, 0, cluster), (value) => value / gain);
    const lattice = expectedLattice(
      {
        pattern,
        detector: {
          ...averages.shape,
          bad: badAveraged?.map((bad, pixel) => bad === 1 || (bad === 2 && pattern[pixel] === 0) ? 1 : 0),
        },
        patterns: sizes[cluster],
        origin: [averageOrigin[2 * cluster], averageOrigin[2 * cluster + 1]],
        peaks: calibratedPeaks(peaks, cluster, { ...calibration, origin: averageOrigin }),
      },
      spotsOf(known.phases[orientation.phase], orientation.orientation),
      shape.radius,
      calibration,
    );
    if (!lattice) continue;
    const beams = lattice.disks.filter(({ row, column }) => row === 0 && column === 0).length;
    const information = lattice.disks.reduce((sum, disk) => sum + informationOf(disk, shape), 0);
    // Three unknowns along each axis share what is known.
    const few = Math.sqrt(3 / information) > leastUncertain;
    if (few && lattice.disks.length - beams >= minimumDisks) found[cluster] = lattice;
  }
  return found;
}

/** Lattices of probes against the averages of their clusters, which tell what disks there are: what only the hybrid can do. */

import type { Matrix2 } from "../crystal/strain/deformation.ts";
import { mostUncertain, type StrainFit } from "../crystal/strain/fit.ts";
import type { RunOptions } from "../engine/options.ts";
import { runPasses } from "../engine/run_passes.ts";
import { withEngine } from "../engine/with_engine.ts";
import { type BadPixelSource, prepareDetector } from "../passes/detector/preparation.ts";
import { type PeakLists, PeakPass } from "../passes/bragg_peaks/peak_pass.ts";
import type { PeakOptions } from "../passes/bragg_peaks/peak_settings.ts";
import type { ProbeTemplate } from "../passes/bragg_peaks/probe_template.ts";
import {
  latticeNumbers,
  LatticePass,
  type LatticeSearch,
  type PatternLattices,
} from "../passes/lattices/lattice_pass.ts";
import {
  isSettled,
  PeaksBesideLattices,
  type SettledRule,
  settledRule,
  wantedAnyway,
} from "../passes/lattices/peaks_beside_lattices.ts";
import { informationOf } from "../passes/lattices/lattice_tables.ts";
import { medianOf } from "../scan/median.ts";
import { readPattern, type Scan } from "../scan/scan.ts";
import { probeCount } from "../scan/shape.ts";
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
  /** The same of all probes whose patterns the averages are of; default: the labels. */
  readonly averagedLabels?: Int32Array;
  readonly orientations: readonly (ClusterOrientation | undefined)[];
  readonly phases: readonly StrainPhase[];
  readonly calibration: DetectorCalibration;
  readonly template: ProbeTemplate;
  /** What one electron adds to the values of patterns; default 1. */
  readonly gain?: number;
  /** Clusters that show fewer disks, the direct beam's aside, are left to the peaks of their probes; default 5. */
  readonly minimumDisks?: number;
}

/** How the lattices of a cluster's patterns are fitted; see `LatticeSearch`. */
type Way = LatticeSearch["way"];

/** Lattices of the probes of some clusters. */
export interface ProbeLattices {
  /** Clusters whose probes were fitted this way. */
  readonly clusters: number;
  /** How what is said of a probe was found; `undefined` where its peaks count instead. */
  way(probe: number): Way | undefined;
  /** Deformation and errors; `undefined` where the pattern says too little. */
  fit(probe: number): Pick<StrainFit, "deformation" | "error"> | undefined;
}

/**
 * Where all disks of a pattern together tell places worse than this, in pixels, the likelihood may have several maxima. Where they
 * tell them better, it has one, and the quarters of a pixel in which displacements are looked at would be too coarse.
 */
const leastUncertain = 0.025;
/** Of few counts, elements of a map that are so many times less certain than the median of these would be speckles in it. */
const timesMedian = 4;
/** Disks that are larger, in pixels, are left to peaks: their tables would be. */
const largestRadius = 40;

/** What a reading of the scan is to look for, and what it says then. */
export interface PlannedLattices {
  /** @param masked indices of detector pixels that show nothing */
  passes(
    scan: Scan,
    masked: readonly number[],
  ): { readonly pass: LatticePass; readonly settled: SettledRule }[];
  /** @param found the results of the passes */
  read(found: readonly PatternLattices[]): ProbeLattices;
}

/**
 * Finds the peaks of patterns, and fits their lattices, in one reading of the scan.
 *
 * @param peaks how they are looked for; default: not
 * @param planned lattices that are fitted; default: none
 * @param wanted of which probes peaks are wanted, see `PeaksBesideLattices`; default: of all
 * @throws {OutOfResources} when the memory limit does not suffice
 * @throws {Aborted} when the signal fires
 */
export async function readLattices(
  scan: Scan,
  { peaks, planned, wanted, badPixels }: {
    readonly peaks?: PeakOptions;
    readonly planned?: PlannedLattices;
    readonly wanted?: Uint8Array;
    readonly badPixels: BadPixelSource;
  },
  run: RunOptions = {},
): Promise<{ readonly peaks?: PeakLists; readonly lattices?: ProbeLattices }> {
  return await withEngine(run, async (engine) => {
    const options = { ...run, engine };
    const preparation = await prepareDetector(scan, { badPixels, center: { kind: "index" } }, false, options);
    preparation.warnings.forEach((warning) => run.onWarning?.(warning));
    const { masked } = preparation.badPixels, lattices = planned?.passes(scan, masked) ?? [];
    if (!peaks) {
      const found = await runPasses(engine, scan, preparation, lattices.map(({ pass }) => pass), run);
      return { lattices: planned?.read(found) };
    }
    const marks = wanted ?? new Uint8Array(probeCount(scan.shape)).fill(wantedAnyway);
    const pass = new PeaksBesideLattices(new PeakPass(scan, peaks, masked), lattices, marks);
    const [[lists, ...found]] = await runPasses(engine, scan, preparation, [pass], run);
    return { peaks: lists, lattices: planned?.read(found) };
  });
}

/**
 * Fits the lattice of every probe of clusters whose averages show enough disks, in one reading of the scan.
 *
 * @returns `undefined` where there is no such cluster, or what disks look like is not known
 * @throws as {@link readLattices}
 */
export async function fitProbeLattices(
  scan: Scan,
  known: KnownClusters & { readonly badPixels: BadPixelSource },
  options: RunOptions = {},
): Promise<ProbeLattices | undefined> {
  const planned = await planProbeLattices(known);
  return planned && (await readLattices(scan, { planned, badPixels: known.badPixels }, options)).lattices;
}

/** Looks at the averages for what patterns may show; `undefined` as {@link fitProbeLattices}. */
export async function planProbeLattices(known: KnownClusters): Promise<PlannedLattices | undefined> {
  const { labels, calibration, template: { radius, edge }, gain = 1, minimumDisks = 5 } = known;
  if (edge === undefined || radius > largestRadius) return undefined;
  const shape = { radius, edge }, expected = await expectedLattices(known, shape, gain);
  const ways = (["sampled", "joint"] as const).filter((way) => expected.some((found) => found?.way === way));
  if (ways.length === 0) return undefined;
  return {
    passes: (scan, masked) =>
      ways.map((way) => {
        const disks = expected.map((lattice) => lattice?.way === way ? lattice.disks : []);
        const search = { ...shape, labels, origin: calibration.origin, gain, way, disks };
        return { pass: new LatticePass(scan, search, masked), settled: settledRule(way, minimumDisks) };
      }),
    read: (found) => {
      // Each probe has a result of the one or the other.
      const [{ values }, other] = found;
      return probeLattices(
        known,
        expected,
        other ? values.map((value, at) => value + other.values[at]) : values,
      );
    },
  };
}

/** What the numbers of the passes say. */
function probeLattices(
  { labels, calibration, minimumDisks = 5 }: KnownClusters,
  expected: readonly (FittedLattice | undefined)[],
  values: Float32Array,
): ProbeLattices {
  const of = (probe: number) => values.subarray(latticeNumbers * probe, latticeNumbers * (probe + 1));
  const wayOf = (probe: number): Way | undefined => {
    const way = labels[probe] >= 0 ? expected[labels[probe]]?.way : undefined;
    return way && isSettled(of(probe), settledRule(way, minimumDisks)) ? way : undefined;
  };
  const errorOf = (probe: number) => {
    const [, , , , , , v11, v12, v21, v22] = of(probe), shear = Math.sqrt(v12 + v21) / 2;
    return { xx: Math.sqrt(v11), yy: Math.sqrt(v22), xy: shear, rotation: shear };
  };
  const worstOf = (probe: number) => {
    const { xx, yy, xy } = errorOf(probe);
    return Math.max(xx, yy, xy);
  };
  const sampled = Array.from(labels.keys()).filter((probe) => wayOf(probe) === "sampled");
  const limits = {
    sampled: sampled.length === 0
      ? mostUncertain
      : timesMedian * medianOf(Float64Array.from(sampled, worstOf)),
    joint: mostUncertain,
  };
  return {
    clusters: expected.filter((lattice) => lattice).length,
    way: wayOf,
    fit: (probe) => {
      const way = wayOf(probe), lattice = expected[labels[probe]];
      if (!lattice || !way || !(worstOf(probe) <= limits[way])) return undefined;
      const [d11, d12, , d21, d22] = of(probe), change: Matrix2 = [d11, d12, d21, d22];
      return { deformation: deformationBeside(lattice, change, calibration), error: errorOf(probe) };
    },
  };
}

/** What an average promises, and how its patterns are fitted. */
interface FittedLattice extends ExpectedLattice {
  readonly way: Way;
}

/** What the average of each cluster promises; `undefined` for those that are left to the peaks of their probes. */
async function expectedLattices(
  known: KnownClusters,
  shape: { readonly radius: number; readonly edge: number },
  gain: number,
): Promise<(FittedLattice | undefined)[]> {
  const { averages, badAveraged, peaks, averageOrigin, labels, calibration, minimumDisks = 5 } = known;
  const sizes = new Float64Array(known.orientations.length), wanted = new Set(labels);
  for (const label of known.averagedLabels ?? labels) if (label >= 0) sizes[label]++;
  const found: (FittedLattice | undefined)[] = [];
  for (const [cluster, orientation] of known.orientations.entries()) {
    found.push(undefined);
    if (!orientation || !wanted.has(cluster)) continue;
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
    if (lattice.disks.length - beams < minimumDisks) continue;
    found[cluster] = { ...lattice, way: few ? "sampled" : "joint" };
  }
  return found;
}

/** Simulated scans: nanobeam diffraction of polycrystals with the truth about it. */

import type { Calibration } from "../scan/calibration.ts";
import type { PixelArray } from "../scan/dtype.ts";
import { checkRows, type Scan, type ScanSource } from "../scan/scan.ts";
import { pixelCount, probeCount, type ScanShape } from "../scan/shape.ts";
import { type Crystal, growCrystals } from "./crystals.ts";
import { type Footprints, probeFootprints } from "./footprints.ts";
import { calibrationOf, type DetectorGeometry, detectorGeometry } from "./geometry.ts";
import { type Grain, placeGrains } from "./grains.ts";
import { checkSimulation, type SimulationParameters } from "./parameters.ts";
import { PatternModel, type SimulatedDisk } from "./patterns.ts";
import { dealPhases, phasesOf } from "./phases.ts";
import { drawPoissonCounts } from "./poisson.ts";
import { Random } from "./random.ts";
import { toMatrix } from "./rotation.ts";
import { drawStretches } from "./stretches.ts";
import { trueStrain } from "./true_strain.ts";

/** Purposes of random numbers: what is drawn for one leaves the others as they are. */
export const streams = {
  ...{ grains: 1, crystals: 2, detector: 3, noise: 4, phases: 5, stretches: 6 } as const,
  ...{ drift: 7, fates: 8 } as const,
};

/** What is known about a simulated scan of N crystals. */
export interface SimulationTruth {
  /** Crystal with most of each probe, 0 to N - 1; -1 where the bare support has more. (row, column) row-major. */
  readonly labels: Int32Array;
  /** Part of the probe that the label has; 1 = nothing else. (row, column) row-major. */
  readonly purity: Float32Array;
  /** N rotation matrices, row-major: v_lab = matrix v_crystal, with x = columns, y = rows, z = along the beam. */
  readonly orientations: Float64Array;
  /** Phase of each crystal: an index of the crystals that were given, 0 where none was. */
  readonly phases: Int32Array;
  /** For each crystal the one that it is a Sigma-3 twin of, or -1. */
  readonly twinOf: Int32Array;
  /** Hot detector pixels, indices (qy, qx) row-major, ascending. */
  readonly hotPixels: readonly number[];
  /** Position of the direct beam in pixels, without descan. */
  readonly center: readonly [row: number, column: number];
  /** Size of a detector pixel in Å^-1, before the ellipse. */
  readonly qPixelSize: number;
  /** Radius of the disks in pixels. */
  readonly diskRadius: number;
}

/**
 * A scan whose patterns are computed when they are read. Pixels are u16 counts; each pattern depends on the parameters
 * and its probe position alone, to the bit, whatever is read before it and on whatever machine.
 */
export class SimulatedScan implements Scan {
  /** Scan rows and columns, detector rows and columns. */
  readonly shape: ScanShape;
  /** Number type of the counts. */
  readonly dtype = "u16";
  /** As a file would give it: the true step, pixel size and beam. */
  readonly calibration: Calibration;
  /** Says that this is a simulation, and its seed. */
  readonly source: ScanSource;
  /** What could not be simulated as it was asked for. */
  readonly warnings: readonly string[];
  /** All parameters, defaults included. */
  readonly parameters: SimulationParameters;
  /** What a perfect analysis would find. */
  readonly truth: SimulationTruth;
  readonly #model: PatternModel;
  readonly #crystals: readonly Crystal[];
  readonly #grains: readonly Grain[];
  readonly #expected: Float32Array;
  #closed = false;

  readonly #noiseKeys: readonly number[];

  /**
   * Grows the crystals; patterns are computed later, when they are read.
   *
   * @param staged a frame of a series; default: what follows from the parameters alone
   * @throws {BadParameter} when a parameter is out of range
   */
  constructor(given: Partial<SimulationParameters>, staged?: StagedCrystals & { readonly frame: number }) {
    const parameters = this.parameters = checkSimulation(given);
    const { rows, columns, patternRows, patternColumns, seed } = parameters;
    const geometry = detectorGeometry(parameters);
    const phases = phasesOf(parameters.crystals);
    const { grains, crystals, alike } = staged ?? stageCrystals(parameters);
    this.#noiseKeys = staged ? [streams.noise, staged.frame] : [streams.noise];
    const footprints = probeFootprints(grains, crystals, parameters);
    this.#crystals = crystals;
    this.#grains = grains;
    this.shape = { rows, columns, patternRows, patternColumns };
    this.calibration = calibrationOf(parameters, geometry);
    this.source = { format: "simulation", path: "simulation", notes: { seed } };
    const random = new Random(seed, streams.detector);
    this.#model = new PatternModel(parameters, geometry, grains, crystals, phases, footprints, random);
    this.#expected = new Float32Array(pixelCount(this.shape));
    this.truth = truthOf(crystals, footprints, geometry, this.#model);
    this.warnings = warningsOf(this.#model, alike);
  }

  /** Computes the patterns; see {@link Scan.readRows}. */
  readRows(first: number, count: number, into: PixelArray): void {
    if (this.#closed) throw new Error("the simulated scan is closed");
    checkRows(this.shape, first, count, into);
    if (!(into instanceof Uint16Array)) throw new RangeError("a simulated scan fills Uint16Array only");
    const { columns } = this.shape;
    const pixels = pixelCount(this.shape);
    const expected = this.#expected;
    for (let index = 0; index < count * columns; index++) {
      const probe = first * columns + index;
      this.#model.expectedCounts(probe, expected);
      if (this.parameters.noise) {
        const random = new Random(this.parameters.seed, ...this.#noiseKeys, probe);
        drawPoissonCounts(expected, into, index * pixels, random);
      } else {
        for (let pixel = 0; pixel < pixels; pixel++) {
          into[index * pixels + pixel] = Math.min(65535, Math.round(expected[pixel]));
        }
      }
    }
  }

  /**
   * The pattern without counting noise: expected counts, (qy, qx) row-major, hot pixels included.
   *
   * @throws {RangeError} when the probe position is not inside the scan
   */
  expectedPattern(row: number, column: number): Float32Array {
    const counts = new Float32Array(pixelCount(this.shape));
    this.#model.expectedCounts(this.#probe(row, column), counts);
    return counts;
  }

  /**
   * The disks that a pattern is made of, in no particular order, the direct beam last.
   *
   * @throws {RangeError} when the probe position is not inside the scan
   */
  disks(row: number, column: number): SimulatedDisk[] {
    return this.#model.disks(this.#probe(row, column));
  }

  #probe(row: number, column: number): number {
    const { rows, columns } = this.shape;
    if (row >= 0 && row < rows && column >= 0 && column < columns) return row * columns + column;
    throw new RangeError(`probe position (${row}, ${column}) is not inside the scan`);
  }

  /** The strain of each probe's crystal in the axes of `strain.npy`, float32 (row, column, 4); NaN on the bare support. */
  trueStrain(): Float32Array {
    return trueStrain(this.truth.labels, this.parameters, this.#crystals, this.#grains);
  }

  /** Where the direct beam falls at each probe, float32 (row, column, 2): row and column in pixels. */
  trueOrigin(): Float32Array {
    const origin = new Float32Array(2 * probeCount(this.shape));
    for (let probe = 0; probe < origin.length / 2; probe++) origin.set(this.#model.origin(probe), 2 * probe);
    return origin;
  }

  /** Nothing is held, but reading after it is an error as it is with files. */
  close(): void {
    this.#closed = true;
  }
}

/**
 * Simulates a scan; parameters left out take their defaults.
 *
 * @throws {BadParameter} when a parameter is out of range
 *
 * @example
 * ```ts
 * import { simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 8, columns: 8, grains: 3, seed: 7 });
 * const row = new Uint16Array(8 * 64 * 64);
 * scan.readRows(0, 1, row);
 * ```
 */
export function simulateScan(parameters: Partial<SimulationParameters> = {}): SimulatedScan {
  return new SimulatedScan(parameters);
}

/** Grains and their crystals. */
export interface StagedCrystals {
  readonly grains: readonly Grain[];
  readonly crystals: readonly Crystal[];
  /** Grains that are closer in orientation to a neighbour than was asked for. */
  readonly alike: number;
}

/** Places the grains that follow from the parameters, and fills them with crystals. */
export function stageCrystals(parameters: SimulationParameters): StagedCrystals {
  const { seed } = parameters;
  const grains = placeGrains(parameters, new Random(seed, streams.grains));
  const phases = phasesOf(parameters.crystals);
  const dealt = dealPhases(grains.length, phases.length, new Random(seed, streams.phases));
  const stretches = drawStretches(grains.length, parameters, new Random(seed, streams.stretches));
  const contents = dealt.map((phase, grain) => ({ phase, stretch: stretches[grain] }));
  const random = new Random(seed, streams.crystals);
  return { grains, ...growCrystals(grains, contents, phases, parameters, random) };
}

function truthOf(
  crystals: readonly Crystal[],
  { labels, purity }: Footprints,
  { center, qPixelSize, diskRadius }: DetectorGeometry,
  model: PatternModel,
): SimulationTruth {
  return {
    labels,
    purity,
    orientations: Float64Array.from(crystals.flatMap(({ orientation }) => toMatrix(orientation))),
    phases: Int32Array.from(crystals, ({ phase }) => phase),
    twinOf: Int32Array.from(crystals, ({ twinOf }) => twinOf),
    hotPixels: model.hotPixels.map(({ pixel }) => pixel),
    center,
    qPixelSize,
    diskRadius,
  };
}

function warningsOf(model: PatternModel, alike: number): string[] {
  const warnings: string[] = [];
  if (model.brightest > 65535) {
    warnings.push("the dose is so high that bright pixels may saturate at 65535 counts");
  }
  if (alike > 0) {
    warnings.push(`${alike} grains differ from a neighbour by less than the minimum misorientation`);
  }
  return warnings;
}

/** Simulated series: the scans of a specimen that drifts, grows, coalesces, dissolves or coarsens, with the truth about it. */

import type { ScanShape } from "../scan/shape.ts";
import { drawDrift, Evolution } from "./evolution.ts";
import type { SimulationParameters } from "./parameters.ts";
import { Random } from "./random.ts";
import { SimulatedScan, stageCrystals, type StagedCrystals, streams } from "./scan.ts";
import { checkSeriesSimulation, type SeriesParameters } from "./series_parameters.ts";

/** A series of simulated scans. Crystals keep their numbers from frame to frame. */
export class SimulatedSeries {
  /** Parameters of every scan. */
  readonly scan: SimulationParameters;
  /** Parameters of the series. */
  readonly series: SeriesParameters;
  /** Sizes of every scan. */
  readonly shape: ScanShape;
  /** Where the specimen is in each frame, less where it was in the first, (row, column) in scan steps. */
  readonly drift: readonly (readonly [row: number, column: number])[];
  /** For each crystal the one that it is a twin of that appears during the series, or -1. */
  readonly splitOf: Int32Array;
  readonly #evolution: Evolution;
  readonly #staged: StagedCrystals;

  /**
   * Places the grains and decides what becomes of each.
   *
   * @throws {BadParameter} when a parameter is out of range
   */
  constructor(scan: Partial<SimulationParameters>, series: Partial<SeriesParameters>) {
    const given = checkSeriesSimulation(scan, series);
    this.scan = given.scan;
    this.series = given.series;
    const { rows, columns, patternRows, patternColumns, grains, seed } = given.scan;
    this.shape = { rows, columns, patternRows, patternColumns };
    this.drift = drawDrift(given.series.frames, given.series.drift, new Random(seed, streams.drift));
    // The specimen is larger than the scan, so that drift brings crystals in and takes others out.
    const [above, below] = margins(this.drift.map(([row]) => row));
    const [left, right] = margins(this.drift.map(([, column]) => column));
    const world = { rows: rows + above + below, columns: columns + left + right };
    const more = world.rows * world.columns / (rows * columns);
    const staged = stageCrystals({ ...given.scan, ...world, grains: Math.round(grains * more) });
    const placed = staged.grains.map((grain) => ({
      ...grain,
      row: grain.row - above,
      column: grain.column - left,
    }));
    this.#staged = { ...staged, grains: placed };
    const random = new Random(seed, streams.fates);
    this.#evolution = new Evolution(placed, staged.crystals, this.drift, given, random);
    this.splitOf = this.#evolution.splitOf;
  }

  /**
   * A scan of the series. The labels of its truth are those of the series: crystals that merged have one.
   *
   * @throws {RangeError} when there is no such frame
   */
  frame(
    index: number,
  ): { readonly scan: SimulatedScan; readonly labels: Int32Array; readonly partOf: Int32Array } {
    if (!(index >= 0 && index < this.series.frames)) throw new RangeError(`the series has no frame ${index}`);
    const { grains, crystals, partOf } = this.#evolution.at(index);
    const scan = new SimulatedScan(this.scan, { grains, crystals, alike: this.#staged.alike, frame: index });
    return { scan, labels: scan.truth.labels.map((label) => label < 0 ? -1 : partOf[label]), partOf };
  }
}

/**
 * Simulates a series; parameters left out take their defaults.
 *
 * @param scan what every scan is like; particles on a support unless it says `layout: film`
 * @throws {BadParameter} when a parameter is out of range
 *
 * @example
 * ```ts
 * import { simulateSeries } from "crystallite";
 *
 * const series = simulateSeries({ rows: 12, columns: 12, grains: 3, seed: 5 }, { frames: 4, drift: 1 });
 * const { scan, labels } = series.frame(3);
 * console.assert(scan.shape.rows === 12 && labels.length === 144);
 * ```
 */
export function simulateSeries(
  scan: Partial<SimulationParameters> = {},
  series: Partial<SeriesParameters> = {},
): SimulatedSeries {
  return new SimulatedSeries({ layout: "particles", ...scan }, series);
}

/** Whole scan steps that the specimen reaches beyond the scan on either side. */
function margins(positions: readonly number[]): [before: number, after: number] {
  return [Math.ceil(Math.max(0, ...positions)), Math.ceil(Math.max(0, ...positions.map((at) => -at)))];
}

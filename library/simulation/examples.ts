/** Experiments by name: the one of the paper, and two that ask other questions. */

import { builtInCrystal } from "../crystal/built_in.ts";
import { BadParameter } from "../scan/errors.ts";
import type { SimulationParameters } from "./parameters.ts";
import type { SeriesParameters } from "./series_parameters.ts";

/** Names of the experiments that {@link simulationExample} knows. */
export const exampleNames = ["liquid-cell-gold", "twinned-silver", "two-phase"] as const;

/** Sizes of an experiment: one that is done in a minute, and that of the paper, 512 x 512 probes. */
export const exampleSizes = ["small", "paper"] as const;

/** Name of an experiment. */
export type ExampleName = typeof exampleNames[number];

/** Size of an experiment. */
export type ExampleSize = typeof exampleSizes[number];

/** What an experiment is, as `simulateScan` and `simulateSeries` are told it. */
export interface SimulationExample {
  /** Every scan. */
  readonly scan: Partial<SimulationParameters>;
  /** What changes from scan to scan, where a series is wanted. */
  readonly series: Partial<SeriesParameters>;
}

/** An experiment before its crystals are looked up; grains are counted by the area of the scan. */
interface Recipe extends SimulationExample {
  /** Built-in crystals; none = the simulation's own gold. */
  readonly crystals: readonly string[];
  /** Probe positions that a grain or particle takes, bare support around it included. */
  readonly probesPerGrain: number;
}

/** Scan rows and columns, and those of the detector: the paper's detector has 192 x 192 pixels. */
const sizes: Readonly<Record<ExampleSize, { readonly probes: number; readonly pixels: number }>> = {
  small: { probes: 64, pixels: 192 },
  paper: { probes: 512, pixels: 192 },
};

const recipes: Readonly<Record<ExampleName, Recipe>> = {
  "liquid-cell-gold": {
    crystals: [],
    probesPerGrain: 290,
    scan: {
      layout: "particles",
      coverage: 0.5,
      twinFraction: 0.3,
      texture: "mixed",
      thickness: 8,
      strain: 0.004,
      bend: 0.3,
      beamEnergy: 300,
      convergenceAngle: 0.622,
      pixelSize: 1.5,
      dose: 8000,
      // The liquid and the windows of its cell scatter more than any carbon film.
      halo: 0.45,
      maximumQ: 1.2,
      descan: 4,
      hotPixels: 24,
      seed: 18,
    },
    series: {
      frames: 6,
      drift: 1,
      motion: 0.2,
      spin: 0.2,
      growth: 0.4,
      merges: 2,
      births: 1,
      dissolutions: 0,
    },
  },
  "twinned-silver": {
    crystals: ["Ag"],
    probesPerGrain: 340,
    scan: {
      layout: "film",
      twinFraction: 0.75,
      texture: "110",
      textureSpread: 2,
      thickness: 20,
      strain: 0.003,
      bend: 0.1,
      gradientStrain: [0, 0.012, 0],
      beamEnergy: 200,
      convergenceAngle: 1,
      pixelSize: 2,
      dose: 40000,
      halo: 0.1,
      maximumQ: 1.2,
      descan: 2,
      hotPixels: 12,
      diskSteps: 64,
      seed: 5,
    },
    series: { frames: 6, drift: 1, coarsening: 0.4, nucleations: 2 },
  },
  "two-phase": {
    crystals: ["Au", "MgO"],
    probesPerGrain: 340,
    scan: {
      layout: "film",
      twinFraction: 0,
      texture: "mixed",
      thickness: 15,
      strain: 0.002,
      bend: 0.1,
      beamEnergy: 200,
      convergenceAngle: 1,
      pixelSize: 2,
      dose: 30000,
      halo: 0.1,
      maximumQ: 1.2,
      descan: 2,
      hotPixels: 12,
      seed: 2,
    },
    series: { frames: 6, drift: 1, coarsening: 0.4 },
  },
};

/**
 * The parameters of an experiment by name: `liquid-cell-gold` (gold particles, some twinned, in a liquid, as in the paper:
 * 300 kV, 0.622 mrad, 192 x 192 pixels, hot pixels, a moving beam), `twinned-silver` (a film full of twins, with strain that
 * grows across it) and `two-phase` (a film of gold and magnesium oxide). All follow from the parameters, to the bit.
 *
 * @param size `small` = 64 x 64 probes, 302 MB; `paper` = 512 x 512 probes, 19 GB for each scan
 * @throws {BadParameter} when there is no such experiment, or size
 *
 * @example
 * ```ts
 * import { simulateScan, simulationExample } from "crystallite";
 *
 * const { scan } = await simulationExample("liquid-cell-gold", "small");
 * const simulated = simulateScan({ ...scan, rows: 8, columns: 8, grains: 2 });
 * console.assert(simulated.calibration.beamEnergy === 300 && simulated.shape.patternRows === 192);
 * ```
 */
export async function simulationExample(
  name: ExampleName,
  size: ExampleSize = "small",
): Promise<SimulationExample> {
  const recipe = entry(recipes, name, "example"), { probes, pixels } = entry(sizes, size, "size");
  const crystals = await Promise.all(recipe.crystals.map(builtInCrystal));
  return {
    scan: {
      ...{ rows: probes, columns: probes, patternRows: pixels, patternColumns: pixels },
      ...recipe.scan,
      crystals,
      grains: Math.round(probes * probes / recipe.probesPerGrain),
    },
    series: recipe.series,
  };
}

function entry<Name extends string, Value>(
  table: Readonly<Record<Name, Value>>,
  name: Name,
  parameter: string,
): Value {
  if (Object.hasOwn(table, name)) return table[name];
  const expected = Object.keys(table).join(", ");
  throw new BadParameter(`the simulation has no such ${parameter}`, {
    ...{ expected, found: String(name), parameter },
    remedy: `give \`${parameter}\` as one of ${expected}`,
  });
}

/**
 * Simulated experiments on which methods are measured: one factor varied at a time, and hard combinations drawn at random.
 * Precession is not among them: the simulator has none.
 */

import type { Layout, SimulationParameters, Texture } from "../../library/simulation/parameters.ts";
import { Random } from "../../library/simulation/random.ts";

/** Seeds for development, and those for what is reported; no seed is in both. */
export type SeedSet = "dev" | "report";

/** One kind of scan. */
export interface Condition {
  readonly name: string;
  /** Conditions that are summed up together. */
  readonly group: string;
  /** Parameters of the scan with a seed; `seed` itself included. */
  parameters(seed: number): Partial<SimulationParameters>;
}

/** Scans of a condition unless more are asked for. */
export const defaultCount = 8;

/** What is not said otherwise: few electrons, and a probe as wide as a scan step. */
const base = { dose: 3000, probeSigma: 0.7 };

/** The convergence angle in mrad at 200 kV that gives disks of a radius in pixels. */
function angleOf(diskRadius: number, maximumQ = 1.2, detector = 64): number {
  // The default, 2.35 mrad, gives 2.5 pixels where 32 pixels reach 1.2 per Å.
  return 2.35 * (diskRadius / 2.5) * (maximumQ / 1.2) * (64 / detector);
}

function fixed(name: string, group: string, changes: Partial<SimulationParameters> = {}): Condition {
  return { name, group, parameters: (seed) => ({ ...base, ...changes, seed }) };
}

const doses = [300, 1000, 3000, 10000, 50000];
const textures: readonly Texture[] = ["random", "111", "110", "100"];

/** All conditions, easy ones first. */
export const conditions: readonly Condition[] = [
  ...doses.map((dose) => fixed(`film dose ${dose}`, dose < 1000 ? "300 electrons" : "films", { dose })),
  ...[3000, 50000].flatMap((dose) =>
    [0, 0.4, 1, 1.5].map((probeSigma) =>
      fixed(`film blur ${probeSigma} dose ${dose}`, probeSigma > 1 ? "probe overlap 1.5" : "films", {
        dose,
        probeSigma,
      })
    )
  ),
  fixed("film twins 0.8", "films", { twinFraction: 0.8 }),
  fixed("film halo 0.4 dose 1000", "films", { halo: 0.4, dose: 1000 }),
  fixed("film halo 0.4 dose 5000", "films", { halo: 0.4, dose: 5000 }),
  fixed("film hot 30", "films", { hotPixels: 30 }),
  ...textures.map((texture) => fixed(`film texture ${texture}`, "films", { texture })),
  fixed("film detector 48", "films", {
    patternRows: 48,
    patternColumns: 48,
    convergenceAngle: angleOf(2, 1.2, 48),
  }),
  fixed("film detector 96", "films", {
    ...{ rows: 48, columns: 48, grains: 10, patternRows: 96, patternColumns: 96 },
    convergenceAngle: angleOf(4, 1.2, 96),
  }),
  fixed("film large disks", "films", { maximumQ: 1, convergenceAngle: angleOf(5, 1) }),
  fixed("film 4 grains", "films", { grains: 4 }),
  fixed("film 40 grains", "films", { grains: 40 }),
  fixed("film descan 3", "films", { descan: 3 }),
  fixed("film offset", "films", { offset: [3, -2] }),
  fixed("film beam stop", "films", { beamStopRadius: 4 }),
  fixed("film thick", "films", { thickness: 20 }),
  ...[3000, 20000].flatMap((dose) =>
    [0.5, 1].map((bend) => fixed(`film bend ${bend} dose ${dose}`, `bend ${bend}`, { dose, bend }))
  ),
  ...doses.map((dose) =>
    fixed(`particles dose ${dose}`, dose < 1000 ? "300 electrons" : "particles", {
      dose,
      layout: "particles",
    })
  ),
  fixed("particles sparse", "particles", { layout: "particles", coverage: 0.25, grains: 10 }),
  fixed("particles halo 0.4 dose 1000", "particles", { layout: "particles", halo: 0.4, dose: 1000 }),
  fixed("particles blur 1.5", "probe overlap 1.5", { layout: "particles", probeSigma: 1.5 }),
  fixed("particles bend 0.5 dose 50000", "bend 0.5", { layout: "particles", bend: 0.5, dose: 50000 }),
  { name: "hard film", group: "hard combinations", parameters: (seed) => hardCombination(seed, "film") },
  {
    name: "hard particles",
    group: "hard combinations",
    parameters: (seed) => hardCombination(seed, "particles"),
  },
];

/** Any of these at once; the seed draws them, and then the scan. */
function hardCombination(seed: number, layout: Layout): Partial<SimulationParameters> {
  const random = new Random(seed, 100);
  const one = <Value>(values: readonly Value[]) => values[random.below(values.length)];
  return {
    seed,
    layout,
    dose: Math.round(300 * (50000 / 300) ** random.uniform()),
    probeSigma: one([0, 0.5, 0.8, 1.2, 1.5]),
    grains: 5 + random.below(25),
    bend: one([0, 0.15, 0.5, 0.8]),
    twinFraction: one([0, 0.3, 0.6]),
    halo: one([0.05, 0.15, 0.4]),
    hotPixels: one([0, 6, 30]),
    texture: one(["random", "mixed", "111", "110", "100"] as const),
    descan: one([0, 0, 1.5]),
    thickness: one([5, 8, 15]),
    convergenceAngle: angleOf(one([1.5, 2.5, 4])),
    pointSpread: one([0.4, 1]),
  };
}

/** Most scans of a condition. */
const most = 1000;

/**
 * The seeds of a condition: those of one set are even, those of the other odd, and each condition has its own.
 *
 * @throws {RangeError} when more are asked for than there are
 */
export function seedsOf(condition: string, set: SeedSet, count: number): number[] {
  if (count > most) throw new RangeError(`a condition has at most ${most} seeds`);
  const first = 2 * most * hash(condition) + (set === "report" ? 1 : 0);
  return Array.from({ length: count }, (_, index) => first + 2 * index);
}

/** FNV-1a of a name, 32 bits: seeds stay as they are when conditions are added. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    value = Math.imul(value ^ name.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

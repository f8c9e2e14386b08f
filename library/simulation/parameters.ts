/** What a simulated experiment is told: the parameters with their units, defaults and checks. */

import type { Crystal } from "../crystal/crystal.ts";
import { BadParameter } from "../scan/errors.ts";

/** How crystals fill the scan: a dense film of grains, or particles on a thin support. */
export type Layout = "film" | "particles";

/** The crystal direction along the beam: any, one of three, or one of these drawn anew for each grain. */
export type Texture = "random" | "mixed" | "111" | "110" | "100";

/** Strain down the detector, to its right, and in shear: e_xx, e_yy, e_xy of `strain.npy`. */
export type PlaneStrain = readonly [xx: number, yy: number, xy: number];

/** All parameters of a simulated scan. Scan steps are distances of neighbouring probes, pixels are the detector's. */
export interface SimulationParameters {
  /** Probe positions along the slow scan axis. */
  readonly rows: number;
  /** Probe positions along the fast scan axis. */
  readonly columns: number;
  /** Detector pixels along qy. */
  readonly patternRows: number;
  /** Detector pixels along qx. */
  readonly patternColumns: number;
  /** Everything random follows from it: a whole number from 0 to 2^53 - 1. */
  readonly seed: number;

  /**
   * What grains are made of: as many grains of each, at random. None = gold with structure factors of the simulation's own.
   */
  readonly crystals: readonly Crystal[];
  /** How crystals fill the scan. */
  readonly layout: Layout;
  /** Number of grains or particles; twinned ones hold two crystals. */
  readonly grains: number;
  /** Particles: part of the scan that they cover if none overlap. */
  readonly coverage: number;
  /** Part of the grains that hold a Sigma-3 twin; those of crystals that are not cubic hold none. */
  readonly twinFraction: number;
  /** The crystal direction along the beam. */
  readonly texture: Texture;
  /** Rms tilt of the textured direction off the beam, in degrees. */
  readonly textureSpread: number;
  /** Smallest disorientation of neighbouring grains in degrees; a scan warns where there was no room for it. */
  readonly minimumMisorientation: number;
  /** Thickness of the film, or of the particles' middle, in nm. */
  readonly thickness: number;
  /** Rms strain between the centre and the rim of a grain. */
  readonly strain: number;
  /** Rms bend of the lattice between the centre and the rim of a grain, in degrees. */
  readonly bend: number;
  /** Rms of the strain that each grain has as a whole, along both axes and in shear. */
  readonly grainStrain: number;
  /** Strain that grows evenly along the rows of the scan, from minus half of this in the first one to half in the last. */
  readonly gradientStrain: PlaneStrain;
  /** Strain of a stripe along the rows of the scan, the middle third of its columns. */
  readonly stripeStrain: PlaneStrain;

  /** Energy of the beam in keV. */
  readonly beamEnergy: number;
  /** Semi-angle of convergence in mrad; it sets the radius of the disks. */
  readonly convergenceAngle: number;
  /** Standard deviation of the probe's intensity in scan steps. */
  readonly probeSigma: number;
  /** Distance of neighbouring probes in nm. */
  readonly pixelSize: number;
  /** Incident electrons per pattern. */
  readonly dose: number;
  /** Whether electrons are counted at random (Poisson), or expected counts rounded. */
  readonly noise: boolean;
  /** Part of the electrons that the amorphous support scatters into its halo. */
  readonly halo: number;
  /** Mean free path in gold until an electron is lost to diffuse and high-angle scattering, in nm. */
  readonly absorptionLength: number;

  /** Reciprocal length from the middle to the nearest edge of the detector, in Å^-1. */
  readonly maximumQ: number;
  /** Position of the direct beam less the index centre, (row, column) in pixels. */
  readonly offset: readonly [row: number, column: number];
  /** Stretch of the patterns along rows. */
  readonly ellipse: number;
  /** Largest shift of the patterns across the scan, in pixels. */
  readonly descan: number;
  /** Standard deviation of the detector's point spread in pixels. */
  readonly pointSpread: number;
  /** Positions from one pixel to the next at which disks are drawn, along each axis. */
  readonly diskSteps: number;
  /** Number of hot pixels, which count 0.2 to 2 % of the dose too much. */
  readonly hotPixels: number;
  /** Radius of the beam stop in pixels; 0 = none. */
  readonly beamStopRadius: number;
}

/** A nanobeam scan of a nanocrystalline gold film, as a 200 kV microscope records it. */
export const defaultSimulation: SimulationParameters = {
  rows: 64,
  columns: 64,
  patternRows: 64,
  patternColumns: 64,
  seed: 1,
  crystals: [],
  layout: "film",
  grains: 16,
  coverage: 0.5,
  twinFraction: 0.25,
  texture: "mixed",
  textureSpread: 4,
  minimumMisorientation: 8,
  thickness: 8,
  strain: 0.004,
  bend: 0.15,
  grainStrain: 0,
  gradientStrain: [0, 0, 0],
  stripeStrain: [0, 0, 0],
  beamEnergy: 200,
  convergenceAngle: 2.35,
  probeSigma: 0.7,
  pixelSize: 2,
  dose: 20000,
  noise: true,
  halo: 0.15,
  absorptionLength: 70,
  maximumQ: 1.2,
  offset: [0, 0],
  ellipse: 1,
  descan: 0,
  pointSpread: 0.4,
  diskSteps: 16,
  hotPixels: 6,
  beamStopRadius: 0,
};

/** Ranges of the numbers, ends included, and what they count. */
const ranges: Readonly<
  Partial<Record<keyof SimulationParameters, readonly [low: number, high: number, unit: string]>>
> = {
  rows: [1, 65536, "whole probe positions"],
  columns: [1, 65536, "whole probe positions"],
  patternRows: [8, 4096, "whole pixels"],
  patternColumns: [8, 4096, "whole pixels"],
  seed: [0, Number.MAX_SAFE_INTEGER, "whole"],
  grains: [1, 4096, "whole grains"],
  coverage: [0.01, 0.8, ""],
  twinFraction: [0, 1, ""],
  textureSpread: [0, 90, "degrees"],
  minimumMisorientation: [0, 30, "degrees"],
  thickness: [0.5, 200, "nm"],
  strain: [0, 0.1, ""],
  bend: [0, 10, "degrees"],
  grainStrain: [0, 0.1, ""],
  beamEnergy: [20, 1500, "keV"],
  convergenceAngle: [0.01, 50, "mrad"],
  probeSigma: [0, 5, "scan steps"],
  pixelSize: [1e-3, 1e6, "nm"],
  dose: [0, 1e9, "electrons"],
  halo: [0, 1, ""],
  absorptionLength: [1, 1e6, "nm"],
  maximumQ: [0.2, 5, "A^-1"],
  ellipse: [0.5, 2, ""],
  descan: [0, 1000, "pixels"],
  pointSpread: [0, 10, "pixels"],
  diskSteps: [1, 256, "whole steps"],
  hotPixels: [0, 4096, "whole pixels"],
  beamStopRadius: [0, 4096, "pixels"],
};

const layouts: readonly Layout[] = ["film", "particles"];
const textures: readonly Texture[] = ["random", "mixed", "111", "110", "100"];

/** Most probe positions of a simulated scan: the layout of its grains is held in memory. */
const maximumProbes = 1 << 22;

/**
 * Adds the defaults to the given parameters and checks them; those that need the geometry of the detector are checked
 * by `detectorGeometry`.
 *
 * @throws {BadParameter} naming the first parameter that is out of range
 */
export function checkSimulation(given: Partial<SimulationParameters>): SimulationParameters {
  const parameters = { ...defaultSimulation, ...given };
  for (const [name, [low, high, unit]] of Object.entries(ranges)) {
    const value = parameters[name as keyof SimulationParameters];
    const whole = unit.startsWith("whole");
    const holds = typeof value === "number" && value >= low && value <= high &&
      (!whole || Number.isInteger(value));
    const numbers = whole ? "a whole number" : "a number";
    demandOfSimulation(
      holds,
      name,
      `${numbers} from ${low} to ${high} ${unit.replace(/^whole ?/, "")}`.trim(),
      value,
    );
  }
  const { rows, columns, grains, layout, texture, noise, offset, hotPixels } = parameters;
  const { patternRows, patternColumns } = parameters;
  demandOfSimulation(layouts.includes(layout), "layout", layouts.join(" or "), layout);
  demandOfSimulation(textures.includes(texture), "texture", textures.join(", "), texture);
  demandOfSimulation(typeof noise === "boolean", "noise", "true or false", noise);
  demandOfSimulation(
    rows * columns <= maximumProbes,
    "rows",
    `at most ${maximumProbes} probe positions`,
    rows * columns,
  );
  for (const name of ["gradientStrain", "stripeStrain"] as const) {
    const value = parameters[name];
    demandOfSimulation(
      Array.isArray(value) && value.length === 3 && value.every((part) => Math.abs(part) <= 0.1),
      name,
      "three numbers (xx, yy, xy) from -0.1 to 0.1",
      value,
    );
  }
  demandOfSimulation(grains <= rows * columns, "grains", "at most one grain per probe position", grains);
  demandOfSimulation(hotPixels <= patternRows * patternColumns, "hotPixels", "at most all pixels", hotPixels);
  demandOfSimulation(
    Array.isArray(offset) && offset.length === 2 && Math.abs(offset[0]) < patternRows / 2 &&
      Math.abs(offset[1]) < patternColumns / 2,
    "offset",
    "two numbers (row, column) that keep the direct beam on the detector",
    offset,
  );
  return parameters;
}

/**
 * Refuses a parameter.
 *
 * @throws {BadParameter} unless `holds`
 */
export function demandOfSimulation(holds: boolean, name: string, expected: string, found: unknown): void {
  if (holds) return;
  throw new BadParameter(`the simulation's ${name} is out of range`, {
    expected,
    found: String(found),
    parameter: name,
    remedy: `give \`${name}\` as ${expected}`,
  });
}

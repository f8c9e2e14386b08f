/** The parameters of the simulation as flags. */

import { type Command, Option } from "commander";
import {
  addCrystalChoice,
  chosenCrystals,
  type CrystalFlags,
  parseVoltage,
} from "../options/crystal_options.ts";
import { defaultSimulation, type SimulationParameters } from "../../library/simulation/parameters.ts";
import { simulationFlag } from "../../library/report/flag_names.ts";
import { naming, parseNumber, parsePair, parseTriple } from "../../library/parameters/number.ts";

/** Parameters that are one number. */
type NumberName = {
  [Name in keyof SimulationParameters]: SimulationParameters[Name] extends number ? Name : never;
}[keyof SimulationParameters];

/** What each number is, with its unit, in the order of the help. */
const numbers: readonly (readonly [name: NumberName, help: string])[] = [
  ["rows", "probe positions along the slow scan axis"],
  ["columns", "probe positions along the fast scan axis"],
  ["patternRows", "detector pixels along qy"],
  ["patternColumns", "detector pixels along qx"],
  ["seed", "whole number that all random choices follow from"],
  ["grains", "number of grains or particles"],
  ["coverage", "part of the scan that particles cover, 0 to 1"],
  ["twinFraction", "part of the grains that hold a Sigma-3 twin, 0 to 1"],
  ["textureSpread", "rms tilt of the textured direction off the beam, in degrees"],
  ["minimumMisorientation", "smallest disorientation of neighbouring grains, in degrees"],
  ["thickness", "thickness of the film, or of the particles' middle, in nm"],
  ["strain", "rms strain between the centre and the rim of a grain"],
  ["bend", "rms bend of the lattice between the centre and the rim of a grain, in degrees"],
  ["grainStrain", "rms of the strain that each grain has as a whole"],
  ["beamEnergy", "energy of the beam in keV"],
  ["convergenceAngle", "semi-angle of convergence in mrad; sets the radius of the disks"],
  ["probeSigma", "standard deviation of the probe's intensity in scan steps"],
  ["pixelSize", "distance of neighbouring probes in nm"],
  ["dose", "electrons per pattern"],
  ["halo", "part of the electrons in the amorphous halo, 0 to 1"],
  ["absorptionLength", "mean free path in gold until an electron is lost, in nm"],
  ["maximumQ", "reciprocal length from the middle to the nearest edge of the detector, in A^-1"],
  ["ellipse", "stretch of the patterns along rows"],
  ["descan", "largest shift of the patterns across the scan, in pixels"],
  ["pointSpread", "standard deviation of the detector's point spread in pixels"],
  ["diskSteps", "positions from one detector pixel to the next at which disks are drawn"],
  ["hotPixels", "number of hot pixels"],
  ["beamStopRadius", "radius of the beam stop in pixels, 0 = none"],
];

/** Strain fields with three components, and what they are. */
const fields = [
  ["gradientStrain", "strain that grows along the rows of the scan, from minus half of it to half of it"],
  ["stripeStrain", "strain of a stripe along the rows, the middle third of the columns"],
] as const;

/** Flags of the simulation, as commander hands them over: named like the parameters. */
export type SimulationFlags =
  & Partial<Omit<SimulationParameters, "crystals">>
  & Pick<CrystalFlags, "crystal" | "cif" | "voltage">;

/** Adds a flag for every parameter of the simulation. */
export function addSimulationOptions(
  command: Command,
): Command {
  for (const [name, help] of numbers) {
    const flag = simulationFlag(name);
    command.option(
      `${flag} <N>`,
      `${help} (default: ${defaultSimulation[name]})`,
      (text: string) => naming(name, () => parseNumber(flag, text, { expected: "a number" })),
    );
  }
  for (const [name, help] of fields) {
    const flag = simulationFlag(name);
    command.option(
      `${flag} <XX,YY,XY>`,
      `${help}; down the detector, to its right, shear (default: ${defaultSimulation[name].join(",")})`,
      (text: string) =>
        naming(name, () => parseTriple(flag, text, "three numbers XX,YY,XY, such as 0.01,0,0")),
    );
  }
  const { layout, texture, offset } = defaultSimulation;
  return addCrystalChoice(command)
    .addOption(
      new Option(
        "--voltage <V>",
        "energy of the beam as 200kV or 200000, in place of --beam-energy (default: none)",
      )
        .argParser(parseVoltage).conflicts("beamEnergy"),
    )
    .addOption(
      new Option("--layout <NAME>", `a dense film of grains, or particles on a support (default: ${layout})`)
        .choices(["film", "particles"] as const),
    )
    .addOption(
      new Option(
        "--texture <NAME>",
        `crystal direction along the beam; mixed draws one per grain (default: ${texture})`,
      )
        .choices(["random", "mixed", "111", "110", "100"] as const),
    )
    .option(
      "--offset <Y,X>",
      `direct beam less the centre of the detector, in pixels (default: ${offset.join(",")})`,
      (text: string) =>
        naming("offset", () => parsePair("--offset", text, "two numbers Y,X in detector pixels")),
    )
    .option(
      "--no-noise",
      "round expected counts instead of counting electrons at random (default: random)",
    );
}

/**
 * The parameters among the flags; what is not given is absent.
 *
 * @throws as `chosenCrystals`
 */
export async function simulationParameters(flags: SimulationFlags): Promise<Partial<SimulationParameters>> {
  const { crystal, cif, voltage, ...others } = flags;
  const given = Object.entries(others)
    .filter(([name, value]) => Object.hasOwn(defaultSimulation, name) && value !== undefined);
  const crystals = crystal || cif
    ? { crystals: (await chosenCrystals({ crystal, cif })).map((chosen) => chosen.crystal) }
    : {};
  return { ...Object.fromEntries(given), ...crystals, ...(voltage !== undefined && { beamEnergy: voltage }) };
}

/** The options that say which crystals a specimen is made of, and how its patterns were taken. */

import type { Command } from "commander";
import { builtInCrystal, builtInCrystals } from "../../library/crystal/built_in.ts";
import { parseCif } from "../../library/crystal/cif/read.ts";
import type { Crystal } from "../../library/crystal/crystal.ts";
import type { Ellipse } from "../../library/mapping/ellipse.ts";
import { parseNumber } from "../../library/parameters/number.ts";
import { detectorPixelKind } from "../../library/parameters/pixel_size.ts";
import type { Calibration, PixelSize } from "../../library/scan/calibration.ts";
import { electronWavelength } from "../../library/scan/electron.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import { readText } from "../../library/scan/text_file.ts";
import { reciprocalSize } from "../../library/scan/units.ts";

/** Flags about crystals, as commander hands them over. */
export interface CrystalFlags {
  readonly crystal?: readonly string[];
  readonly cif?: readonly string[];
  readonly voltage?: number;
  readonly qPixelSize?: PixelSize;
  readonly diskRadius?: number;
}

/** A crystal and the text of its file, which results keep; built-in ones have none. */
export interface ChosenCrystal {
  readonly crystal: Crystal;
  readonly cif?: string;
}

/** A number of the command line within bounds, for commander. */
export function bounded(flag: string, expected: string, minimum: number, maximum: number, whole = false) {
  return (text: string) => parseNumber(flag, text, { expected, minimum, maximum, whole });
}

/** Adds `--crystal` and `--cif`. */
export function addCrystalChoice(command: Command): Command {
  const several = (text: string, before: readonly string[] = []) => [...before, text];
  return command
    .option(
      "--crystal <NAME>",
      `a crystal by its name: ${builtInCrystals.join(", ")}; may be repeated (default: none)`,
      several,
    )
    .option(
      "--cif <FILE>",
      "a crystal from a CIF file; may be repeated, for several phases (default: none)",
      several,
    );
}

/**
 * Adds `--crystal`, `--cif`, `--voltage`, `--q-pixel-size` and `--disk-radius`.
 *
 * @param pixelSize whether the size of a pixel is among them; the options of reading a scan have it too
 */
export function addCrystalOptions(command: Command, pixelSize = true): Command {
  if (pixelSize) {
    command.option(
      "--q-pixel-size <V UNIT>",
      'size of a detector pixel, such as "0.02 A^-1" (default: the scan\'s)',
      (text: string) => detectorPixelKind.parse(text, "--q-pixel-size") as PixelSize,
    );
  }
  return addCrystalChoice(command)
    .option(
      "--voltage <V>",
      "accelerating voltage, such as 300kV or 200000 (default: the scan's)",
      parseVoltage,
    )
    .option(
      "--disk-radius <PIXELS>",
      "radius of the Bragg disks in detector pixels (default: from the convergence angle, or the direct beam)",
      bounded("--disk-radius", "a number of pixels from 0.5 to 200", 0.5, 200),
    );
}

/** Kilovolts of `300kV`, `300 kV`, `300000`, `300000 V`, `300`: numbers below 5000 without a unit are kilovolts. */
export function parseVoltage(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?(?:e\d+)?)\s*(kv|kev|v|ev)?\s*$/i.exec(text);
  const value = Number(match?.[1]), unit = match?.[2]?.toLowerCase();
  const kilovolts = unit?.startsWith("k") || (unit === undefined && value < 5000) ? value : value / 1000;
  if (match && kilovolts >= 1 && kilovolts <= 5000) return kilovolts;
  throw new BadParameter("--voltage is no voltage", {
    expected: "a voltage from 1 kV to 5000 kV, such as 300kV",
    found: text,
    parameter: "beamEnergy",
    remedy: "give a voltage, such as --voltage 300kV",
  });
}

/**
 * The crystals that were asked for, built-in ones first.
 *
 * @throws {BadParameter} when none was asked for
 * @throws as `readCif` and `builtInCrystal`
 */
export async function chosenCrystals(
  { crystal: names = [], cif: paths = [] }: CrystalFlags,
): Promise<ChosenCrystal[]> {
  const named = await Promise.all(names.map(async (name) => ({ crystal: await builtInCrystal(name) })));
  const read = await Promise.all(paths.map(async (path) => {
    const cif = await readText(path);
    return { crystal: await parseCif(cif, path), cif };
  }));
  if (named.length + read.length > 0) return [...named, ...read];
  throw new BadParameter("no crystal is given", {
    expected: "the crystals that the specimen may be made of",
    parameter: "crystal",
    remedy: `add --crystal NAME (${builtInCrystals.join(", ")}) or --cif FILE`,
  });
}

/**
 * The energy of the beam in keV.
 *
 * @throws {BadParameter} when neither flags nor calibration say it
 */
export function beamEnergyOf({ voltage, qPixelSize }: CrystalFlags, calibration: Calibration): number {
  const energy = voltage ?? calibration.beamEnergy;
  if (energy !== undefined) return energy;
  const known = qPixelSize !== undefined || calibration.qPixelSize !== undefined;
  throw new BadParameter("the energy of the beam is not known", {
    expected: "an accelerating voltage",
    parameter: "beamEnergy",
    remedy: "add --voltage, such as --voltage 300kV" +
      (known ? "" : ', and --q-pixel-size, such as --q-pixel-size "0.02 A^-1", which is not known either'),
  });
}

/** What is known of detector pixels before patterns are looked at. */
export interface DetectorPixel {
  /** Å^-1 per pixel: along its longer side where it is not square. */
  readonly qPixelSize: number;
  /** How patterns are stretched in pixels that are not square: along the axis whose pixels are shorter. */
  readonly ellipse?: Ellipse;
}

/**
 * Detector pixels; `undefined` where neither flags nor calibration say their size.
 *
 * @throws {BadParameter} when pixels are far from square, or their size has no meaning
 */
export function detectorPixelIfKnown(
  flags: CrystalFlags,
  calibration: Calibration,
  beamEnergy: number,
): DetectorPixel | undefined {
  return flags.qPixelSize ?? calibration.qPixelSize
    ? detectorPixel(flags, calibration, beamEnergy)
    : undefined;
}

/** Sides that differ by less, as a part, are those of a square; by more than the other, disks are not round any more. */
const alikeSides = 1e-3, roundDisks = 0.05;

/**
 * Detector pixels.
 *
 * @throws {BadParameter} when neither flags nor calibration say their size, or they are far from square
 */
export function detectorPixel(
  flags: CrystalFlags,
  calibration: Calibration,
  beamEnergy: number,
): DetectorPixel {
  const given = flags.qPixelSize ?? calibration.qPixelSize;
  const size = given && reciprocalSize(given, beamEnergy);
  const apart = size ? Math.abs(size.row - size.column) / size.row : Infinity;
  if (size && apart <= alikeSides) return { qPixelSize: (size.row + size.column) / 2 };
  if (size && apart <= roundDisks) {
    const [short, long] = [Math.min(size.row, size.column), Math.max(size.row, size.column)];
    return {
      qPixelSize: long,
      ellipse: { ratio: long / short, angle: size.row === short ? 0 : Math.PI / 2 },
    };
  }
  throw new BadParameter(
    size ? "detector pixels are not square" : "the size of a detector pixel is not known",
    {
      expected: "a size of square pixels",
      found: size && `${size.row} x ${size.column} Å^-1`,
      parameter: "qPixelSize",
      remedy: 'add a size, roughly if it is to be fitted, such as --q-pixel-size "0.02 A^-1"',
    },
  );
}

/** Radius of the disks in detector pixels: as given, or by the convergence angle; `undefined` where neither is known. */
export function diskRadiusOf(
  { diskRadius }: CrystalFlags,
  { convergenceAngle }: Calibration,
  beamEnergy: number,
  qPixelSize: number | undefined,
): number | undefined {
  if (diskRadius !== undefined) return diskRadius;
  if (!convergenceAngle || qPixelSize === undefined) return undefined;
  const radius = convergenceAngle * 1e-3 / electronWavelength(beamEnergy) / qPixelSize;
  return radius >= 0.5 && radius <= 200 ? radius : undefined;
}

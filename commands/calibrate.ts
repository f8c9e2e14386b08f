/** `crystallite calibrate`: direct beam, ellipse and pixel size of patterns, measured on a known crystal. */

import { join } from "node:path";
import { Command, Option } from "commander";
import { structureFactors } from "../library/crystal/structure_factors.ts";
import { withEngine } from "../library/engine/with_engine.ts";
import { encodeNpy } from "../library/formats/npy_writer.ts";
import { fitEllipse, type FittedEllipse } from "../library/mapping/ellipse.ts";
import { fitOrigin, type OriginMap, type OriginModel } from "../library/mapping/origin.ts";
import { fitPixelSize, type FittedPixelSize, ringsOf } from "../library/mapping/pixel_size.ts";
import { beamRadii, ringPeaks } from "../library/mapping/ring_peaks.ts";
import { findDirectBeam } from "../library/passes/detector/bad_pixels_and_beam.ts";
import { sampleDetector } from "../library/passes/detector/detector_sample.ts";
import { addToResult } from "../library/results/add_files.ts";
import { readResult, type StoredResult } from "../library/results/read.ts";
import type { CalibrationRecord } from "../library/results/read_calibration.ts";
import { openScanOf } from "../library/results/scan_of_result.ts";
import type { Scan } from "../library/scan/scan.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "./command_context.ts";
import {
  addCrystalOptions,
  beamEnergyOf,
  bounded,
  type ChosenCrystal,
  chosenCrystals,
  type CrystalFlags,
  detectorPixel,
  diskRadiusOf,
} from "./crystal_options.ts";
import { formatNumber, formatPercent, formatTable } from "./format_quantity.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  type ResourceFlags,
} from "./output_options.ts";
import { checkOutputDirectory } from "./output_file.ts";
import { peaksOfProbes } from "./probe_peaks.ts";

const examples = `
Writes measured_origin.npy and fitted_origin.npy, and what it found into run.json, where orient and strain look it up.

Examples:
  crystallite calibrate result --crystal Au --voltage 300kV --q-pixel-size "0.02 A^-1"
  crystallite calibrate result --cif gold.cif --origin parabola
`;

/** Files of the calibration; strain has its own origin. */
const files = { measured: "measured_origin.npy", fitted: "fitted_origin.npy" };
/** An ellipse less certain than this many standard errors is taken for round. */
const certain = 3;
/** Rounds of pixel size and ellipse: each is measured with the other. */
const rounds = 2;

/** Flags of `calibrate`, as commander hands them over. */
interface Flags extends CrystalFlags, OutputFlags, ResourceFlags {
  readonly origin: OriginModel;
  readonly ellipse: boolean;
  readonly maxQ?: number;
  readonly scan?: string;
}

/** What was measured. */
interface Measured extends Omit<CalibrationRecord, "crystal" | "ellipse"> {
  readonly origin: OriginMap;
  readonly ellipse?: FittedEllipse;
  readonly pixelSizeFit: FittedPixelSize;
}

/** The command `calibrate`. */
export function calibrateCommand(context: CommandContext) {
  const command = new Command("calibrate")
    .summary("measure direct beam, ellipse and pixel size of the patterns")
    .description(
      "Finds the Bragg disks of every pattern, the direct beam among them, and how far the rings of a known crystal are " +
        "stretched and scaled on the detector. With several crystals, the first one counts.",
    )
    .argument("<result>", "result directory of cluster")
    .addOption(
      new Option("--origin <MODEL>", "how the direct beam may move over the scan (default: plane)")
        .choices(["constant", "plane", "parabola"]).default("plane", "plane"),
    )
    .option("--no-ellipse", "take the patterns as round (default: measure their stretch)")
    .option(
      "--max-q <Q>",
      "longest reciprocal lattice vector in 1/Å that patterns show (default: 1.5)",
      bounded("--max-q", "a length in 1/Å from 0.1 to 10", 0.1, 10),
    )
    .option("--scan <FILE>", "the scan that was clustered (default: where the result says it lies)");
  return addOutputOptions(addResourceOptions(addCrystalOptions(command)))
    .addHelpText("after", examples)
    .action(async (directory: string, flags: Flags) => {
      const [chosen] = await chosenCrystals(flags);
      await runWithProgress(context, flags, async (run) => {
        const stored = await readResult(directory);
        await checkOutputDirectory(run.say, directory, { force: true });
        const scan = await openScanOf(stored, flags.scan, { signal: context.signal });
        try {
          const measured = await measure(run, stored, scan, chosen, flags);
          const { rows, columns } = stored.shape;
          await addToResult(stored, {
            files: new Map([
              [files.measured, encodeNpy("f32", [rows, columns, 2], measured.origin.measured)],
              [files.fitted, encodeNpy("f32", [rows, columns, 2], measured.origin.fitted)],
            ]),
            sections: {},
            outdated: () => false,
            record: { diffraction: recordOf(measured, chosen, flags) },
          }, context.signal);
          report(run, directory, measured, chosen, flags);
        } finally {
          scan.close();
        }
      });
    });
}

async function measure(
  run: CommandRun,
  stored: StoredResult,
  scan: Scan,
  { crystal }: ChosenCrystal,
  flags: Flags,
): Promise<Measured> {
  const { calibration } = stored.run;
  const beamEnergy = beamEnergyOf(flags, calibration);
  const guess = detectorPixel(flags, calibration, beamEnergy);
  const reflections = structureFactors(crystal, { maximumLength: flags.maxQ ?? 1.5 });
  const rings = ringsOf(reflections).map(({ length }) => length);
  return await withEngine(run.options, async (engine) => {
    const options = { ...run.options, engine };
    const diskRadius = diskRadiusOf(flags, calibration, beamEnergy, guess) ??
      findDirectBeam(await sampleDetector(scan, options), scan.shape).radius;
    const peaks = await peaksOfProbes(scan, stored, diskRadius, options);
    const origin = fitOrigin(peaks, stored.shape, stored.run.center, 2 * diskRadius + 4, flags.origin);
    const least = beamRadii * diskRadius, stretched = ringPeaks(peaks, origin.fitted, least);
    let pixelSizeFit = fitPixelSize(stretched, reflections, guess), ellipse: FittedEllipse | undefined;
    for (let round = 0; flags.ellipse && round < rounds; round++) {
      ellipse = fitEllipse(stretched, rings, pixelSizeFit.qPixelSize);
      const straight = ringPeaks(peaks, origin.fitted, least, ellipse && applied(ellipse));
      pixelSizeFit = fitPixelSize(straight, reflections, pixelSizeFit.qPixelSize);
    }
    const { qPixelSize } = pixelSizeFit;
    return { origin, ellipse, pixelSizeFit, qPixelSize, beamEnergy, diskRadius };
  });
}

/** The ellipse, if it is one. */
function applied(ellipse: FittedEllipse): FittedEllipse | undefined {
  return ellipse.ratio - 1 > certain * ellipse.error ? ellipse : undefined;
}

function recordOf(
  { origin, ellipse, pixelSizeFit, qPixelSize, beamEnergy, diskRadius }: Measured,
  { crystal }: ChosenCrystal,
  flags: Flags,
): CalibrationRecord & Record<string, unknown> {
  const { residual, used, descan } = origin, taken = ellipse && applied(ellipse);
  return {
    ...{ crystal: crystal.name, beamEnergy, diskRadius },
    origin: { model: flags.origin, residual, used, descan },
    ...(taken && { ellipse: { ratio: taken.ratio, angle: taken.angle } }),
    ...{ ellipseFit: ellipse, qPixelSize, pixelSizeFit },
  };
}

function report(
  run: CommandRun,
  directory: string,
  measured: Measured,
  chosen: ChosenCrystal,
  flags: Flags,
): void {
  const { origin: { residual, used, descan }, ellipse, pixelSizeFit } = measured;
  const { qPixelSize, error, rival, peaks } = pixelSizeFit;
  run.print(
    { out: directory, ...recordOf(measured, chosen, flags) },
    formatTable([
      [
        "direct beam",
        `moves by up to ${formatNumber(descan)} pixels, ${formatNumber(residual)} about the fit, by ${
          formatPercent(used)
        } of the probes`,
      ],
      ["ellipse", ellipseText(ellipse, flags)],
      [
        "pixel size",
        `${formatNumber(qPixelSize)} 1/Å ± ${formatPercent(error)}, by ${peaks} peaks; the next best agrees ${
          formatPercent(rival)
        } as well`,
      ],
      ["written", join(directory, files.fitted)],
    ]),
  );
}

function ellipseText(ellipse: FittedEllipse | undefined, { ellipse: wanted }: Flags): string | undefined {
  if (!wanted) return undefined;
  if (!ellipse) return "too few disks on rings to tell";
  const { ratio, error, angle } = ellipse;
  const told = `stretched by ${formatPercent(ratio - 1)} ± ${formatPercent(error)}`;
  if (!applied(ellipse)) return `${told}: taken as round`;
  return `${told}, ${formatNumber(angle * 180 / Math.PI)}° from down towards the right`;
}

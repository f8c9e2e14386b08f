/** `crystallite calibrate`: direct beam, ellipse and pixel size of patterns, measured on a known crystal. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { defaultParameters } from "../../library/cluster/presets.ts";
import { encodeNpy } from "../../library/formats/npy_writer.ts";
import { calibrateDetector, type DetectorMeasurement } from "../../library/mapping/calibration.ts";
import { directBeam } from "../../library/passes/detector/beam_of_scan.ts";
import { readBadPixels } from "../../library/passes/detector/mask_files.ts";
import type { BadPixelSource } from "../../library/passes/detector/preparation.ts";
import type { ReadingFlags } from "../../library/parameters/reading.ts";
import { addToResult } from "../../library/results/add_files.ts";
import { runRecordName, statIfThere } from "../../library/results/directory.ts";
import { writeOutputs } from "../../library/results/output_files.ts";
import { readResult, type StoredResult } from "../../library/results/read.ts";
import { calibrationFiles, encodeTemplate } from "../../library/results/read_calibration.ts";
import { openScanOf } from "../../library/results/scan_of_result.ts";
import type { Calibration } from "../../library/scan/calibration.ts";
import { BadParameter, FileUnavailable } from "../../library/scan/errors.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { type CalibrateFlags, calibrateOptions } from "./calibrate_options.ts";
import { calibrationRecord, printCalibration, type UsedSettings } from "./calibration_summary.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "../console/command_context.ts";
import {
  beamEnergyOf,
  type ChosenCrystal,
  chosenCrystals,
  detectorPixel,
  diskRadiusOf,
} from "../options/crystal_options.ts";
import { checkOutputDirectory, checkOutputFile, refuseOwnInput } from "../console/output_file.ts";
import { withScan } from "../options/parameter_options.ts";
import { badPixelsOf } from "./probe_peaks.ts";
import { chosenTemplate } from "./probe_template.ts";
import { refuseReadingFlags } from "./result_averages.ts";

/** The command `calibrate`. */
export function calibrateCommand(context: CommandContext) {
  return calibrateOptions()
    .action(async (input: string, flags: CalibrateFlags) => {
      const [chosen] = await chosenCrystals(flags);
      await runWithProgress(
        context,
        flags,
        (run) =>
          existsSync(join(input, runRecordName))
            ? calibrateResult(run, input, chosen, flags)
            : calibrateScan(run, input, chosen, flags).catch((cause) => refuseFolder(input, cause)),
      );
    });
}

async function calibrateResult(
  run: CommandRun,
  directory: string,
  chosen: ChosenCrystal,
  flags: CalibrateFlags,
): Promise<void> {
  refuseReadingFlags(directory, flags, ["qPixelSize"]);
  if (flags.originOut !== undefined || flags.badPixels !== undefined) {
    throw new BadParameter("a result has its own files and bad pixels", {
      expected: "neither --origin-out nor --bad-pixels",
      remedy: `leave them out: ${calibrationFiles.fitted} is written into the result`,
    });
  }
  const stored = await readResult(directory), { rows, columns } = stored.shape;
  await checkOutputDirectory(run.say, directory, { force: true });
  const scan = await openScanOf(stored, flags.scan, { signal: run.options.signal });
  try {
    const known = {
      calibration: stored.run.calibration,
      center: stored.run.center,
      badPixels: badPixelsOf(stored),
    };
    const { measured, used } = await measure(run, scan, chosen, flags, known, grainsOf(stored));
    const record = calibrationRecord(measured, used);
    const { fitted, measured: places } = measured.origin;
    await addToResult(stored, {
      files: new Map([
        [calibrationFiles.measured, encodeNpy("f32", [rows, columns, 2], places)],
        [calibrationFiles.fitted, encodeNpy("f32", [rows, columns, 2], fitted)],
        ...(used.source === "disk"
          ? []
          : [[calibrationFiles.template, encodeTemplate(used.template)] as const]),
      ]),
      sections: {},
      outdated: (name) => name === calibrationFiles.template,
      record: { diffraction: record },
    }, run.options.signal);
    printCalibration(run, record, { out: directory }, join(directory, calibrationFiles.fitted), used.guess);
  } finally {
    scan.close();
  }
}

async function calibrateScan(
  run: CommandRun,
  input: string,
  chosen: ChosenCrystal,
  flags: CalibrateFlags,
): Promise<void> {
  const { originOut, force } = flags;
  if (originOut !== undefined) {
    await checkOutputFile(run.say, originOut, [".npy"], force === true);
    await refuseOwnInput(originOut, input);
  }
  await withScan(input, flags as ReadingFlags, async (scan) => {
    scan.warnings.forEach(run.warn);
    const badPixels = await readBadPixels(
      flags.badPixels ?? defaultParameters.badPixels,
      scan.shape,
      flags.qBin,
    );
    const { calibration, shape: { rows, columns } } = scan;
    const { measured, used } = await measure(run, scan, chosen, flags, { calibration, badPixels });
    if (originOut !== undefined) {
      const bytes = encodeNpy("f32", [rows, columns, 2], measured.origin.fitted);
      const write = (path: string) => Deno.writeFile(path, bytes);
      await writeOutputs([{ path: originOut, write }], force === true, run.options.signal);
    }
    printCalibration(run, calibrationRecord(measured, used), { out: originOut }, originOut, used.guess);
  });
}

/** A folder that is no scan was meant to be a result. */
async function refuseFolder(input: string, cause: unknown): Promise<never> {
  const folder = cause instanceof FileUnavailable && (await statIfThere(input))?.isDirectory === true;
  if (folder) await readResult(input);
  throw cause;
}

/** The cluster of each probe; those in none are together. */
function grainsOf({ labels }: StoredResult): Int32Array {
  return Int32Array.from(labels);
}

/** What is known before. */
interface Known {
  readonly calibration: Calibration;
  readonly badPixels: BadPixelSource;
  readonly center?: { readonly row: number; readonly column: number; readonly hidden?: true };
}

async function measure(
  run: CommandRun,
  scan: Scan,
  { crystal }: ChosenCrystal,
  flags: CalibrateFlags,
  { calibration, badPixels, center: before }: Known,
  grains?: Int32Array,
): Promise<{ measured: DetectorMeasurement; used: UsedSettings }> {
  const beamEnergy = beamEnergyOf(flags, calibration);
  const { qPixelSize: guess } = detectorPixel(flags, calibration, beamEnergy);
  const radius = diskRadiusOf(flags, calibration, beamEnergy, guess);
  const { template, source } = await chosenTemplate(run, scan, flags, badPixels, radius);
  if (template === null) {
    throw new BadParameter("calibration goes by disks", {
      expected: "disk, or the FILE of a probe",
      found: "none",
      parameter: "template",
      remedy: "leave --template out; small disks have a radius of a pixel or so, which --disk-radius takes",
    });
  }
  const center: NonNullable<Known["center"]> = flags.center?.kind === "at"
    ? flags.center
    : flags.center === undefined && before
    ? before
    : await directBeam(scan, badPixels, run.options);
  const method = flags.origin ?? (center.hidden ? "friedel" : "peaks");
  const measured = await calibrateDetector(scan, {
    ...{ crystal, qPixelSize: guess, maximumLength: flags.maxQ, template, center, badPixels, grains },
    ...{ originMethod: method, originModel: flags.originFit, ellipse: flags.ellipse },
    subpixel: flags.subpixel,
  }, run.options);
  return {
    measured,
    used: {
      crystal: crystal.name,
      beamEnergy,
      template,
      source,
      ...{ method, guess },
    },
  };
}

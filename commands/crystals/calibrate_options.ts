/** The options of `calibrate`. */

import { Command, Option } from "commander";
import { type OriginMethod, originMethods } from "../../library/mapping/calibration.ts";
import type { OriginModel } from "../../library/mapping/origin.ts";
import type { ReadingFlags } from "../../library/parameters/reading.ts";
import type { SubpixelMethod } from "../../library/passes/bragg_peaks/peak_settings.ts";
import type { DetectorFlags } from "../../library/passes/detector/parameters.ts";
import { addCrystalOptions, bounded, type CrystalFlags } from "../options/crystal_options.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  type ResourceFlags,
} from "../options/output_options.ts";
import { addDetectorOptions, addReadingOptions } from "../options/parameter_options.ts";
import { addTemplateOptions, type TemplateFlags } from "./probe_template.ts";
import { addSubpixelOption } from "../options/subpixel_option.ts";

const examples = `
Of a result, writes measured_origin.npy and fitted_origin.npy, and what it found into run.json, where orient and strain look
it up. Of a scan, prints what it found.

Examples:
  crystallite calibrate result --crystal Au --voltage 300kV --q-pixel-size "0.02 A^-1"
  crystallite calibrate scan.h5 --cif gold.cif --voltage 200kV --origin friedel --origin-fit parabola
`;

/** Flags of `calibrate`, as commander hands them over. */
export interface CalibrateFlags
  extends
    CrystalFlags,
    Omit<ReadingFlags, keyof CrystalFlags>,
    DetectorFlags,
    Omit<TemplateFlags, "diskRadius">,
    OutputFlags,
    ResourceFlags {
  readonly origin?: OriginMethod;
  readonly originFit: OriginModel;
  readonly originOut?: string;
  readonly ellipse: boolean;
  readonly maxQ?: number;
  readonly subpixel?: SubpixelMethod;
  readonly scan?: string;
  readonly force?: true;
}

/** The command without what it does. */
export function calibrateOptions(): Command {
  const command = new Command("calibrate")
    .summary("measure direct beam, ellipse and pixel size of the patterns")
    .description(
      "Finds the Bragg disks of every pattern, the direct beam among them, and how far the rings of a known crystal are " +
        "stretched and scaled on the detector. With several crystals, the first one counts.",
    )
    .argument("<input>", "result directory of cluster, or a scan")
    .addOption(
      new Option(
        "--origin <HOW>",
        "how the direct beam is measured: by the highest peak near its place (peaks), the centre of mass of the brightest disk, " +
          "the centre of inversion (friedel, for beam stops), pairs of opposite disks, or not at all, where --q-center or " +
          "the result says (fixed) (default: peaks; friedel where a beam stop seems to hide it)",
      ).choices(originMethods),
    )
    .addOption(
      new Option("--origin-fit <MODEL>", "how the direct beam may move over the scan (default: plane)")
        .choices(["constant", "plane", "parabola"]).default("plane", "plane"),
    )
    .option("--origin-out <FILE>", "file for the direct beam at every probe of a scan: .npy (default: none)")
    .option("--force", "replace an existing file (default: refuse)")
    .option("--no-ellipse", "take the patterns as round (default: measure their stretch)")
    .option(
      "--max-q <Q>",
      "longest reciprocal lattice vector in 1/Å that patterns show (default: 1.5)",
      bounded("--max-q", "a length in 1/Å from 0.1 to 10", 0.1, 10),
    )
    .option("--scan <FILE>", "the scan that was clustered (default: where the result says it lies)");
  addSubpixelOption(addTemplateOptions(command, false), "fit; polyRaw with a measured probe");
  addCrystalOptions(addDetectorOptions(addReadingOptions(command)), false);
  return addOutputOptions(addResourceOptions(command))
    .addHelpText("after", examples);
}

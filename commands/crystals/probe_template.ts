/** The options that say what Bragg disks look like. */

import type { Command } from "commander";
import { openScan } from "../../library/formats/open.ts";
import { vacuumTemplate } from "../../library/mapping/vacuum_probe.ts";
import { parseRegion } from "../../library/parameters/region.ts";
import { diskTemplate, type ProbeTemplate } from "../../library/passes/bragg_peaks/probe_template.ts";
import { directBeam } from "../../library/passes/detector/beam_of_scan.ts";
import type { BadPixelSource } from "../../library/passes/detector/preparation.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import { type Region, selectRegion } from "../../library/scan/region.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { probeCount } from "../../library/scan/shape.ts";
import { readUnlessWord } from "../../library/scan/word_or_file.ts";
import type { CommandRun } from "../console/command_context.ts";

/** Flags about the template, as commander hands them over. */
export interface TemplateFlags {
  /** `disk`, `none`, or the path of a measured probe. */
  readonly template: string;
  readonly probeRoi?: Region;
  readonly diskRadius?: number;
}

/** Adds `--template` and `--probe-roi`. */
export function addTemplateOptions(command: Command, withNone: boolean): Command {
  return command
    .option(
      "--template <WHAT>",
      `what peaks look like: ${
        withNone ? "a disk, none for small spots" : "a disk"
      }, or a FILE with the probe as ` +
        "measured without specimen, one pattern or a scan of it (default: disk)",
      "disk",
    )
    .option(
      "--probe-roi <Y0:Y1,X0:X1>",
      "probe positions without specimen, whose patterns are the template (default: none)",
      parseRegion,
    );
}

/** A template, and where it comes from in words. */
export interface ChosenTemplate {
  /** `null` for spots. */
  readonly template: ProbeTemplate | null;
  readonly source: string;
}

/**
 * The template that flags ask for.
 *
 * @param radius of a drawn disk in detector pixels; measured where it is not known
 * @throws {BadParameter} when flags contradict each other, or a probe does not fit the detector
 */
export async function chosenTemplate(
  run: CommandRun,
  scan: Scan,
  { template, probeRoi, diskRadius }: TemplateFlags,
  badPixels: BadPixelSource,
  radius = diskRadius,
): Promise<ChosenTemplate> {
  if (probeRoi !== undefined) {
    if (template !== "disk") throw contradiction(`--template ${template}`, "--probe-roi");
    if (diskRadius !== undefined) throw contradiction("--disk-radius", "--probe-roi");
    const measured = await vacuumTemplate(selectRegion(scan, probeRoi), { badPixels }, run.options);
    return { template: measured, source: "the probe of a region of the scan" };
  }
  if (template === "none") return { template: null, source: "none" };
  if (template !== "disk") {
    if (diskRadius !== undefined) throw contradiction("--disk-radius", "--template FILE");
    return { template: await templateOf(run, template, scan), source: template };
  }
  const known = radius ?? (await directBeam(scan, badPixels, run.options)).radius;
  return { template: diskTemplate(known, Math.min(1, known)), source: "disk" };
}

/** The template of a measured probe in a file: one pattern, or a scan without specimen. */
async function templateOf(run: CommandRun, path: string, { shape }: Scan): Promise<ProbeTemplate> {
  const vacuum = await readUnlessWord(
    path,
    "peaks.template",
    "disk, none, or a file with the probe",
    (file) => openScan(file),
  );
  try {
    const { patternRows, patternColumns } = vacuum.shape;
    if (patternRows !== shape.patternRows || patternColumns !== shape.patternColumns) {
      throw new BadParameter("the probe was measured with another detector", {
        file: path,
        expected: `${shape.patternRows} x ${shape.patternColumns} pixels`,
        found: `${patternRows} x ${patternColumns} pixels`,
        parameter: "template",
        remedy: "give a pattern of the same detector, binned alike",
      });
    }
    const alone = probeCount(vacuum.shape) === 1;
    return await vacuumTemplate(vacuum, { badPixels: { kind: alone ? "none" : "auto" } }, run.options);
  } finally {
    vacuum.close();
  }
}

function contradiction(one: string, other: string): BadParameter {
  return new BadParameter(`${one} and ${other} contradict each other`, {
    expected: "one of them",
    remedy: "leave one of them out",
  });
}

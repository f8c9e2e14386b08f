/** `crystallite orient`: orientations of the clusters of a result. */

import { join } from "node:path";
import { Command } from "commander";
import type { OrientationMatch } from "../../library/crystal/matching/match.ts";
import { trackCrystalsName } from "../../library/results/series/track_crystals.ts";
import { readSeriesRecord, type SeriesRecord } from "../../library/results/series/record.ts";
import { readResult } from "../../library/results/read.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import { type CommandContext, type CommandRun, runWithProgress } from "../console/command_context.ts";
import {
  addCrystalOptions,
  bounded,
  type ChosenCrystal,
  chosenCrystals,
} from "../options/crystal_options.ts";
import { forEachFrame, writeTrackCrystals } from "../series/each_frame.ts";
import { formatCount, formatPercent, formatTable } from "../console/format_quantity.ts";
import { certaintyLines, certaintyOf, printOrientations } from "./orientation_summary.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  type ResourceFlags,
} from "../options/output_options.ts";
import { addAlignmentOptions } from "./aligned_averages.ts";
import { checkOutputDirectory } from "../console/output_file.ts";
import { type OrientFlags, orientResult } from "./orient_result.ts";

const examples = `
Writes orientations.csv, orientation_matrices.npy, in_plane.png, out_of_plane.png and legend_N.png into the result,
grains.csv and boundaries.csv, orientation.ang, .ctf, .h5 and .dream3d for other programs, and a section of report.html.
With --matches also overlapping_orientations.csv: the further crystals of averages that show several.
With --per-probe also probe_orientation_matrices.npy, probe_phases.npy, probe_scores.npy, probe_reliability.npy, maps, and
second_orientations.csv: clusters whose probes are of two crystals.

Examples:
  crystallite orient result --crystal Au --voltage 300kV
  crystallite orient result --crystal Au --voltage 300kV --per-probe
  crystallite orient result --cif gold.cif --cif oxide.cif --voltage 200kV --q-pixel-size "0.02 A^-1"
`;

/** Flags of `orient`, as commander hands them over. */
type Flags = OrientFlags & OutputFlags & ResourceFlags;

/** The command `orient`. */
export function orientCommand(context: CommandContext) {
  const command = new Command("orient")
    .summary("find the orientation of the crystal in every cluster")
    .description(
      "Finds the Bragg disks of each cluster's averaged pattern and the orientation of the crystal that explains them, " +
        "and adds both to the result. With several crystals, the phase of each cluster is found as well.",
    )
    .argument("<result>", "result directory of cluster, or folder of a series")
    .option(
      "--no-fit-pixel-size",
      "take the size of a detector pixel as it is, also where the crystal explains hardly anything at it (default: fit it " +
        "to the crystals, unless calibrate did)",
    )
    .option(
      "--max-q <Q>",
      "longest reciprocal lattice vector in 1/Å that patterns show (default: 1.5)",
      bounded("--max-q", "a length in 1/Å from 0.1 to 10", 0.1, 10),
    )
    .option(
      "--debye-waller",
      "let atoms vibrate as the CIF file's Debye-Waller parameters say, here and in strain (default: they are at rest)",
    )
    .option(
      "--zone-step <DEG>",
      "angle between the zone axes that are tried, in degrees (default: 2)",
      bounded("--zone-step", "an angle from 0.5 to 10 degrees", 0.5, 10),
    )
    .option(
      "--excitation-width <W>",
      "width in 1/Å at which spots fade with their excitation error (default: that which agrees best)",
      bounded("--excitation-width", "a width in 1/Å from 0.001 to 0.2", 0.001, 0.2),
    )
    .option(
      "--matches <N>",
      "crystals that may overlap in one average (default: 1)",
      bounded("--matches", "a whole number from 1 to 10", 1, 10, true),
    )
    .option(
      "--min-reliability <PERCENT>",
      "leave out orientations above the next one by less, here and in maps and strain (default: 0, which keeps all)",
      bounded("--min-reliability", "a number of percent from 0 to 100", 0, 100),
    )
    .option(
      "--per-probe",
      "match every probe by its own pattern as well, for comparison (default: clusters only)",
    )
    .option(
      "--peaks <FILE.h5>",
      "peaks of every probe that the command peaks wrote (default: found in the scan)",
    )
    .option("--scan <FILE>", "the scan that was clustered (default: where the result says it lies)");
  addAlignmentOptions(command);
  return addOutputOptions(addResourceOptions(addCrystalOptions(command)))
    .addHelpText("after", examples)
    .action(async (directory: string, flags: Flags) => {
      checkProbeFlags(flags);
      const chosen = await chosenCrystals(flags);
      if (flags.debyeWaller) chosen.forEach(requireVibrations);
      await runWithProgress(context, flags, async (run) => {
        const series = await readSeriesRecord(directory);
        if (series) return await orientSeries(run, directory, series, chosen, flags);
        const stored = await readResult(directory);
        await checkOutputDirectory(run.say, directory, { force: true });
        chosen.forEach(({ crystal }) => crystal.notes.forEach((note) => run.say(`${crystal.name}: ${note}`)));
        const { found, probes } = await orientResult(run, stored, chosen, flags);
        printOrientations(run, stored, found, chosen, probes);
      });
    });
}

/** A crystal none of whose atoms has a Debye-Waller parameter would be at rest though it was asked to vibrate. */
function requireVibrations({ crystal }: ChosenCrystal): void {
  const known = crystal.atoms.filter(({ debyeWaller }) => debyeWaller !== undefined).length;
  if (known === crystal.atoms.length) return;
  throw new BadParameter(`${crystal.name} does not say how its atoms vibrate`, {
    expected: "a Debye-Waller parameter (B_iso or U_iso) for every atom",
    found: `${known} of ${crystal.atoms.length} atoms with one`,
    parameter: "debyeWaller",
    remedy: "give a CIF file that has them, or leave --debye-waller out",
  });
}

/**
 * Finds the orientations of all frames. The first frame decides on the size of a detector pixel and the width at which spots
 * fade, so that frames can be compared.
 */
async function orientSeries(
  run: CommandRun,
  directory: string,
  series: SeriesRecord,
  chosen: readonly ChosenCrystal[],
  flags: OrientFlags,
): Promise<void> {
  if (flags.peaks !== undefined || flags.scan !== undefined) {
    throw new BadParameter("peaks and scan are those of one result", {
      file: directory,
      expected: "neither for a series",
      remedy: "leave them out, or name one frame of the series",
    });
  }
  let shared = flags, clusters = 0, leftOut = 0;
  const first: OrientationMatch[] = [];
  const frames = await forEachFrame(run, directory, series, async (run, stored) => {
    const { found } = await orientResult(run, stored, chosen, shared);
    const { qPixelSize, widths, matches } = found;
    const size = { row: qPixelSize, column: qPixelSize, unit: "A^-1" };
    shared = { ...flags, qPixelSize: size, fitPixelSize: false, widths };
    clusters += matches.length;
    leftOut += found.leftOut;
    first.push(...matches.flatMap(([match]) => match ? [match] : []));
  });
  await writeTrackCrystals(run, directory, series);
  const certainty = certaintyOf(first);
  run.print(
    {
      ...{ out: directory, frames, clusters, matched: first.length, ...certainty, leftOut },
      table: trackCrystalsName,
    },
    formatTable([
      ["frames", formatCount(frames, "frame")],
      [
        "clusters",
        `${first.length} of ${clusters} have an orientation (${
          formatPercent(first.length / Math.max(1, clusters))
        })`,
      ],
      ...certaintyLines(certainty, leftOut),
      ["written", join(directory, trackCrystalsName)],
    ]),
  );
}

/** @throws {BadParameter} when peaks are given, and no probe is to be matched */
function checkProbeFlags({ perProbe, peaks }: OrientFlags): void {
  if (perProbe || peaks === undefined) return;
  throw new BadParameter("peaks of probes are for --per-probe", {
    expected: "--per-probe beside --peaks",
    remedy: "add --per-probe, or leave them out",
  });
}

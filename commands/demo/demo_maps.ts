/** The second half of the demo: orientation and strain of the simulated film, and how far they are from the truth. */

import { builtInCrystal } from "../../library/crystal/built_in.ts";
import type { Matrix3 } from "../../library/crystal/matrix.ts";
import { disorientation } from "../../library/crystal/matching/disorientation.ts";
import { laueGroup } from "../../library/crystal/point_group.ts";
import type { StrainMap } from "../../library/mapping/strain_map.ts";
import { readResult, type StoredResult } from "../../library/results/read.ts";
import type { Scan } from "../../library/scan/scan.ts";
import type { SimulatedScan } from "../../library/simulation/scan.ts";
import { trueOrientation } from "../../library/simulation/true_orientation.ts";
import type { CommandRun } from "../console/command_context.ts";
import { formatNumber, formatPercent } from "../console/format_quantity.ts";
import { orientResult } from "../crystals/orient_result.ts";
import { strainResult } from "../crystals/strain_result.ts";

/** Orientations nearer to the truth than this, in degrees, are right. */
const near = 3;
/** Probes with less of one crystal than this straddle a boundary. */
const pure = 0.95;

/** How far maps are from the truth. */
export interface DemoMaps {
  readonly plain: Readonly<Record<string, unknown>>;
  readonly lines: readonly (readonly [string, string])[];
}

/** Adds orientations and strain to the demo's result. */
export async function mapDemo(
  run: CommandRun,
  directory: string,
  scan: Scan,
  simulated: SimulatedScan,
): Promise<DemoMaps> {
  const crystal = await builtInCrystal("Au"), { rotations } = laueGroup(crystal);
  const { found: { matches } } = await orientResult(run, await readResult(directory), [{ crystal }], {
    fitPixelSize: true,
    // Patterns of the demonstration do not move.
    align: false,
  });
  const stored = await readResult(directory);
  const { map } = await strainResult(run, stored, scan, { reference: "median" });
  const { truth } = simulated;
  const off = Array.from(stored.labels, (label, probe) => {
    const match = label < 0 ? undefined : matches[label][0];
    if (!match || truth.labels[probe] < 0 || truth.purity[probe] < pure) return undefined;
    const wanted = trueOrientation(truth, truth.labels[probe]), turned = halfTurn(match.orientation);
    const angles = (match.ambiguous ? [match.orientation, turned] : [match.orientation])
      .map((orientation) => disorientation(rotations, orientation, wanted));
    return Math.min(...angles);
  }).filter((angle) => angle !== undefined);
  const right = off.filter((angle) => angle < near).length / Math.max(1, off.length);
  const sorted = Float64Array.from(off).sort(), median = sorted[sorted.length >> 1] ?? NaN;
  const { rms, probes } = dilationError(stored, map, simulated);
  return {
    plain: {
      orientation: { probes: off.length, right, median },
      dilation: { probes, rms, measured: map.measured },
    },
    lines: [
      [
        "orientation",
        `${
          formatPercent(right)
        } of the probes inside crystals within ${near}° of the truth or of a half turn that ` +
        `fits as well, median ${formatNumber(median)}°`,
      ],
      ["dilation", `${formatPercent(rms)} rms from the truth at ${probes} probes of those crystals`],
    ],
  };
}

/** The orientation after half a turn about the beam. */
function halfTurn(m: Matrix3): Matrix3 {
  return [-m[0], -m[1], m[2], -m[3], -m[4], m[5], -m[6], -m[7], m[8]];
}

/** Root mean square of measured less true dilation about their median, where a probe has one crystal only. */
function dilationError(
  { labels }: StoredResult,
  { dilation }: StrainMap,
  simulated: SimulatedScan,
): { rms: number; probes: number } {
  const strain = simulated.trueStrain(), { purity } = simulated.truth;
  const errors: number[] = [];
  labels.forEach((label, probe) => {
    const wanted = strain[4 * probe] + strain[4 * probe + 1];
    if (label < 0 || purity[probe] < pure || Number.isNaN(wanted) || Number.isNaN(dilation[probe])) return;
    errors.push(dilation[probe] - wanted);
  });
  const middle = Float64Array.from(errors).sort()[errors.length >> 1] ?? NaN;
  const square = errors.reduce((sum, error) => sum + (error - middle) * (error - middle), 0);
  return { rms: Math.sqrt(square / Math.max(1, errors.length)), probes: errors.length };
}

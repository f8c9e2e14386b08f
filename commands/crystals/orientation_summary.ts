/** What `orient` says of the orientations that it found. */

import { join } from "node:path";
import { phaseFractions } from "../../library/mapping/grain_shapes.ts";
import type { OrientationMatch } from "../../library/crystal/matching/match.ts";
import type { ClusterOrientations } from "../../library/mapping/orient_clusters.ts";
import type { SearchedPixelSize } from "../../library/mapping/settle_pixel_size.ts";
import type { StoredResult } from "../../library/results/read.ts";
import type { CommandRun } from "../console/command_context.ts";
import type { ChosenCrystal } from "../options/crystal_options.ts";
import { type OrientedProbes, probeLines, probeRecord } from "./orient_probes.ts";
import { formatNumber, formatPercent, formatTable } from "../console/format_quantity.ts";
import { warnOfMovedSize } from "./calibration_summary.ts";

/** Percent of reliability below which another orientation agrees nearly as well. */
const leastReliability = 3;
/** Below this agreement in the mean, what was found is hardly the crystal. */
const leastAgreement = 0.3;

/** Prints how many clusters have an orientation, of which phases, and what the matching went by. */
export function printOrientations(
  run: CommandRun,
  stored: StoredResult,
  found: ClusterOrientations,
  chosen: readonly ChosenCrystal[],
  probes?: OrientedProbes,
): void {
  const { directory, labels } = stored;
  const { matches, leftOut, qPixelSize, fittedPixelSize, searchedPixelSize, excitationWidth } = found;
  const first = matches.flatMap(([match]) => match ? [match] : []);
  const certainty = certaintyOf(first), { agreement } = certainty;
  const fractions = phaseFractions(labels, matches.map(([match]) => match?.phase), chosen.length);
  const phases = chosen.map(({ crystal }, phase) =>
    `${crystal.name} ${first.filter((match) => match.phase === phase).length} (${
      formatPercent(fractions[phase])
    } of the oriented area)`
  );
  if (matches.length > 0 && first.length === 0) {
    run.warn(
      "no cluster has an orientation: check --q-pixel-size (1 1/nm is 0.1 1/Å), --voltage, the crystal, and whether " +
        "averages in report.html show disks",
    );
  }
  if (first.length > 0 && agreement < leastAgreement) {
    run.warn(
      `the averages agree with the crystal to ${
        formatPercent(agreement)
      } only: crystal, --voltage, --q-pixel-size or ` +
        "--disk-radius may be wrong; report.html shows spots and disks",
    );
  }
  if (searchedPixelSize) warnOfSize(run, qPixelSize, searchedPixelSize);
  else if (fittedPixelSize) warnOfFit(run, found);
  run.print(
    {
      ...{
        out: directory,
        clusters: matches.length,
        matched: first.length,
        ...certainty,
        ...{ leftOut, qPixelSize },
      },
      ...{ pixelSizeFit: fittedPixelSize, pixelSizeSearch: searchedPixelSize, excitationWidth },
      phases: chosen.map(({ crystal }, phase) => ({
        crystal: crystal.name,
        clusters: first.filter((match) => match.phase === phase).length,
        fraction: fractions[phase],
      })),
      probes: probes && probeRecord(probes),
    },
    formatTable([
      ["clusters", `${first.length} of ${matches.length} have an orientation`],
      ["phases", chosen.length > 1 ? phases.join(", ") : undefined],
      ...certaintyLines(certainty, leftOut),
      [
        "pixel size",
        `${formatNumber(qPixelSize)} 1/Å${searchedPixelSize ? ", found by trying many" : ""}${
          fittedPixelSize
            ? `, fitted to ${fittedPixelSize.peaks} peaks (± ${formatPercent(fittedPixelSize.error)})`
            : ""
        }`,
      ],
      ["excitation width", `${formatNumber(excitationWidth)} 1/Å`],
      ["written", join(directory, "orientations.csv")],
      ...(probes ? probeLines(stored, probes) : []),
    ]),
  );
}

/** How certain orientations are: agreement in the mean, and how many of them others rival. */
interface Certainty {
  readonly ambiguous: number;
  readonly unreliable: number;
  readonly agreement: number;
}

/** How certain these are. */
export function certaintyOf(matches: readonly OrientationMatch[]): Certainty {
  const sum = matches.reduce((sum, match) => sum + match.agreement, 0);
  return {
    ambiguous: matches.filter((match) => match.ambiguous).length,
    unreliable: matches.filter((match) => match.reliability < leastReliability).length,
    agreement: sum / Math.max(1, matches.length),
  };
}

/** The same in lines of a table. */
export function certaintyLines(
  { ambiguous, unreliable, agreement }: Certainty,
  leftOut: number,
): [string, string | undefined][] {
  return [
    ["agreement", `${formatPercent(agreement)} in the mean`],
    [
      "ambiguous",
      ambiguous > 0 ? `${ambiguous}: half a turn about their zone axis fits as well` : undefined,
    ],
    [
      "unreliable",
      unreliable > 0
        ? `${unreliable}: another orientation agrees as well within ${leastReliability} %; --min-reliability ${leastReliability} leaves them out`
        : undefined,
    ],
    ["left out", leftOut > 0 ? `${leftOut} that are less reliable than asked` : undefined],
  ];
}

/** Says where the fit of the size leaves open which crystal it is: one of the same kind shows the same at another size. */
function warnOfFit(
  run: CommandRun,
  { qPixelSize, givenPixelSize, rivalPixelSize }: ClusterOrientations,
): void {
  warnOfMovedSize(run, qPixelSize, givenPixelSize, "; --no-fit-pixel-size keeps what is given");
  if (!rivalPixelSize) return;
  run.warn(
    `at ${
      formatNumber(rivalPixelSize.qPixelSize)
    } 1/Å per detector pixel another crystal explains the averages as well as ` +
      `at ${
        formatNumber(qPixelSize)
      } 1/Å, which is nearer to what was given: phases are as certain as that is`,
  );
}

/** Says where a size that was given was left, and where another would do as well as the one that was found. */
function warnOfSize(
  run: CommandRun,
  qPixelSize: number,
  { agreement, rival, doubtful, given }: SearchedPixelSize,
): void {
  const size = formatNumber(qPixelSize);
  if (given) {
    run.warn(
      `at the size of a detector pixel that was given, ${
        formatNumber(given.qPixelSize)
      } 1/Å as fitted, the crystal explains ${
        formatPercent(given.agreement)
      } of the averages, at ${size} 1/Å ${
        formatPercent(agreement)
      }: that is taken; --no-fit-pixel-size keeps what is given`,
    );
  }
  if (doubtful && rival) {
    run.warn(
      `the averages do not tell the size of a detector pixel for certain: ${
        formatNumber(rival.qPixelSize)
      } 1/Å explains them as well as ${size} 1/Å; --q-pixel-size decides`,
    );
  }
}

/** The part of the report on orientations: matched patterns, maps with their legends, boundaries. */

import type { Crystal } from "../crystal/crystal.ts";
import { kinematicPattern } from "../crystal/kinematic_pattern.ts";
import type { OrientationMatch } from "../crystal/matching/match.ts";
import type { OrientationPlan } from "../crystal/matching/plan.ts";
import { directionInWords } from "../mapping/euler.ts";
import type { ClusterOrientations } from "../mapping/orient_clusters.ts";
import { DirectionColours } from "../mapping/orientation_colours.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { renderDirectionKey } from "./direction_key.ts";
import { mapFigure, pixelImage } from "./figures.ts";
import { grainSummary } from "./grain_summary.ts";
import { type Markup, markup } from "./markup.ts";
import { millerName } from "./miller_name.ts";
import { formatFixed, formatPercent } from "./number_format.ts";
import { renderOrientationMap } from "./orientation_map.ts";
import { probeOrientationFigures, type ShownProbeOrientations } from "./probe_orientations.ts";
import { type MatchedSpot, spotsFigure } from "./spots_figure.ts";

/** What the section shows. */
export interface OrientationSection {
  readonly found: ClusterOrientations;
  readonly crystals: readonly Crystal[];
  readonly labels: Int32Array;
  readonly shape: {
    readonly rows: number;
    readonly columns: number;
    readonly patternRows: number;
    readonly patternColumns: number;
  };
  readonly pixelSize?: PixelSize;
  readonly diskRadius: number;
  /** Averages that are shown, (qy, qx) each. */
  readonly averages: readonly { readonly cluster: number; readonly pattern: ArrayLike<number> }[];
  /** Orientations of single probes, where they were asked for. */
  readonly probes?: ShownProbeOrientations;
}

/** Spots on this many shells from the direct beam carry their indices. */
const namedShells = 3;
/** Excitation widths within which spots are drawn, and weaker ones that are not, in Å^-4. */
const drawnSpots = { excitationRange: 3, smallestIntensity: 1e-4 } as const;

/** Patterns as in Fig. 4 of the paper, maps as in Fig. 5. */
export function orientationSection(section: OrientationSection): Markup {
  const { found, crystals, labels, shape, pixelSize, averages } = section;
  const colours = found.plans.map(({ group }) => new DirectionColours(group));
  const map = (title: string, axis: 0 | 2, note: string) =>
    mapFigure({
      ...{ title, shape, pixelSize },
      image: pixelImage(
        renderOrientationMap(found.matches, colours, labels, shape, axis),
        `${title}: crystal direction of each cluster in the colours of the legend, one pixel per probe.`,
      ),
      legend: null,
      note,
    });
  const legends = colours.map((key, phase) => {
    const image = renderDirectionKey(key, crystals[phase].cell);
    const { name } = crystals[phase];
    return markup`<figure class="map"><figcaption><h3>Legend: ${name}</h3></figcaption>${
      pixelImage(
        image,
        `Colours of the directions of ${name} (Laue class ${key.group.laueClass}) in stereographic projection`,
      )
    }</figure>`;
  });
  return markup`<section><h2>Orientations</h2>
<p class="intro">Average patterns with the measured disks circled; crosses are spots of the crystal as it was matched, at
${formatFixed(found.qPixelSize, 5)} Å⁻¹ per pixel.</p>
<div class="pairs">${averages.map((average) => matchedPattern(section, average))}</div>
<div class="maps spaced">${map("In plane", 0, "Crystal direction down the detector.")}${
    map("Out of plane", 2, "Crystal direction along the beam, towards the source.")
  }${legends}</div>${grainSummary(section)}${
    section.probes ? probeOrientationFigures(section.probes) : null
  }</section>`;
}

function matchedPattern(
  { found, crystals, shape, diskRadius }: OrientationSection,
  { cluster, pattern }: OrientationSection["averages"][number],
): Markup {
  const { offsets, row, column } = found.peaks, first = offsets[cluster], end = offsets[cluster + 1];
  const measured = Array.from(row.subarray(first, end), (value, index) => ({
    row: value,
    column: column[first + index],
  }));
  const [match] = found.matches[cluster];
  const title = `Cluster ${cluster}`;
  if (!match) {
    return spotsFigure({ pattern, shape, measured, diskRadius, spots: [], title, caption: "no orientation" });
  }
  const { orientation: m, phase } = match, { name, cell } = crystals[phase];
  const zone = directionInWords(cell, [m[2], m[5], m[8]]);
  const half = match.ambiguous ? "; half a turn about it fits as well" : "";
  const caption = `${name}, zone axis ${zone}${half}; agreement ${formatPercent(match.agreement)}`;
  const origin = [found.origin[2 * cluster], found.origin[2 * cluster + 1]] as const;
  const spots = spotsOn(found.plans[phase], match, found.qPixelSize, origin)
    .filter((spot) => inside(spot, shape));
  return spotsFigure({ pattern, shape, measured, diskRadius, spots, title, caption });
}

/** Spots of a match in detector pixels; those of the lowest shells that it shows with indices. */
function spotsOn(
  { reflections, options }: OrientationPlan,
  { orientation }: OrientationMatch,
  qPixelSize: number,
  [row, column]: readonly [number, number],
): MatchedSpot[] {
  const { beamEnergy, excitationWidth } = options;
  const { qRow, qColumn, reflection } = kinematicPattern(reflections, orientation, {
    ...drawnSpots,
    ...{ beamEnergy, excitationWidth },
  });
  const lengthOf = (index: number) => Math.round(1000 * reflections.lengths[index]);
  const shells = [...new Set(Array.from(reflection, lengthOf))].filter((length) => length > 0)
    .sort((one, other) => one - other);
  const last = shells[Math.min(namedShells, shells.length) - 1] ?? 0;
  return Array.from(reflection, (index, spot) => {
    const named = lengthOf(index) > 0 && lengthOf(index) <= last;
    const hkl = Array.from(reflections.indices.subarray(3 * index, 3 * index + 3));
    return {
      row: row + qRow[spot] / qPixelSize,
      column: column + qColumn[spot] / qPixelSize,
      ...(named && { name: millerName(hkl) }),
    };
  });
}

function inside(
  { row, column }: MatchedSpot,
  { patternRows, patternColumns }: OrientationSection["shape"],
): boolean {
  return row >= 0 && column >= 0 && row <= patternRows - 1 && column <= patternColumns - 1;
}

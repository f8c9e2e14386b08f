/** The part of the report on orientations: matched patterns, maps with their legends, boundaries. */

import type { Crystal } from "../crystal/crystal.ts";
import type { Ellipse } from "../mapping/ellipse.ts";
import { directionInWords } from "../mapping/euler.ts";
import { matchedSpots } from "../mapping/matched_spots.ts";
import type { ClusterOrientations } from "../mapping/orient_clusters.ts";
import { DirectionColours } from "../mapping/orientation_colours.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { renderDirectionKey } from "./direction_key.ts";
import { mapFigure, pixelImage } from "./picture_markup.ts";
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
  /** How patterns are stretched; default not. */
  readonly ellipse?: Ellipse;
  /** Averages that are shown, (qy, qx) each. */
  readonly averages: readonly { readonly cluster: number; readonly pattern: ArrayLike<number> }[];
  /** Orientations of single probes, where they were asked for. */
  readonly probes?: ShownProbeOrientations;
}

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
  { found, crystals, shape, diskRadius, ellipse }: OrientationSection,
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
  const plan = found.plans[phase];
  const spots = matchedSpots({
    ...{ reflections: plan.reflections, ...plan.options, orientation: m },
    ...{ qPixelSize: found.qPixelSize, ellipse },
    origin: { row: found.origin[2 * cluster], column: found.origin[2 * cluster + 1] },
  }, shape).map(({ row, column, indices, low }): MatchedSpot => ({
    ...{ row, column },
    ...(low && { name: millerName(indices) }),
  }));
  return spotsFigure({ pattern, shape, measured, diskRadius, spots, title, caption });
}

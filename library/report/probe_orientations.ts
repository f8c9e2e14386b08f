/** The part of the report on orientations of single probes, beside those of clusters: Fig. 5b of the paper. */

import type { OrientationPlan } from "../crystal/matching/plan.ts";
import { near, type OrientationComparison } from "../mapping/compare_orientations.ts";
import type { ProbeMatches } from "../mapping/orient_probes.ts";
import type { SecondOrientation } from "../mapping/second_orientations.ts";
import { DirectionColours } from "../mapping/orientation_colours.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { colourBar, mapFigure, pixelImage } from "./picture_markup.ts";
import { renderScalarMap } from "./map_image.ts";
import { type Markup, markup } from "./markup.ts";
import { formatCount, formatFixed, formatPercent } from "./number_format.ts";
import { renderProbeOrientations } from "./orientation_map.ts";
import { renderValueHistogram } from "./value_histogram.ts";

/** What is shown. */
export interface ShownProbeOrientations {
  readonly matches: ProbeMatches;
  readonly comparison: OrientationComparison;
  readonly plans: readonly OrientationPlan[];
  /** Clusters that hold a second crystal. */
  readonly seconds: readonly SecondOrientation[];
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly pixelSize?: PixelSize;
}

/** Angles that the map of differences shows, in degrees. */
const shownAngles = { low: 0, high: 10 };

/** Clusters with a second crystal that are named. */
const shownSeconds = 20;

/** Maps of single probes, and how far they are from the maps of clusters. */
export function probeOrientationFigures(
  { matches, comparison, plans, seconds, shape, pixelSize }: ShownProbeOrientations,
): Markup {
  const colours = plans.map(({ group }) => new DirectionColours(group));
  const map = (title: string, axis: 0 | 2, note: string) =>
    mapFigure({
      ...{ title, shape, pixelSize, note },
      image: pixelImage(
        renderProbeOrientations(matches, colours, shape, axis),
        `${title}: crystal direction of each probe by its own pattern, in the colours of the legend.`,
      ),
      legend: null,
    });
  const { angle, compared } = comparison, title = "Probe against cluster";
  const difference = mapFigure({
    ...{ title, shape, pixelSize },
    image: pixelImage(
      renderScalarMap(angle, shape, shownAngles, "viridis"),
      `${title}: degrees between the orientation of each probe and that of its cluster, one pixel per probe.`,
    ),
    legend: colourBar(shownAngles, "viridis", "°"),
    note: renderValueHistogram(title, angle, shownAngles, "°"),
  });
  return markup`<h3>Every probe by itself</h3>
<p class="intro">Of ${formatCount(compared)} probes in oriented clusters, ${
    formatPercent(comparison.near)
  } are within ${near}° of the orientation of their cluster by their own pattern alone (median ${
    formatFixed(comparison.median, 2)
  }°), ${formatPercent(1 - comparison.matched)} have no match. Neighbours in one cluster differ by ${
    formatFixed(comparison.noise, 2)
  }° in the median; orientations of clusters have no such noise.${
    matches.turned > 0
      ? markup` ${
        formatCount(matches.turned)
      } patterns fit half a turn about their zone axis as well; they were
turned to the side of their cluster.`
      : null
  }${
    seconds.length > 0
      ? markup` Probes are of two crystals in ${
        seconds.length === 1 ? "one cluster" : markup`${formatCount(seconds.length)} clusters`
      } (second_orientations.csv): ${
        seconds.slice(0, shownSeconds).map(({ cluster }) => cluster).join(", ")
      }${seconds.length > shownSeconds ? " …" : ""}.`
      : null
  }</p>
<div class="maps">${map("In plane, every probe", 0, "Crystal direction down the detector.")}${
    map("Out of plane, every probe", 2, "Crystal direction along the beam, towards the source.")
  }${difference}</div>`;
}

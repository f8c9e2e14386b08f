/** The figures of the report on a clustering: its maps of real space, and the patterns of its clusters. */

import type { Cluster } from "../cluster/cluster.ts";
import type { ColourMapName } from "./colour_maps.ts";
import { largestClusters, type PatternPair, type ReportContent, reportedPatterns } from "./content.ts";
import { formatHexColour } from "./image.ts";
import {
  type LabelMap,
  mapMagnification,
  percentileRange,
  renderLabelMap,
  renderScalarMap,
  unassignedColour,
  type ValueRange,
} from "./map_image.ts";
import { type Insertable, type Markup, markup } from "./markup.ts";
import { formatCount, formatFixed, formatNumber, formatPercent } from "./number_format.ts";
import { paletteColour } from "./palette.ts";
import { type IntensityScale, patternRange, renderPattern } from "./pattern_image.ts";
import { colourBar, formatShare, mapFigure, pixelImage } from "./picture_markup.ts";
import { pngDataAddress } from "./png.ts";
import { chooseScaleBar } from "./scale_bar.ts";

/** Scale of the patterns in the report. */
export const reportScale: IntensityScale = "log";

/** A chip in the colour of a cluster. Decoration: its number always stands beside it. */
export function clusterChip(colours: Uint32Array, id: number): Markup {
  return markup`<span class="chip" style="background:${formatHexColour(paletteColour(colours[id]))}"></span>`;
}

/** The cluster map with the numbers of the largest clusters on it. */
export function clusterMapFigure(content: ReportContent, colours: Uint32Array): Markup {
  const { clustering, scan } = content;
  const map: LabelMap = { ...clustering, colours };
  const magnification = mapMagnification(clustering.shape);
  const light = renderLabelMap(map, magnification, "light");
  // Without lines around the clusters a pixel for each probe is enough: browsers enlarge it without smoothing.
  const dark = renderLabelMap(map, 1, "dark");
  const description =
    `Map of ${clustering.clusters.length} clusters over ${clustering.shape.rows} rows and ` +
    `${clustering.shape.columns} columns of probe positions; each colour is one cluster, numbers as in the table.`;
  const thin = Math.min(clustering.shape.rows, clustering.shape.columns) < 8;
  const numbered = thin ? [] : largestClusters(clustering.clusters, reportedPatterns);
  return mapFigure({
    title: "Clusters",
    image: markup`<picture><source media="(prefers-color-scheme: dark)" srcset="${pngDataAddress(dark)}">
<img src="${
      pngDataAddress(light)
    }" width="${light.width}" height="${light.height}" alt="${description}"></picture>`,
    overlay: numbered.map((cluster) => numberLabel(cluster, clustering.labels, clustering.shape)),
    shape: clustering.shape,
    pixelSize: scan.calibration.pixelSize,
    legend: markup`<span class="key"><span class="swatch no-cluster"></span>in no cluster</span>
<span class="key"><span class="swatch outside-mask"></span>outside the mask</span>`,
    wide: true,
  });
}

/** CSS colours of the legend of the cluster map. */
export function legendColours(theme: "light" | "dark"): { noCluster: string; outsideMask: string } {
  return {
    noCluster: formatHexColour(unassignedColour(theme, "noCluster")),
    outsideMask: formatHexColour(unassignedColour(theme, "outsideMask")),
  };
}

/** A map of values with its colour bar. */
export function scalarMapFigure(
  content: ReportContent,
  title: string,
  values: Float32Array,
  range: ValueRange,
  colourMap: ColourMapName,
  unit: string,
  note?: Insertable,
): Markup {
  const { shape } = content.clustering;
  const image = renderScalarMap(values, shape, range, colourMap);
  return mapFigure({
    title,
    image: pixelImage(
      image,
      `${title}: ${formatNumber(range.low)} to ${formatNumber(range.high)} ${unit}, one pixel per probe.`,
    ),
    shape,
    pixelSize: content.scan.calibration.pixelSize,
    legend: colourBar(range, colourMap, unit),
    note,
  });
}

/** The mean similarity of every probe to its neighbours. */
export function similarityFigure(content: ReportContent): Markup {
  const values = content.clustering.meanSimilarity;
  return scalarMapFigure(
    content,
    "Mean similarity",
    values,
    percentileRange(values, 1, 100),
    "viridis",
    "",
    "Mean over the neighbours; the lowest 1 % of the probes share the darkest colour.",
  );
}

/** The real-space mask. */
export function maskFigure(content: ReportContent): Markup {
  const { mask, shape, maskThreshold, parameters } = content.clustering;
  const inside = mask.reduce((sum, value) => sum + (value ? 1 : 0), 0);
  const share = formatPercent(inside / mask.length);
  const image = renderScalarMap(
    Float32Array.from(mask, (value) => value ? 215 : 45),
    shape,
    { low: 0, high: 255 },
    "grey",
  );
  const note = parameters.mask.kind === "none"
    ? "No mask was asked for: every probe may be clustered."
    : maskThreshold === undefined
    ? null
    : `Threshold ${formatNumber(maskThreshold, 5)}, found by the triangle method.`;
  return mapFigure({
    title: "Mask",
    image: pixelImage(image, `Real-space mask: ${share} of the probes may be clustered.`),
    shape,
    pixelSize: content.scan.calibration.pixelSize,
    legend:
      markup`<span class="key"><span class="swatch" style="background:#d7d7d7"></span>inside, ${share}</span>
<span class="key"><span class="swatch" style="background:#2d2d2d"></span>outside</span>`,
    note,
  });
}

/** The annular dark-field image, where there is one. */
export function darkFieldFigure(content: ReportContent): Markup | null {
  const values = content.clustering.darkField;
  if (values === undefined) return null;
  return scalarMapFigure(
    content,
    "Annular dark field",
    values,
    percentileRange(values, 0.5, 99.5),
    "grey",
    "counts",
  );
}

/** One cluster's average beside the pattern at its seed, on one scale. */
export function patternFigure(content: ReportContent, pair: PatternPair, colours: Uint32Array): Markup {
  const { cluster, average, seedPattern } = pair;
  const { patternRows, patternColumns } = content.scan.shape;
  const range = patternRange(average);
  const bar = chooseScaleBar(patternColumns, content.scan.calibration.qPixelSize);
  const scaleBar = bar &&
    markup`<span class="overlay-bar" style="width:${formatShare(bar.share)}" aria-hidden="true"></span>
<span class="overlay-label" aria-hidden="true">${bar.label}</span>`;
  const picture = (pattern: ArrayLike<number>, caption: string, description: string, overlay: Insertable) => {
    const image = renderPattern(pattern, patternRows, patternColumns, range, reportScale);
    return markup`<div><div class="pattern">${pixelImage(image, description)}${overlay}</div>
<p class="under">${caption}</p></div>`;
  };
  const probe = `probe ${cluster.seed.row}, ${cluster.seed.column}`;
  const averagePicture = picture(
    average,
    "average",
    `Average diffraction pattern of cluster ${cluster.id}`,
    scaleBar,
  );
  const seedPicture = seedPattern &&
    picture(seedPattern, probe, `Diffraction pattern at ${probe}, the seed of cluster ${cluster.id}`, null);
  const size = `${formatCount(cluster.size)} probes · similarity ${formatFixed(cluster.meanSimilarity, 3)}`;
  return markup`<figure class="pair">
<figcaption>${clusterChip(colours, cluster.id)} <strong>Cluster ${cluster.id}</strong>
<span class="secondary">${size}</span></figcaption>
<div class="images">${averagePicture}${seedPicture}</div>
<div class="legend">${colourBar(range, "inferno", "counts")}</div></figure>`;
}

/** The number of a cluster, at the one of its probes that is closest to its centroid. */
function numberLabel(
  cluster: Cluster,
  labels: Int32Array,
  shape: { readonly rows: number; readonly columns: number },
): Markup {
  const { bounds, centroid } = cluster;
  let best = { row: cluster.seed.row, column: cluster.seed.column }, bestDistance = Infinity;
  for (let row = bounds.firstRow; row <= bounds.lastRow; row++) {
    for (let column = bounds.firstColumn; column <= bounds.lastColumn; column++) {
      if (labels[row * shape.columns + column] !== cluster.id) continue;
      const distance = (row - centroid.row) ** 2 + (column - centroid.column) ** 2;
      if (distance < bestDistance) {
        best = { row, column };
        bestDistance = distance;
      }
    }
  }
  const top = (best.row + 0.5) / shape.rows, left = (best.column + 0.5) / shape.columns;
  return markup`<span class="number" style="top:${formatShare(top)};left:${
    formatShare(left)
  }" aria-hidden="true">${cluster.id}</span>`;
}

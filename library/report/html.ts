/** The report: one self-contained HTML page that a browser shows without asking the network for anything. */

import { reductionRatio } from "../cluster/clustering.ts";
import { dtypeName } from "../scan/dtype.ts";
import { probeCount } from "../scan/shape.ts";
import { clusterColours } from "./colours.ts";
import { coveredFraction, largestClusters, type ReportContent } from "./content.ts";
import {
  clusterChip,
  clusterMapFigure,
  darkFieldFigure,
  maskFigure,
  patternFigure,
  similarityFigure,
} from "./figures.ts";
import { renderEvidence } from "./evidence_plot.ts";
import { renderSizeHistogram, sizeHistogram } from "./histogram.ts";
import { type Markup, markup } from "./markup.ts";
import { formatBytes, formatCount, formatFixed, formatNumber, formatPercent } from "./number_format.ts";
import { logarithmicRange } from "./pattern_image.ts";
import { formatUnit } from "./scale_bar.ts";
import { renderPage } from "./page_frame.ts";
import { provenanceSection } from "./provenance.ts";
import { sectionPlaces } from "./sections.ts";
import { trustSection } from "./trust.ts";

/** Rows of the table of clusters. */
const tableRows = 200;

/**
 * Renders the report as a complete HTML document. Equal content gives equal text. Names from files are escaped.
 *
 * @returns text to be stored as UTF-8
 *
 * @example
 * ```ts
 * import { clusterScan, defaultParameters, renderReport, simulateScan, version } from "crystallite";
 *
 * const scan = simulateScan({ rows: 8, columns: 8, grains: 2, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const run = { version, command: [], started: new Date() };
 * const sizes = { bytesIn: 524288, bytesOut: 1000 };
 * const page = renderReport({ scan, clustering, run, patterns: null, ...sizes, timings: clustering.timings });
 * console.assert(page.startsWith("<!doctype html>"));
 * ```
 */
export function renderReport(content: ReportContent): string {
  const { clustering } = content;
  const colours = content.colours ?? clusterColours(clustering);
  const name = fileName(content.scan.source.path);
  const body = markup`${headerSection(content, name)}
<main>
${headline(content)}
<section aria-label="Real space"><div class="maps">
${clusterMapFigure(content, colours)}
${similarityFigure(content)}
${maskFigure(content)}
${darkFieldFigure(content)}
</div></section>
${trustSection(content, colours)}
${evidenceSection(content)}
${patternSection(content, colours)}
${sectionPlaces()}
${sizeSection(content, colours)}
${provenanceSection(content)}
</main>`;
  return renderPage(name, body, content.run.version);
}

function headerSection({ scan, run }: ReportContent, name: string): Markup {
  const { rows, columns, patternRows, patternColumns } = scan.shape;
  const started = run.started.toISOString();
  const facts = `${formatCount(rows)} × ${formatCount(columns)} probes · ${formatCount(patternRows)} × ` +
    `${formatCount(patternColumns)} px · ${dtypeName(scan.dtype)} · `;
  return markup`<header>
<p class="brand">crystallite · cluster report</p>
<h1><bdi>${name}</bdi></h1>
<p class="secondary">${facts}<time datetime="${started}">${started.slice(0, 10)}</time></p>
</header>`;
}

function headline({ clustering, bytesIn, bytesOut }: ReportContent): Markup {
  const count = clustering.clusters.length;
  const probes = probeCount(clustering.shape);
  const perCluster = count > 0 ? `one cluster per ${formatNumber(probes / count, 3)} probes` : "no clusters";
  const ratio = formatNumber(reductionRatio(clustering), 3);
  const covered = formatPercent(coveredFraction(clustering));
  const figures = [
    ["Clusters", formatCount(count), `in ${formatCount(probes)} probes`],
    ["Reduction ratio", ratio, perCluster],
    ["Covered", covered, "of the probes are in a cluster"],
    ["Data", `${formatBytes(bytesIn)} → ${formatBytes(bytesOut)}`, "patterns in, result files out"],
  ];
  return markup`<dl class="headline">${
    figures.map(([name, value, detail]) =>
      markup`<div><dt>${name}</dt><dd class="figure">${value}</dd><dd class="detail">${detail}</dd></div>`
    )
  }</dl>`;
}

/** Where there is a threshold: what others would have given. */
function evidenceSection({ clustering: { evidence, settled } }: ReportContent): Markup | null {
  if (!evidence || settled.threshold === null) return null;
  const plot = renderEvidence(evidence, settled.threshold);
  if (plot === null) return null;
  return markup`<section><h2>Other thresholds</h2>
<p class="intro">Clusters of at least ${evidence.sizeable} probes at every threshold. Where the entropy of their sizes is
largest, most of the scan lies in many sizeable clusters: --threshold auto chooses that number.</p>
${plot}</section>`;
}

function patternSection(content: ReportContent, colours: Uint32Array): Markup {
  const { patterns } = content;
  if (patterns === null) {
    return markup`<section><h2>Patterns</h2><p class="intro">No averages were computed in this run.</p></section>`;
  }
  if (patterns.length === 0) {
    return markup`<section><h2>Patterns</h2><p class="intro">There are no clusters.</p></section>`;
  }
  const uncalibrated = content.scan.calibration.qPixelSize === undefined
    ? " The size of a detector pixel is unknown, so there is no scale bar."
    : "";
  const what = content.clustering.parameters.average === "filtered" ? "filtered" : "raw";
  const shown = patterns.some((pair) => pair.seedPattern !== undefined)
    ? `Left the average of the cluster’s ${what} patterns, right the single raw pattern at its seed, both in the same colours.`
    : `The average of each cluster’s ${what} patterns.`;
  return markup`<section><h2>Patterns of the largest clusters</h2>
<p class="intro">${shown} Logarithmic scale over a factor of ${logarithmicRange}, linear below; the brightest 0.1 % of
the average saturate.${uncalibrated}</p>
<div class="pairs">${patterns.map((pair) => patternFigure(content, pair, colours))}</div></section>`;
}

function sizeSection({ clustering, scan }: ReportContent, colours: Uint32Array): Markup {
  const { clusters } = clustering;
  const { pixelSize } = scan.calibration;
  const area = pixelSize && pixelSize.row * pixelSize.column;
  const rows = largestClusters(clusters, tableRows).map((cluster) =>
    markup`<tr><th scope="row">${clusterChip(colours, cluster.id)}${cluster.id}</th>
<td>${formatCount(cluster.size)}</td>${area && markup`<td>${formatNumber(cluster.size * area, 4)}</td>`}
<td>${cluster.seed.row}, ${cluster.seed.column}</td>
<td>${formatFixed(cluster.centroid.row, 1)}, ${formatFixed(cluster.centroid.column, 1)}</td>
<td>${formatFixed(cluster.meanSimilarity, 4)}</td></tr>`
  );
  const caption = clusters.length > tableRows
    ? `The ${tableRows} largest of ${formatCount(clusters.length)} clusters, largest first.`
    : `All ${formatCount(clusters.length)} clusters, largest first.`;
  if (clusters.length === 0) {
    return markup`<section><h2>Cluster sizes</h2><p class="intro">There are no clusters.</p></section>`;
  }
  const areaHeading = area && markup`<th scope="col">Area (${formatUnit(pixelSize!.unit)}²)</th>`;
  return markup`<section><h2>Cluster sizes</h2>
<p class="intro">Number of clusters by size; bins double in width.</p>
${renderSizeHistogram(sizeHistogram(clusters.map((cluster) => cluster.size)))}</section>
<section><h2>Clusters</h2>
<div class="scroll"><table><caption>${caption} Positions are row, column.</caption>
<thead><tr><th scope="col">Cluster</th><th scope="col">Probes</th>${areaHeading}<th scope="col">Seed</th>
<th scope="col">Centroid</th><th scope="col">Mean similarity</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

function fileName(path: string): string {
  return path.split(/[\\/]/).filter((part) => part !== "").at(-1) ?? path;
}

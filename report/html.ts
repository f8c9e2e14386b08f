/** The report: one self-contained HTML page that a browser shows without asking the network for anything. */

import { reductionRatio } from "../cluster/clustering.ts";
import { dtypeName } from "../scan/dtype.ts";
import { formatShape, probeCount } from "../scan/shape.ts";
import { assignColours } from "./colours.ts";
import { coveredFraction, largestClusters, type ReportContent } from "./content.ts";
import {
  clusterChip,
  clusterMapFigure,
  darkFieldFigure,
  maskFigure,
  patternFigure,
  similarityFigure,
} from "./figures.ts";
import { renderSizeHistogram, sizeHistogram } from "./histogram.ts";
import { html, type Insertable, type Markup } from "./markup.ts";
import {
  formatBytes,
  formatCount,
  formatFixed,
  formatNumber,
  formatPercent,
  formatSeconds,
} from "./number_format.ts";
import { describeParameters } from "./parameter_text.ts";
import { logarithmicRange } from "./pattern_image.ts";
import { formatUnit } from "./scale_bar.ts";
import { reportStyle } from "./style.ts";

/** Rows of the table of clusters. */
const tableRows = 200;

/** Forbids everything but the page's own images and style, should a mistake ever slip something else in. */
const contentPolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * Renders the report as a complete HTML document. Equal content gives equal text. Names from files are escaped.
 *
 * @returns text to be stored as UTF-8
 */
export function renderReport(content: ReportContent): string {
  const { clustering } = content;
  const colours = assignColours(
    clustering.labels,
    clustering.shape,
    clustering.clusters.map((cluster) => cluster.size),
  );
  const name = fileName(content.scan.source.path);
  const page = html`
    <!doctype html>
    <html lang="en">
      <head><meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${name} – crystallite</title>
    ${reportStyle()}</head>
      <body>
        <div class="page">
    ${headerSection(content, name)}
    <main>
    ${headline(content)}
    <section aria-label="Real space"><div class="maps">
    ${clusterMapFigure(content, colours)}
    ${similarityFigure(content)}
    ${maskFigure(content)}
    ${darkFieldFigure(content)}
    </div></section>
    ${patternSection(content, colours)}
    ${sizeSection(content, colours)}
    ${provenance(content)}
    </main>
    <footer>Written by crystallite ${content.run.version}.</footer>
        </div>
      </body>
    </html>
  `;
  return page.toString();
}

function headerSection({ scan, run }: ReportContent, name: string): Markup {
  return html`
    <header>
      <p class="brand">crystallite · cluster report</p>
      <h1><bdi>${name}</bdi></h1>
      <p
        class="secondary">${formatCount(scan.shape.rows)} × ${formatCount(
          scan.shape.columns,
        )} probes · ${formatCount(scan.shape.patternRows)} × ${formatCount(
          scan.shape.patternColumns,
        )} px · ${dtypeName(scan.dtype)} · <time datetime="${run.started.toISOString()}">${run.started
          .toISOString().slice(0, 10)}</time></p>
    </header>
  `;
}

function headline({ clustering, bytesIn, bytesOut }: ReportContent): Markup {
  const count = clustering.clusters.length;
  const covered = coveredFraction(clustering);
  const probes = probeCount(clustering.shape);
  const figure = (name: string, value: string, detail: string) =>
    html`
      <div>
        <dt>${name}</dt>
        <dd class="figure">${value}</dd>
        <dd class="detail">${detail}</dd>
      </div>
    `;
  return html`<dl class="headline">${
    figure("Clusters", formatCount(count), `in ${formatCount(probes)} probes`)
  }${
    figure(
      "Reduction ratio",
      formatNumber(reductionRatio(clustering), 3),
      count > 0 ? `one cluster per ${formatNumber(probes / count, 3)} probes` : "no clusters",
    )
  }${figure("Covered", formatPercent(covered), "of the probes are in a cluster")}${
    figure(
      "Data",
      `${formatBytes(bytesIn)} → ${formatBytes(bytesOut)}`,
      "patterns in, result files out",
    )
  }</dl>`;
}

function patternSection(content: ReportContent, colours: Uint32Array): Markup {
  const { patterns } = content;
  if (patterns === null) {
    return html`
      <section>
        <h2>Patterns</h2>
        <p class="intro">No averages were computed in this run.</p>
      </section>
    `;
  }
  if (patterns.length === 0) {
    return html`
      <section>
        <h2>Patterns</h2>
        <p class="intro">There are no clusters.</p>
      </section>
    `;
  }
  const uncalibrated = content.scan.calibration.qPixelSize === undefined
    ? " The size of a detector pixel is unknown, so there is no scale bar."
    : "";
  const what = content.clustering.parameters.average === "filtered" ? "filtered" : "raw";
  return html`
    <section>
      <h2>Patterns of the largest clusters</h2>
      <p
        class="intro">Left the average of the cluster’s ${what} patterns, right the single raw pattern at its seed, both in the same
    colours. Logarithmic scale over a factor of ${logarithmicRange}, linear below; the brightest 0.1 % of the average
    saturate.${uncalibrated}</p>
      <div class="pairs">${patterns.map((pair) => patternFigure(content, pair, colours))}</div>
    </section>
  `;
}

function sizeSection({ clustering, scan }: ReportContent, colours: Uint32Array): Markup {
  const { clusters } = clustering;
  const { pixelSize } = scan.calibration;
  const area = pixelSize && pixelSize.row * pixelSize.column;
  const rows = largestClusters(clusters, tableRows).map((cluster) =>
    html`<tr><th scope="row">${clusterChip(colours, cluster.id)}${cluster.id}</th>
<td>${formatCount(cluster.size)}</td>${area && html`<td>${formatNumber(cluster.size * area, 4)}</td>`}
<td>${cluster.seed.row}, ${cluster.seed.column}</td>
<td>${formatFixed(cluster.centroid.row, 1)}, ${formatFixed(cluster.centroid.column, 1)}</td>
<td>${formatFixed(cluster.meanSimilarity, 4)}</td></tr>`
  );
  const caption = clusters.length > tableRows
    ? `The ${tableRows} largest of ${formatCount(clusters.length)} clusters, largest first.`
    : `All ${formatCount(clusters.length)} clusters, largest first.`;
  return html`<section><h2>Cluster sizes</h2>
${
    clusters.length === 0 ? html`<p class="intro">There are no clusters.</p>` : html`
      <p class="intro">Number of clusters by size; bins double in width.</p>
      ${renderSizeHistogram(sizeHistogram(clusters.map((cluster) => cluster.size)))}
      <h2>Clusters</h2><div class="scroll">
        <table>
          <caption>${caption} Positions are row, column.</caption>
          <thead>
            <tr><th scope="col">Cluster</th><th scope="col">Probes</th>${area &&
              html`<th scope="col">Area (${
                formatUnit(pixelSize!.unit)
              }²)</th>`}<th scope="col">Seed</th><th scope="col">Centroid</th><th scope="col">Mean similarity</th></tr>
          </thead>
          <tbody>${rows}</tbody>
        </table>
      </div>
    `
  }</section>`;
}

function provenance({ clustering, scan, run, timings }: ReportContent): Markup {
  const { calibration, source } = scan;
  const size = (value: typeof calibration.pixelSize) =>
    value === undefined
      ? "unknown"
      : `${value.row === value.column ? "" : `${formatNumber(value.row, 6)} × `}${
        formatNumber(value.column, 6)
      } ${formatUnit(value.unit)}`;
  const input: [string, Insertable][] = [
    ["File", html`<bdi>${source.path}</bdi>`],
    ["Format", source.format],
    ["Shape", formatShape(scan.shape)],
    ["Type", dtypeName(scan.dtype)],
    ["Step size", size(calibration.pixelSize)],
    ["Detector pixel", size(calibration.qPixelSize)],
  ];
  if (source.dataset !== undefined) input.splice(1, 0, ["Data set", html`<bdi>${source.dataset}</bdi>`]);
  if (source.bytes !== undefined) input.push(["File size", formatBytes(source.bytes)]);
  if (calibration.beamEnergy !== undefined) {
    input.push(["Beam energy", `${formatNumber(calibration.beamEnergy)} keV`]);
  }
  if (calibration.convergenceAngle !== undefined) {
    input.push(["Convergence", `${formatNumber(calibration.convergenceAngle)} mrad`]);
  }
  const warnings = [...scan.warnings, ...clustering.warnings];
  return html`<section><h2>How it was made</h2><div class="columns">
<div><h3 class="group">Parameters</h3>${facts(describeParameters(clustering))}</div>
<div><h3 class="group">Input</h3>${facts(input)}</div>
<div><h3 class="group">Time</h3>${
    facts(Object.entries(timings).map(([stage, seconds]) => [stage, formatSeconds(seconds)] as const))
  }</div>
<div><h3 class="group">Warnings</h3>${
    warnings.length === 0
      ? html`<p class="secondary">none</p>`
      : html`<ul class="warnings">${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`
  }</div></div>
${
    run.command.length === 0 ? null : html`
      <h3 class="group">The same again</h3>
      <pre><code>${run.command.map(quoteArgument).join(" ")}</code></pre>
    `
  }</section>`;
}

function facts(rows: readonly (readonly [string, Insertable])[]): Markup {
  return html`<dl class="facts">${
    rows.map(([name, value]) =>
      html`
        <dt>${name}</dt>
        <dd>${value}</dd>
      `
    )
  }</dl>`;
}

function fileName(path: string): string {
  return path.split(/[\\/]/).filter((part) => part !== "").at(-1) ?? path;
}

/** Quotes one word of a command line for POSIX shells where it needs to be. */
export function quoteArgument(argument: string): string {
  return /^[\w./:=,@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** The page of a series: how far to trust it, its frames in one row of colours, what grew, and what happened. */

import type { PixelSize } from "../scan/calibration.ts";
import type { TrackEvent } from "../series/events.ts";
import { restless, veryRestless } from "../series/series_linker.ts";
import type { TrackSummary } from "../series/track_summary.ts";
import { formatHexColour, type RgbImage } from "./image.ts";
import { type Markup, markup } from "./markup.ts";
import { formatCount, formatFixed, formatNumber } from "./number_format.ts";
import { renderPage } from "./page_frame.ts";
import { paletteColour } from "./palette.ts";
import { pngDataAddress } from "./png.ts";

/** Lines of the table of events, and tracks in the plot of areas. */
const tableRows = 200, plottedTracks = 12;

/** A frame as it is shown. */
export interface ShownFrame {
  readonly frame: number;
  readonly value?: number;
  readonly image: RgbImage;
}

/** Areas of a track, frame by frame. */
export interface AreaCurve {
  readonly track: number;
  readonly points: readonly (readonly [frame: number, area: number])[];
}

/** What the page is made from. */
export interface SeriesPageContent {
  readonly name: string;
  readonly version: string;
  readonly started: Date;
  readonly command: readonly string[];
  readonly frames: number;
  readonly axis: { readonly name: string; readonly unit?: string };
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly pixelSize?: PixelSize;
  readonly shown: readonly ShownFrame[];
  /** Palette index of each track. */
  readonly colours: Uint32Array;
  readonly curves: readonly AreaCurve[];
  readonly summaries: readonly TrackSummary[];
  readonly events: readonly TrackEvent[];
  readonly restlessness: number;
  readonly drift: { readonly row: number; readonly column: number; readonly untrusted: number };
  readonly warnings: readonly string[];
}

/** What the restlessness of a series means for its user. */
export function describeRestlessness(value: number): string {
  if (value > veryRestless) return "regions come and go: do not use events or lineages";
  return value > restless
    ? "regions come and go: look at the frames before you use events"
    : "the tracks are calm";
}

/** Renders the page as a complete HTML document. Equal content gives equal text. */
export function renderSeriesPage(content: SeriesPageContent): string {
  const { name, version, started, warnings, command } = content;
  const body = markup`<header>
<p class="brand">crystallite · series report</p>
<h1><bdi>${name}</bdi></h1>
<p class="secondary">${formatCount(content.frames)} frames of ${formatCount(content.shape.rows)} × ${
    formatCount(content.shape.columns)
  } probes · <time datetime="${started.toISOString()}">${started.toISOString().slice(0, 10)}</time></p>
</header>
<main>
${headline(content)}
${filmStrip(content)}
${areaSection(content)}
${eventSection(content)}
<section><h2>How it was made</h2><dl class="facts">
<dt>Command</dt><dd><code>${command.join(" ")}</code></dd>
<dt>Warnings</dt><dd>${
    warnings.length > 0
      ? markup`<ul class="warnings">${warnings.map((text) => markup`<li>${text}</li>`)}</ul>`
      : "none"
  }</dd></dl></section>
</main>`;
  return renderPage(name, body, version);
}

function headline({ summaries, frames, restlessness, drift, events }: SeriesPageContent): Markup {
  const whole = summaries.filter((track) => track.frames === frames).length;
  const count = (kind: TrackEvent["kind"]) => events.filter((event) => event.kind === kind).length;
  const distance = formatNumber(Math.hypot(drift.row, drift.column), 3);
  const figures = [
    ["Tracks", formatCount(summaries.length), `${formatCount(whole)} from the first frame to the last`],
    ["Mergers and splits", `${count("merge")} · ${count("split")}`, "as far as regions tell"],
    ["Restlessness", formatFixed(restlessness, 3), describeRestlessness(restlessness)],
    [
      "Drift",
      `${distance} steps`,
      drift.untrusted > 0
        ? `${formatCount(drift.untrusted)} steps could not be measured`
        : "from first to last",
    ],
  ];
  return markup`<dl class="headline">${
    figures.map(([name, value, detail]) =>
      markup`<div><dt>${name}</dt><dd class="figure">${value}</dd><dd class="detail">${detail}</dd></div>`
    )
  }</dl>`;
}

function filmStrip({ shown, axis, shape }: SeriesPageContent): Markup {
  const caption = ({ frame, value }: ShownFrame) =>
    value === undefined ? `frame ${frame}` : `frame ${frame}: ${formatNumber(value, 4)} ${axis.unit ?? ""}`;
  return markup`<section><h2>Frames</h2><p class="intro">Each track has one colour in all frames. Grey probes are in no
cluster.</p><div class="film">${
    shown.map((one) =>
      markup`<figure><img src="${
        pngDataAddress(one.image)
      }" width="${shape.columns}" height="${shape.rows}" alt="Tracks of ${caption(one)}."><figcaption>${
        caption(one)
      }</figcaption></figure>`
    )
  }</div></section>`;
}

/** Areas of the largest tracks against the frames. */
function areaSection({ curves, colours, frames, pixelSize }: SeriesPageContent): Markup | null {
  const largest = curves
    .map((curve) => ({ ...curve, most: Math.max(...curve.points.map(([, area]) => area)) }))
    .toSorted((one, other) => other.most - one.most || one.track - other.track)
    .slice(0, plottedTracks);
  if (largest.length === 0 || frames < 2) return null;
  const width = 640,
    height = 240,
    left = 56,
    bottom = 28,
    area = pixelSize && pixelSize.row * pixelSize.column;
  const most = largest[0].most, right = width - 44;
  const x = (frame: number) => left + (right - left) * frame / (frames - 1);
  const y = (value: number) => 8 + (height - bottom - 8) * (1 - value / most);
  const unit = pixelSize ? `${pixelSize.unit}²` : "probes";
  const lines = largest.map(({ track, points }) => {
    const path = points.map(([frame, value], index) =>
      `${index > 0 && points[index - 1][0] === frame - 1 ? "L" : "M"}${x(frame).toFixed(1)} ${
        y(value).toFixed(1)
      }`
    ).join("");
    const [frame, last] = points.at(-1)!;
    const colour = formatHexColour(paletteColour(colours[track]));
    return markup`<path class="curve" style="stroke:${colour}" d="${path}"/><text x="${
      (x(frame) + 5).toFixed(1)
    }" y="${(y(last) + 4).toFixed(1)}">${track}</text>`;
  });
  const ticks = [0, 0.5, 1].map((part) =>
    markup`<text style="text-anchor:end" x="${left - 6}" y="${(y(part * most) + 4).toFixed(1)}">${
      formatNumber(part * most * (area ?? 1), 3)
    }</text>`
  );
  return markup`<section><h2>Areas</h2><p class="intro">Areas in ${unit} of the ${largest.length} largest tracks, numbers
at their ends. A gap is a frame in which a track was not seen.</p>
<svg class="evidence" viewBox="0 0 ${width} ${height}" role="img" aria-label="Areas of ${largest.length} tracks in ${unit} against the frame.">
<line class="axis" x1="${left}" x2="${right}" y1="${height - bottom}" y2="${
    height - bottom
  }"/>${ticks}${lines}
<text class="tick" x="${left}" y="${height - 8}">frame 0</text><text class="tick" x="${right}" y="${
    height - 8
  }">${frames - 1}</text></svg></section>`;
}

function eventSection({ events }: SeriesPageContent): Markup {
  const told = events.filter(({ kind }) => kind !== "enter" && kind !== "leave");
  if (told.length === 0) {
    return markup`<section><h2>Events</h2><p class="intro">Nothing happened.</p></section>`;
  }
  const rows = told.slice(0, tableRows).map((event) =>
    markup`<tr><th scope="row">${event.kind}</th><td>${event.frame}</td><td>${event.track}</td>
<td>${event.partner < 0 ? "" : event.partner}</td><td>${formatCount(event.size)}</td>
<td>${formatFixed(event.row, 1)}, ${formatFixed(event.column, 1)}</td><td>${
      Number.isFinite(event.cosine) ? formatFixed(event.cosine, 2) : ""
    }</td><td>${event.provisional ? "may be taken back" : ""}</td></tr>`
  );
  const caption = told.length > tableRows
    ? `The first ${tableRows} of ${formatCount(told.length)}.`
    : "In order.";
  return markup`<section><h2>Events</h2><p class="intro">Mergers and splits are often repairs of a grain that was cut
differently from frame to frame: two of three that are told are no real ones where crystals bend or overlap.</p>
<div class="scroll"><table><caption>${caption} Positions are row, column.</caption>
<thead><tr><th scope="col">Event</th><th scope="col">Frame</th><th scope="col">Track</th><th scope="col">With</th>
<th scope="col">Probes</th><th scope="col">Place</th><th scope="col">Cosine</th><th scope="col">Certain</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

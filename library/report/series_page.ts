/** The page of a series: how far to trust it, its frames in one row of colours, what grew, and what happened. */

import type { PixelSize } from "../scan/calibration.ts";
import { quoteArgument } from "../scan/quote_argument.ts";
import type { TrackEvent } from "../series/events.ts";
import { restless, veryRestless } from "../series/series_linker.ts";
import type { TrackSummary } from "../series/track_summary.ts";
import type { RgbImage } from "./image.ts";
import type { SpecimenLine } from "./kymograph.ts";
import { type Markup, markup } from "./markup.ts";
import { formatCount, formatFixed, formatNumber } from "./number_format.ts";
import { renderPage } from "./page_frame.ts";
import { pngDataAddress } from "./png.ts";
import { type AreaCurve, areaPlot, lineagePlot } from "./track_plots.ts";

/** Lines of the table of events. */
const tableRows = 200;

/** A frame as it is shown. */
export interface ShownFrame {
  readonly frame: number;
  readonly value?: number;
  readonly image: RgbImage;
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
  /** Tracks along a line, frame below frame. */
  readonly kymograph: { readonly line: SpecimenLine; readonly image: RgbImage };
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
${courseSections(content)}
${eventSection(content)}
<section><h2>How it was made</h2><dl class="facts">
<dt>Command</dt><dd><code>${command.map(quoteArgument).join(" ")}</code></dd>
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
  const doubtful =
    events.filter(({ kind, doubtful }) => doubtful && (kind === "merge" || kind === "split")).length;
  const distance = formatNumber(Math.hypot(drift.row, drift.column), 3);
  const figures = [
    ["Tracks", formatCount(summaries.length), `${formatCount(whole)} from the first frame to the last`],
    ["Mergers and splits", `${count("merge")} · ${count("split")}`, `${doubtful} of them doubtful`],
    ["Restlessness", formatFixed(restlessness, 3), describeRestlessness(restlessness)],
    [
      "Drift",
      `${distance} steps`,
      drift.untrusted > 0
        ? `${formatCount(drift.untrusted)} ${drift.untrusted === 1 ? "step" : "steps"} could not be measured`
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

/** Areas against the frames, what came of what, and one line of the specimen through time. */
function courseSections(content: SeriesPageContent): Markup {
  const { pixelSize, kymograph: { line, image } } = content;
  const area = pixelSize ? pixelSize.row * pixelSize.column : 1;
  const areas = areaPlot(content, area, pixelSize ? `${pixelSize.unit}²` : "probes");
  const lives = lineagePlot(content);
  const place = ({ row, column }: { row: number; column: number }) =>
    `${formatFixed(row, 1)}, ${formatFixed(column, 1)}`;
  return markup`${
    areas &&
    markup`<section><h2>Areas</h2><p class="intro">Areas in ${
      pixelSize ? `${pixelSize.unit}²` : "probes"
    } of the largest tracks, numbers at their ends. A ring: another came in; a bar: a part split off; dashed where that is
doubtful. A gap is a frame in which a track was not seen.</p>${areas}</section>`
  }${
    lives &&
    markup`<section><h2>Lineage</h2><p class="intro">The largest tracks from birth to death, as thick as their radius,
and what came of what; dashed where that is doubtful.</p>${lives}</section>`
  }<section><h2>Kymograph</h2><p class="intro">Tracks along the line from ${place(line.from)} to ${
    place(line.to)
  } (row, column in the first frame, moving with the specimen), time from top to bottom.</p><img src="${
    pngDataAddress(image)
  }" width="${image.width}" height="${image.height}" alt="Tracks along a line, frame below frame."></section>`;
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
    }</td><td>${
      [event.doubtful ? "doubtful" : "", event.provisional ? "may be taken back" : ""].filter(Boolean).join(
        ", ",
      )
    }</td></tr>`
  );
  const caption = told.length > tableRows
    ? `The first ${tableRows} of ${formatCount(told.length)}.`
    : "In order.";
  return markup`<section><h2>Events</h2><p class="intro">Doubtful mergers and splits are rather repairs of a grain that was cut
differently from frame to frame; so are others where crystals bend. Doubtful births and deaths are rather crystals that were
missed in a frame.</p>
<div class="scroll"><table><caption>${caption} Positions are row, column.</caption>
<thead><tr><th scope="col">Event</th><th scope="col">Frame</th><th scope="col">Track</th><th scope="col">With</th>
<th scope="col">Probes</th><th scope="col">Place</th><th scope="col">Cosine</th><th scope="col">Doubt</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

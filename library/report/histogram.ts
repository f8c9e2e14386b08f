/** The histogram of cluster sizes as inline SVG. */

import { fixed, type Markup, markup } from "./markup.ts";
import { formatCount } from "./number_format.ts";

/** One bar: clusters of `first` to `last` probes. */
export interface SizeBin {
  readonly first: number;
  readonly last: number;
  readonly clusters: number;
}

/** Sizes by powers of two: 1, 2 to 3, 4 to 7, ... up to the largest; no sizes give no bins. */
export function sizeHistogram(sizes: readonly number[]): SizeBin[] {
  if (sizes.length === 0) return [];
  const binOf = (size: number) => Math.floor(Math.log2(size));
  const counts = new Map<number, number>();
  let smallest = Infinity, largest = 0;
  for (const size of sizes) {
    const bin = binOf(size);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
    smallest = Math.min(smallest, bin);
    largest = Math.max(largest, bin);
  }
  const bins: SizeBin[] = [];
  for (let bin = smallest; bin <= largest; bin++) {
    bins.push({ first: 2 ** bin, last: 2 ** (bin + 1) - 1, clusters: counts.get(bin) ?? 0 });
  }
  return bins;
}

const height = 190, barWidth = 62, gap = 6, left = 8, top = 26, bottom = 40;

/** Draws the histogram; bar heights are proportional to the number of clusters, which is written above each bar. */
export function renderSizeHistogram(bins: readonly SizeBin[]): Markup {
  const width = left * 2 + Math.max(1, bins.length) * (barWidth + gap);
  const most = Math.max(1, ...bins.map((bin) => bin.clusters));
  const plotHeight = height - top - bottom;
  const bars = bins.map((bin, index) => {
    const x = left + index * (barWidth + gap);
    const barHeight = bin.clusters === 0 ? 0 : Math.max(2, plotHeight * bin.clusters / most);
    const y = top + plotHeight - barHeight;
    const count = bin.clusters > 0 ? formatCount(bin.clusters) : "";
    const centre = x + barWidth / 2;
    return markup`<g>
<rect class="bar" x="${x}" y="${fixed(y)}" width="${barWidth}" height="${fixed(barHeight)}" rx="2"/>
<text class="value" x="${centre}" y="${fixed(y - 6)}">${count}</text>
<text class="tick" x="${centre}" y="${height - bottom + 16}">${formatBin(bin)}</text></g>`;
  });
  const label = `Cluster sizes: ${
    bins.map((bin) => `${bin.clusters} of ${formatBin(bin)} probes`).join(", ") || "no clusters"
  }`;
  const baseline = height - bottom + 0.5;
  const style = `max-width:${Math.round(width * 1.1)}px`;
  return markup`<svg class="histogram" viewBox="0 0 ${width} ${height}" style="${style}" role="img" aria-label="${label}">
<line class="axis" x1="0" x2="${width}" y1="${baseline}" y2="${baseline}"/>
${bars}
<text class="axis-title" x="${width / 2}" y="${height - 6}">probes per cluster</text></svg>`;
}

function formatBin({ first, last }: SizeBin): string {
  const short = (value: number) => value >= 10_000 ? `${Math.round(value / 1000)}k` : String(value);
  return first === last ? short(first) : `${short(first)}–${short(last)}`;
}

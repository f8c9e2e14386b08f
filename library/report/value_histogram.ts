/** Histograms of values over probes as inline SVG. */

import type { ValueRange } from "./map_image.ts";
import { fixed, type Markup, markup } from "./markup.ts";
import { formatCount, formatNumber } from "./number_format.ts";

const bins = 41, width = 320, height = 96, bottom = 22;

/** Numbers of values in equal bins over a range; those outside are left out, as are those that are none. */
export function valueHistogram(values: ArrayLike<number>, { low, high }: ValueRange): Uint32Array {
  const counts = new Uint32Array(bins);
  for (let index = 0; index < values.length; index++) {
    const bin = Math.floor((values[index] - low) / (high - low) * bins);
    if (values[index] === high) counts[bins - 1]++;
    else if (bin >= 0 && bin < bins) counts[bin]++;
  }
  return counts;
}

/** Draws how often values of some things occur, with the ends of the range and its middle named below. */
export function renderValueHistogram(
  title: string,
  values: ArrayLike<number>,
  range: ValueRange,
  unit: string,
  things = "probes",
): Markup {
  const counts = valueHistogram(values, range), most = counts.reduce((a, b) => Math.max(a, b), 1);
  const step = width / bins, plot = height - bottom;
  const bars = Array.from(counts, (count, bin) => {
    const tall = plot * count / most;
    return count > 0 &&
      markup`<rect class="bar" x="${fixed(bin * step)}" y="${fixed(plot - tall)}" width="${
        fixed(step - 1)
      }" height="${fixed(tall)}"/>`;
  }).filter((bar) => bar !== false);
  const middle = (range.low + range.high) / 2, inside = counts.reduce((sum, count) => sum + count, 0);
  const places: readonly (readonly [number, number, string])[] = [
    [0, range.low, "start"],
    [width / 2, middle, "middle"],
    [width, range.high, "end"],
  ];
  const label = `Histogram of ${title}: ${formatCount(inside)} ${things} from ${
    formatNumber(range.low, 3)
  } to ${formatNumber(range.high, 3)} ${unit}.`;
  return markup`<svg class="histogram" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
<line class="axis" x1="0" x2="${width}" y1="${plot + 0.5}" y2="${plot + 0.5}"/>${bars}
${
    places.map(([x, value, anchor]) =>
      markup`<text x="${x}" y="${height - 5}" style="text-anchor:${anchor}">${formatNumber(value, 3)}</text>`
    )
  }</svg>`;
}

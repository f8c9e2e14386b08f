/** Both maps where the decision on the background is doubtful: as it was decided, and the other way. */

import { assignColours } from "./colours.ts";
import type { ReportContent } from "./content.ts";
import { mapFigure, pixelImage } from "./picture_markup.ts";
import { renderLabelMap } from "./map_image.ts";
import { type Markup, markup } from "./markup.ts";

/**
 * Renders the two maps side by side.
 *
 * @param other int32 (row, column): the regions under the opposite decision
 */
export function backgroundMaps(content: ReportContent, colours: Uint32Array, other: Int32Array): Markup {
  const { labels, shape, background } = content.clustering, present = background?.present ?? false;
  const sizes: number[] = [];
  other.forEach((label) => {
    if (label >= 0) sizes[label] = (sizes[label] ?? 0) + 1;
  });
  const decided = present ? "Background left out, as decided" : "No background, as decided";
  const opposite = present ? "The same without a background" : "The same with what was proposed left out";
  return markup`<div class="maps spaced">${drawn(content, decided, labels, colours)}${
    drawn(content, opposite, other, assignColours(other, shape, sizes))
  }</div>`;
}

function drawn(content: ReportContent, title: string, labels: Int32Array, colours: Uint32Array): Markup {
  const { shape } = content.clustering, mask = Uint8Array.from(labels, (label) => label >= 0 ? 1 : 0);
  const image = renderLabelMap({ shape, labels, mask, colours }, 1, "light");
  return mapFigure({
    title,
    image: pixelImage(image, `${title}: one colour for each region, one pixel per probe.`),
    shape,
    pixelSize: content.scan.calibration.pixelSize,
    legend: markup`<span class="key"><span class="swatch outside-mask"></span>left out</span>`,
  });
}

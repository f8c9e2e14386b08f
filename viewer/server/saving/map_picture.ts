/** The cluster map as a picture to keep: scale bar and legend below it. */

import type { Clustering } from "../../../library/cluster/clustering.ts";
import { drawText, textHeight, textWidth } from "../../../library/report/bitmap_font.ts";
import { largestClusters } from "../../../library/report/content.ts";
import {
  createImage,
  fillRectangle,
  parseHexColour,
  pasteImage,
  type Rgb,
  type RgbImage,
} from "../../../library/report/image.ts";
import { mapMagnification, renderLabelMap, unassignedColour } from "../../../library/report/map_image.ts";
import { paletteColour } from "../../../library/report/palette.ts";
import { encodePng } from "../../../library/report/png.ts";
import { withScaleBar } from "../../../library/report/scale_bar.ts";
import type { PixelSize } from "../../../library/scan/calibration.ts";

/** Clusters in the legend, the largest. */
const listed = 12;
const ink = parseHexColour("#1a1b1d"), paper = parseHexColour("#ffffff");

/** One line of the legend. */
interface Entry {
  readonly colour: Rgb;
  readonly text: string;
}

/**
 * The picture as a PNG file.
 *
 * @param colours palette index of each cluster
 */
export function mapPicture(
  clustering: Clustering,
  pixelSize: PixelSize | undefined,
  colours: Uint32Array,
): Uint8Array<ArrayBuffer> {
  const map = renderLabelMap({ ...clustering, colours }, mapMagnification(clustering.shape), "light");
  return encodePng(
    withLegend(withScaleBar(map, clustering.shape.columns, pixelSize), entriesOf(clustering, colours)),
  );
}

/** Number and size of the largest clusters, then what else there is on the map. */
function entriesOf({ clusters, labels, mask }: Clustering, colours: Uint32Array): Entry[] {
  const entries = largestClusters(clusters, listed).map(({ id, size }): Entry => ({
    colour: paletteColour(colours[id]),
    text: `cluster ${id}: ${size} probes`,
  }));
  if (labels.some((label, probe) => label < 0 && mask[probe])) {
    entries.push({ colour: unassignedColour("light", "noCluster"), text: "in no cluster" });
  }
  if (mask.includes(0)) {
    entries.push({ colour: unassignedColour("light", "outsideMask"), text: "outside mask" });
  }
  return entries;
}

/** The image with the entries below it, in as many columns as there is room for. */
function withLegend(image: RgbImage, entries: readonly Entry[]): RgbImage {
  if (entries.length === 0) return image;
  const dot = Math.max(1, Math.round(image.width / 360)), margin = 4 * dot;
  const line = textHeight(dot) + 2 * dot, swatch = textHeight(dot);
  const entryWidth = swatch + 2 * dot + Math.max(...entries.map(({ text }) => textWidth(text, dot))) +
    2 * margin;
  const across = Math.max(1, Math.floor((image.width - margin) / entryWidth));
  const down = Math.ceil(entries.length / across);
  const width = Math.max(image.width, margin + entryWidth);
  const result = createImage(width, image.height + down * line + margin, paper);
  pasteImage(result, image, 0, 0);
  entries.forEach(({ colour, text }, place) => {
    const top = image.height + (place % down) * line, left = margin + Math.floor(place / down) * entryWidth;
    fillRectangle(result, top, left, swatch - dot, swatch - dot, colour);
    drawText(result, text, top, left + swatch + 2 * dot, dot, ink);
  });
  return result;
}

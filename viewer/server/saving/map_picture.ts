/** The cluster map to keep, as a picture and as a drawing: numbers on the clusters, scale bar and legend below. */

import type { Clustering } from "../../../library/cluster/clustering.ts";
import { drawText, textHeight, textWidth } from "../../../library/report/bitmap_font.ts";
import {
  createImage,
  fillRectangle,
  formatHexColour,
  parseHexColour,
  pasteImage,
  type Rgb,
  type RgbImage,
} from "../../../library/report/image.ts";
import { mapMagnification, renderLabelMap, unassignedColour } from "../../../library/report/map_image.ts";
import { markup } from "../../../library/report/markup.ts";
import { encodePng, pngDataAddress } from "../../../library/report/png.ts";
import { chooseScaleBar, withScaleBar } from "../../../library/report/scale_bar.ts";
import type { PixelSize } from "../../../library/scan/calibration.ts";
import { numberPlaces } from "../../labels/number_places.ts";

const ink = parseHexColour("#1a1b1d"), paper = parseHexColour("#ffffff");

/** One line of the legend. */
interface Entry {
  readonly colour: Rgb;
  readonly text: string;
}

/** A number on the map, its middle in pixels. */
interface PlacedNumber {
  readonly text: string;
  readonly x: number;
  readonly y: number;
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
  const magnification = mapMagnification(clustering.shape);
  const map = renderLabelMap({ ...clustering, colours }, magnification, "light");
  const dot = Math.max(1, Math.round(map.width / 360));
  const fits = (text: string) => ({
    width: textWidth(text, dot) + 2 * dot,
    height: textHeight(dot) + 2 * dot,
  });
  for (const { text, x, y } of numbersOf(clustering, magnification, fits)) {
    const top = Math.round(y - textHeight(dot) / 2), left = Math.round(x - textWidth(text, dot) / 2);
    for (const down of [-dot, 0, dot]) {
      for (const right of [-dot, 0, dot]) drawText(map, text, top + down, left + right, dot, ink);
    }
    drawText(map, text, top, left, dot, paper);
  }
  return encodePng(withLegend(withScaleBar(map, clustering.shape.columns, pixelSize), entriesOf(clustering)));
}

/** Height of numbers and words of a drawing in its pixels, and room around them. */
const fontSize = 15, margin = 10;

/**
 * The same as SVG: the map as pixels, everything else as lines and text in the fonts of the page.
 *
 * @param colours palette index of each cluster
 */
export function mapDrawing(
  clustering: Clustering,
  pixelSize: PixelSize | undefined,
  colours: Uint32Array,
): string {
  const { shape } = clustering, magnification = mapMagnification(shape);
  const width = shape.columns * magnification, height = shape.rows * magnification;
  const small = renderLabelMap({ ...clustering, colours }, magnification, "light");
  const bar = chooseScaleBar(shape.columns, pixelSize), entries = entriesOf(clustering);
  // Digits are a little more than half as wide as they are high.
  const fits = (text: string) => ({ width: 0.62 * fontSize * text.length, height: fontSize });
  const numbers = numbersOf(clustering, magnification, fits).map(({ text, x, y }) =>
    markup`<text x="${x}" y="${y}">${text}</text>`
  );
  const line = height + margin, swatch = fontSize - 3;
  const length = bar ? bar.share * width : 0;
  const scale = bar
    ? markup`<rect x="${margin}" y="${line + 4}" width="${length}" height="4"/><text x="${
      length + 2 * margin
    }" y="${line + swatch}">${bar.label}</text>`
    : markup`<text x="${margin}" y="${line + swatch}">scale unknown</text>`;
  const legend = entries.map(({ colour, text }, place) => {
    const top = line + (place + 1) * (fontSize + 6);
    return markup`<rect x="${margin}" y="${top}" width="${swatch}" height="${swatch}" fill="${
      formatHexColour(colour)
    }" stroke="#858990"/><text x="${2 * margin + swatch}" y="${top + swatch}">${text}</text>`;
  });
  const tall = line + (entries.length + 1) * (fontSize + 6) + margin, wide = Math.max(width, 240);
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${tall}" width="${wide}" height="${tall}">
<rect width="${wide}" height="${tall}" fill="#ffffff"/>
<image href="${pngDataAddress(small)}" width="${width}" height="${height}" style="image-rendering:pixelated"/>
<g font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif" font-size="${fontSize}" fill="#1a1b1d">
<g text-anchor="middle" dominant-baseline="central" font-weight="600" fill="#ffffff" stroke="#1a1b1d" stroke-width="3" stroke-linejoin="round" paint-order="stroke">
${numbers}
</g>
${scale}
${legend}
</g>
</svg>
`.toString();
}

/** Numbers of the clusters that have room for theirs. */
function numbersOf(
  { labels, shape, clusters }: Clustering,
  magnification: number,
  sizeOf: (text: string) => { readonly width: number; readonly height: number },
): PlacedNumber[] {
  return numberPlaces(labels, shape.columns, clusters.length).flatMap(({ row, column, depth }, id) => {
    const text = String(id), { width, height } = sizeOf(text);
    // Within so many steps along rows and columns there is a diamond, in which the text must lie.
    if ((width + height) / 2 > (depth - 0.5) * magnification) return [];
    return [{ text, x: (column + 0.5) * magnification, y: (row + 0.5) * magnification }];
  });
}

/** What colours mean that are none of clusters. */
function entriesOf({ labels, mask, clusters }: Clustering): Entry[] {
  const entries: Entry[] = [];
  if (labels.some((label, probe) => label < 0 && mask[probe])) {
    entries.push({ colour: unassignedColour("light", "noCluster"), text: "in no cluster" });
  }
  if (mask.includes(0)) {
    entries.push({ colour: unassignedColour("light", "outsideMask"), text: "outside mask" });
  }
  const count = `${clusters.length} ${clusters.length === 1 ? "cluster" : "clusters"}`;
  return [...entries, { colour: paper, text: `${count}, numbered as in the table` }];
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

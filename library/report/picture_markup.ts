/** Pictures in a report, as markup: a map of real space in its frame, with scale bar, legend and note, and colour bars. */

import type { PixelSize } from "../scan/calibration.ts";
import { colourGradient, type ColourMapName } from "./colour_maps.ts";
import type { RgbImage } from "./image.ts";
import type { ValueRange } from "./map_image.ts";
import { type Insertable, type Markup, markup } from "./markup.ts";
import { formatNumber } from "./number_format.ts";
import { pngDataAddress } from "./png.ts";
import { chooseScaleBar } from "./scale_bar.ts";

/** A map of real space and what stands around it. */
export interface MapFigure {
  readonly title: string;
  readonly image: Markup;
  readonly overlay?: Insertable;
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly pixelSize: PixelSize | undefined;
  readonly legend: Insertable;
  readonly note?: Insertable;
  readonly wide?: boolean;
}

/** A map with its scale bar and legend. */
export function mapFigure(
  { title, image, overlay, shape, pixelSize, legend, note, wide }: MapFigure,
): Markup {
  const bar = chooseScaleBar(shape.columns, pixelSize);
  // Line scans would be invisible slivers at their true aspect ratio: those are stretched.
  const aspect = Math.min(20, Math.max(0.05, shape.columns / shape.rows));
  return markup`<figure class="map${wide ? " wide" : ""}" style="--aspect:${aspect.toFixed(4)}">
<figcaption><h3>${title}</h3></figcaption>
<div class="frame"><div class="stage">${image}${overlay}</div>
<div class="scale">${
    bar === null
      ? markup`<span class="secondary">step size unknown</span>`
      : markup`<span class="bar" style="width:${formatShare(bar.share)}"></span><span>${bar.label}</span>`
  }</div></div>
<div class="legend">${legend}</div>
${note && markup`<p class="note">${note}</p>`}</figure>`;
}

/** An image inside the page, described in words. */
export function pixelImage(image: RgbImage, description: string): Markup {
  return markup`<img src="${
    pngDataAddress(image)
  }" width="${image.width}" height="${image.height}" alt="${description}">`;
}

/** A colour bar between the values of its ends. */
export function colourBar(range: ValueRange, map: ColourMapName, unit: string): Markup {
  return markup`
    <span>${formatNumber(range.low, 3)}</span><span class="colour-bar" style="background:${
    colourGradient(
      map,
    )
  }"
      aria-hidden="true"></span><span>${formatNumber(range.high, 3)} ${unit}</span>
  `;
}

/** A part of a length, for styles. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`;
}

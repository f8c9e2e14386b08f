/** An averaged pattern with its measured disks circled and the spots of the matched crystal on it. */

import { fixed, type Markup, markup } from "./markup.ts";
import { reportScale } from "./figures.ts";
import { pixelImage } from "./picture_markup.ts";
import { patternRange, renderPattern } from "./pattern_image.ts";

/** A spot of the crystal. */
export interface MatchedSpot {
  readonly row: number;
  readonly column: number;
  /** Miller indices, for the spots that are named. */
  readonly name?: string;
}

/** What the figure shows; places in detector pixels. */
export interface SpotsFigure {
  /** (qy, qx) row-major. */
  readonly pattern: ArrayLike<number>;
  readonly shape: { readonly patternRows: number; readonly patternColumns: number };
  readonly measured: readonly { readonly row: number; readonly column: number }[];
  readonly diskRadius: number;
  readonly spots: readonly MatchedSpot[];
  readonly title: string;
  readonly caption: string;
}

/** The picture; its drawing is described in words for those who do not see it. */
export function spotsFigure(
  { pattern, shape, measured, diskRadius, spots, title, caption }: SpotsFigure,
): Markup {
  const { patternRows: rows, patternColumns: columns } = shape;
  const image = renderPattern(pattern, rows, columns, patternRange(pattern), reportScale);
  const arm = Math.max(rows, columns) / 90;
  const circles = measured.map(({ row, column }) =>
    markup`<circle cx="${place(column)}" cy="${place(row)}" r="${fixed(1.15 * diskRadius)}"/>`
  );
  const crosses = spots.map(({ row, column, name }) => {
    const x = column + 0.5, y = row + 0.5;
    const path = `M${fixed(x - arm)} ${fixed(y)}h${fixed(2 * arm)}M${fixed(x)} ${fixed(y - arm)}v${
      fixed(2 * arm)
    }`;
    // Names stay inside of the picture.
    const [side, anchor] = x > 0.9 * columns ? [-arm, "end"] : [arm, "start"];
    const text = name &&
      markup`<text x="${fixed(x + side)}" y="${
        fixed(Math.max(3.2 * arm, y - arm))
      }" text-anchor="${anchor}" style="font-size:${fixed(3.2 * arm)}px">${name}</text>`;
    return markup`<path d="${path}"/>${text}`;
  });
  const description =
    `${title}: average pattern with ${measured.length} measured disks circled and ${spots.length} ` +
    "spots of the crystal as crosses";
  return markup`<figure class="pair"><figcaption><strong>${title}</strong></figcaption>
<div class="pattern">${pixelImage(image, description)}
<svg class="spots" viewBox="0 0 ${columns} ${rows}" aria-hidden="true">${circles}${crosses}</svg></div>
<p class="under">${caption}</p></figure>`;
}

/** Pixel i covers i to i + 1 of the drawing. */
function place(pixel: number): string {
  return fixed(pixel + 0.5);
}

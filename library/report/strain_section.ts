/** The part of the report on strain: maps with colour bars, and how often each value occurs. */

import type { StrainMap } from "../mapping/strain_map.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { colourBar, mapFigure, pixelImage } from "./picture_markup.ts";
import { rangeAboutZero, renderScalarMap } from "./map_image.ts";
import { type Markup, markup } from "./markup.ts";
import { formatCount, formatNumber } from "./number_format.ts";
import { renderValueHistogram } from "./value_histogram.ts";

/** What the section shows. */
export interface StrainSection {
  readonly map: StrainMap;
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly pixelSize?: PixelSize;
  /** What strain is relative to, in words. */
  readonly reference: string;
  /** Where its axes lie, in words. */
  readonly axes: string;
  /** Which probes were to be measured, in words behind their number; default: all in clusters. */
  readonly probes?: string;
}

const components: readonly (readonly [title: string, component: number, unit: string, factor: number])[] = [
  ["Strain e_xx", 0, "%", 100],
  ["Strain e_yy", 1, "%", 100],
  ["Shear e_xy", 2, "%", 100],
  ["Rotation", 3, "°", 180 / Math.PI],
];

/** Dilation first, as in the paper, then all components. */
export function strainSection(
  { map, shape, pixelSize, reference, axes, probes = "" }: StrainSection,
): Markup {
  const dilation = map.dilation.map((value) => 100 * value);
  const figure = (title: string, values: Float32Array, unit: string) => {
    const range = rangeAboutZero(values);
    const described = `${title}: ${formatNumber(range.low, 3)} to ${formatNumber(range.high, 3)} ${unit}`;
    return mapFigure({
      ...{ title, shape, pixelSize },
      image: pixelImage(
        renderScalarMap(values, shape, range, "diverging"),
        `${described}, blue to orange, one pixel per probe; grey where it was not measured.`,
      ),
      legend: colourBar(range, "diverging", unit),
      note: renderValueHistogram(title, values, range, unit),
    });
  };
  const figures = components.map(([title, component, unit, factor]) =>
    figure(title, dilation.map((_, probe) => factor * map.strain[4 * probe + component]), unit)
  );
  return markup`<section><h2>Strain</h2>
<p class="intro">${
    formatCount(map.measured)
  } probes${probes}, each against the orientation of its cluster, relative to ${reference}.
Positive is longer; ${axes}, rotation from x to y. The colours hold 98 % of the
values.</p>
<div class="maps">${figure("Dilation e_xx + e_yy", dilation, "%")}${figures}</div></section>`;
}

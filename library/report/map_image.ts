/** Pictures of real space: cluster maps and scalar maps over probe positions. */

import { type ColourMapName, colourTable } from "./colour_maps.ts";
import { darkenPixel, magnifyImage, parseHexColour, type Rgb, type RgbImage } from "./image.ts";
import { paletteColour } from "./palette.ts";
import { selectSorted } from "../scan/select_sorted.ts";

/** Background the picture is made for. */
export type Theme = "light" | "dark";

/** Colours of probes that are in no cluster. */
const unassigned: Readonly<Record<Theme, { readonly outsideMask: Rgb; readonly noCluster: Rgb }>> = {
  light: { outsideMask: parseHexColour("#dcdcd8"), noCluster: parseHexColour("#cbcbc6") },
  dark: { outsideMask: parseHexColour("#222326"), noCluster: parseHexColour("#3b3d42") },
};

/** Share of black in the line around clusters on a light background. */
const hairlineShare = 0.42;

/** Colour of probes outside the mask or in no cluster, as in the cluster map. */
export function unassignedColour(theme: Theme, kind: "outsideMask" | "noCluster"): Rgb {
  return unassigned[theme][kind];
}

/**
 * Pixels per probe that make a map easy to see: up to about 1024 pixels long, thin scans at least 24 pixels thick
 * where the length allows, never below 1.
 */
export function mapMagnification(shape: { readonly rows: number; readonly columns: number }): number {
  const long = Math.max(shape.rows, shape.columns), short = Math.min(shape.rows, shape.columns);
  const byLength = Math.floor(1024 / long);
  const byThickness = Math.min(Math.ceil(24 / short), Math.floor(4096 / long));
  return Math.min(64, Math.max(1, byLength, byThickness));
}

/** What a cluster map shows. */
export interface LabelMap {
  readonly shape: { readonly rows: number; readonly columns: number };
  /** Cluster id per probe, -1 = in none. */
  readonly labels: Int32Array;
  /** 1 where a probe may be clustered. */
  readonly mask: Uint8Array;
  /** Palette index of each cluster, from `assignColours`. */
  readonly colours: Uint32Array;
}

/**
 * The cluster map, `magnification` pixels per probe. On light backgrounds clusters carry a dark line one pixel wide
 * along their edges wherever there is room for it (from three pixels per probe).
 */
export function renderLabelMap(map: LabelMap, magnification: number, theme: Theme): RgbImage {
  const { shape: { rows, columns }, labels, mask, colours } = map;
  const small = new Uint8Array(rows * columns * 3);
  labels.forEach((label, probe) => {
    const colour = label >= 0
      ? paletteColour(colours[label])
      : unassigned[theme][mask[probe] ? "noCluster" : "outsideMask"];
    small.set(colour, probe * 3);
  });
  const image = magnifyImage({ width: columns, height: rows, data: small }, magnification);
  if (theme === "light" && magnification >= 3) drawHairlines(image, map, magnification);
  return image;
}

/** Darkens the last row or column of pixels of a probe whose right or lower neighbour is in another cluster. */
function drawHairlines(image: RgbImage, { shape, labels }: LabelMap, magnification: number): void {
  const last = magnification - 1;
  for (let row = 0; row < shape.rows; row++) {
    for (let column = 0; column < shape.columns; column++) {
      const label = labels[row * shape.columns + column];
      const rightDiffers = column + 1 < shape.columns && labels[row * shape.columns + column + 1] !== label;
      const belowDiffers = row + 1 < shape.rows && labels[(row + 1) * shape.columns + column] !== label;
      const top = row * magnification, left = column * magnification;
      for (let step = 0; step < magnification; step++) {
        if (rightDiffers) darkenPixel(image, top + step, left + last, hairlineShare);
        if (belowDiffers && !(rightDiffers && step === last)) {
          darkenPixel(image, top + last, left + step, hairlineShare);
        }
      }
    }
  }
}

/** Values shown as the lowest and the highest colour. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/**
 * The values at two percentiles of the finite values (nearest rank); one value gives an empty range.
 *
 * @param lower percentile of the lowest colour, 0 to 100
 * @param upper percentile of the highest colour, not below the lower
 */
export function percentileRange(values: ArrayLike<number>, lower: number, upper: number): ValueRange {
  let finite = new Float64Array(values.length), count = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) finite[count++] = values[i];
  if (count === 0) return { low: 0, high: 0 };
  finite = finite.subarray(0, count);
  const place = (percent: number) => Math.round(percent / 100 * (count - 1));
  const low = selectSorted(finite, place(lower));
  return { low, high: selectSorted(finite, place(upper), place(lower)) };
}

/** A range with zero in its middle that holds 98 % of the finite values. */
export function rangeAboutZero(values: Float32Array): ValueRange {
  const { high } = percentileRange(values.map(Math.abs), 0, 98);
  return { low: -high, high };
}

/** A range from zero that holds 98 % of the finite values. */
export function rangeFromZero(values: Float32Array): ValueRange {
  return { low: 0, high: percentileRange(values, 0, 98).high };
}

/**
 * A scalar map, one pixel per probe; values outside the range are clamped, and an empty range shows the lowest colour. What
 * is no number is grey, as probes in no cluster are.
 */
export function renderScalarMap(
  values: ArrayLike<number>,
  shape: { readonly rows: number; readonly columns: number },
  range: ValueRange,
  map: ColourMapName,
): RgbImage {
  const table = colourTable(map);
  const factor = range.high > range.low ? 255 / (range.high - range.low) : 0;
  const data = new Uint8Array(shape.rows * shape.columns * 3);
  for (let probe = 0; probe < shape.rows * shape.columns; probe++) {
    if (Number.isNaN(values[probe])) {
      data.set(unassigned.light.noCluster, probe * 3);
      continue;
    }
    const index = Math.round(Math.min(255, Math.max(0, (values[probe] - range.low) * factor)));
    for (let channel = 0; channel < 3; channel++) data[probe * 3 + channel] = table[index * 3 + channel];
  }
  return { width: shape.columns, height: shape.rows, data };
}

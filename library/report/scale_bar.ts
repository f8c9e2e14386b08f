/** Scale bars of a round length. */

import type { PixelSize } from "../scan/calibration.ts";
import { drawText, textHeight, textWidth } from "./bitmap_font.ts";
import { createImage, fillRectangle, pasteImage, type Rgb, type RgbImage } from "./image.ts";

/** A scale bar for an image of a certain width. */
export interface ScaleBar {
  /** Length with unit, such as `50 nm` or `0.5 Å⁻¹`. */
  readonly label: string;
  /** Length as a share of the image's width, 0 to 1. */
  readonly share: number;
}

/** Metres per unit of length. */
const metres: Readonly<Record<string, number>> = {
  pm: 1e-12,
  A: 1e-10,
  nm: 1e-9,
  um: 1e-6,
  mm: 1e-3,
  m: 1,
};

/** A unit as people write it: `A^-1` is `Å⁻¹`, `um` is `µm`. */
export function formatUnit(unit: string): string {
  return unit.replace("^-1", "⁻¹").replace(/^A(?=⁻|$)/, "Å").replace(/^u(?=m)/, "µ");
}

/**
 * The longest bar of 1, 2 or 5 times a power of ten that covers at most 30 % of the image. A length below 0.1 or from
 * 1000 on is given in a fitting unit (5000 nm is 5 µm).
 *
 * @param columns width of the image in scan steps or detector pixels
 * @param size their size; `undefined` gives no bar
 */
export function chooseScaleBar(columns: number, size: PixelSize | undefined): ScaleBar | null {
  if (size === undefined || !(size.column > 0) || !Number.isFinite(size.column)) return null;
  const width = columns * size.column;
  const { unit, factor } = fittingUnit(0.3 * width, size.unit);
  const longest = 0.3 * width * factor;
  const exponent = Math.floor(Math.log10(longest) + 1e-9);
  const leading = longest / 10 ** exponent;
  const digit = leading >= 5 ? 5 : leading >= 2 ? 2 : 1;
  const length = Number(`${digit}e${exponent}`);
  return { label: `${length} ${formatUnit(unit)}`, share: length / (width * factor) };
}

function fittingUnit(length: number, unit: string): { unit: string; factor: number } {
  if (metres[unit] === undefined || (length >= 0.1 && length < 1000)) return { unit, factor: 1 };
  const inMetres = length * metres[unit];
  const candidates = ["m", "mm", "um", "nm", "pm"];
  const fitting = candidates.find((candidate) => inMetres >= metres[candidate]) ?? "pm";
  return { unit: fitting, factor: metres[unit] / metres[fitting] };
}

const ink: Rgb = [0x1a, 0x1b, 0x1d];
const paper: Rgb = [0xff, 0xff, 0xff];

/**
 * The image with a strip below it that holds its scale bar, or the words "scale unknown".
 *
 * @param columns width of the image in scan steps
 * @param size their size, where it is known
 */
export function withScaleBar(image: RgbImage, columns: number, size: PixelSize | undefined): RgbImage {
  const bar = chooseScaleBar(columns, size);
  const label = bar?.label ?? "scale unknown";
  const dot = Math.max(1, Math.round(image.width / 360));
  const margin = 4 * dot;
  const barLength = bar === null ? 0 : Math.max(1, Math.round(bar.share * image.width));
  const textLeft = bar === null ? margin : margin + barLength + 2 * margin;
  const width = Math.max(image.width, textLeft + textWidth(label, dot) + margin);
  const strip = 2 * margin + textHeight(dot);
  const result = createImage(width, image.height + strip, paper);
  pasteImage(result, image, 0, 0);
  const top = image.height + margin;
  if (bar !== null) fillRectangle(result, top + 2 * dot, margin, 3 * dot, barLength, ink);
  drawText(result, label, top, textLeft, dot, ink);
  return result;
}

/** The colours of clusters: distinct for every kind of colour vision, on dark and on light. */

import { parseHexColour, type Rgb } from "./image.ts";

/**
 * Twelve categorical colours. OKLab distance of any two at least 0.144, at least 0.089 as seen with protanopia,
 * deuteranopia and tritanopia (Machado 2009); lightness 0.47 to 0.80, so that none is lost on dark or light.
 */
export const clusterPalette: readonly Rgb[] = [
  "#c65459",
  "#ed8b7c",
  "#6d5902",
  "#d5bf3e",
  "#a29202",
  "#56d7bf",
  "#158a88",
  "#529fde",
  "#3853ab",
  "#bab3fe",
  "#8e64c3",
  "#8f316e",
].map(parseHexColour);

/**
 * The colour of a palette index. Indices past the palette, needed only where more than twelve clusters all touch each
 * other, walk the colour cube evenly (the R3 low-discrepancy sequence).
 */
export function paletteColour(index: number): Rgb {
  if (index < clusterPalette.length) return clusterPalette[index];
  const step = index - clusterPalette.length + 1;
  // Powers of the inverse of the root of x^4 = x + 1.
  const root = 1.2207440846057596;
  const channel = (power: number) => 40 + Math.floor(196 * ((0.5 + step / root ** power) % 1));
  return [channel(1), channel(2), channel(3)];
}

/** OKLab coordinates (lightness, green-red, blue-yellow) of an sRGB colour (Ottosson 2020). */
export function oklab(colour: Rgb): readonly [number, number, number] {
  const [red, green, blue] = colour.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}

/** OKLab distance with the green-red axis halved, which is roughly what a viewer with red-green deficiency sees. */
export function colourDistance(first: Rgb, second: Rgb): number {
  const [lightness, greenRed, blueYellow] = oklab(first);
  const [otherLightness, otherGreenRed, otherBlueYellow] = oklab(second);
  return Math.hypot(lightness - otherLightness, (greenRed - otherGreenRed) / 2, blueYellow - otherBlueYellow);
}

/** How values become colours on the page: one mapping for shader, canvas and thumbnails. Pure. */

import { type ColourMapName, colourTable } from "../../library/report/colour_maps.ts";
import { parseHexColour, type Rgb } from "../../library/report/image.ts";
import { percentileRange, type ValueRange } from "../../library/report/map_image.ts";
import {
  brightness,
  type IntensityScale,
  logarithmicRange,
  patternRange,
} from "../../library/report/pattern_image.ts";

export { colourGradient, type ColourMapName } from "../../library/report/colour_maps.ts";
export { percentileRange, type ValueRange } from "../../library/report/map_image.ts";
export { type IntensityScale, patternRange } from "../../library/report/pattern_image.ts";

/** The range of values on both sides of zero: all but the brightest in a thousand, about zero. */
export function signedRange(values: Float32Array): ValueRange {
  const { high } = percentileRange(values.map(Math.abs), 0, 99.9);
  return { low: -high, high };
}

/** Colour of NaN and infinities: there is no value. */
export const noValueColour: Rgb = parseHexColour("#5a5c61");

/** How values are shown. */
export interface ScalarScale {
  /** Values of the lowest and the highest colour; what lies outside is clamped. An empty range shows the lowest. */
  readonly range: ValueRange;
  readonly scale: IntensityScale;
  readonly map: ColourMapName;
}

/** Place of a value in the colour map, 0 to 255; -1 where there is no value. */
export function colourIndex(value: number, { range: { low, high }, scale }: ScalarScale): number {
  if (!Number.isFinite(value)) return -1;
  const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
  return Math.round(255 * brightness(share, scale));
}

/** The mapping of {@link colourIndex} for a fragment shader: `int colourIndex(float value)` from three uniforms. */
export const colourIndexShader = `
uniform vec2 range;
uniform int scale;
int colourIndex(float value) {
  if (isnan(value) || isinf(value)) return -1;
  float share = range.y > range.x ? clamp((value - range.x) / (range.y - range.x), 0.0, 1.0) : 0.0;
  if (scale == 1) share = sqrt(share);
  if (scale == 2) share = log(1.0 + share * ${logarithmicRange.toFixed(1)}) / log(1.0 + ${
  logarithmicRange.toFixed(1)
});
  return int(floor(255.0 * share + 0.5));
}
`;

/** Numbers of the scales in the shader. */
export const scaleNumber: Readonly<Record<IntensityScale, number>> = { linear: 0, sqrt: 1, log: 2 };

/** Pixels of a picture, `data[(row * width + column) * 4 + channel]`: what `new ImageData` takes. */
export interface RgbaPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** A picture of values, one pixel each. */
export function paintScalar(
  values: ArrayLike<number>,
  rows: number,
  columns: number,
  scale: ScalarScale,
): RgbaPixels {
  const table = colourTable(scale.map), data = new Uint8ClampedArray(4 * rows * columns);
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    const index = colourIndex(values[pixel], scale);
    for (let channel = 0; channel < 3; channel++) {
      data[4 * pixel + channel] = index < 0 ? noValueColour[channel] : table[3 * index + channel];
    }
    data[4 * pixel + 3] = 255;
  }
  return { width: columns, height: rows, data };
}

/**
 * A small picture of a pattern with a contrast of its own.
 *
 * @param pattern (qy, qx), in counts
 * @param upper percentile of the highest colour
 */
export function paintThumbnail(
  pattern: ArrayLike<number>,
  qy: number,
  qx: number,
  { scale = "log", map = "inferno", upper }: {
    readonly scale?: IntensityScale;
    readonly map?: ColourMapName;
    readonly upper?: number;
  } = {},
): RgbaPixels {
  return paintScalar(pattern, qy, qx, { range: patternRange(pattern, upper), scale, map });
}

/** Small RGB images in memory: what every picture of the report is made of. */

/** A colour, 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** An image of 8-bit RGB pixels, row-major: `data[(row * width + column) * 3 + channel]`. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Reads `#rrggbb`. */
export function parseHexColour(text: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (!match) throw new RangeError(`"${text}" is not a colour of the form #rrggbb`);
  return [parseInt(match[1], 16), parseInt(match[2], 16), parseInt(match[3], 16)];
}

/** Writes `#rrggbb`. */
export function formatHexColour(colour: Rgb): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** A new image of one colour. */
export function createImage(width: number, height: number, colour: Rgb): RgbImage {
  const image = { width, height, data: new Uint8Array(width * height * 3) };
  fillRectangle(image, 0, 0, height, width, colour);
  return image;
}

/** Paints `height` rows and `width` columns from (row, column); what lies outside the image is left out. */
export function fillRectangle(
  image: RgbImage,
  row: number,
  column: number,
  height: number,
  width: number,
  [red, green, blue]: Rgb,
): void {
  const lastRow = Math.min(row + height, image.height);
  const lastColumn = Math.min(column + width, image.width);
  for (let y = Math.max(row, 0); y < lastRow; y++) {
    for (let x = Math.max(column, 0); x < lastColumn; x++) {
      const offset = (y * image.width + x) * 3;
      image.data[offset] = red;
      image.data[offset + 1] = green;
      image.data[offset + 2] = blue;
    }
  }
}

/** Mixes black into one pixel; `share` 0 leaves it, 1 makes it black. */
export function darkenPixel(image: RgbImage, row: number, column: number, share: number): void {
  const offset = (row * image.width + column) * 3;
  for (let channel = 0; channel < 3; channel++) {
    image.data[offset + channel] = Math.round(image.data[offset + channel] * (1 - share));
  }
}

/** Mixes a colour into one pixel; `share` 0 leaves it, 1 gives the colour. Outside the image nothing is done. */
export function mixPixel(image: RgbImage, row: number, column: number, share: number, colour: Rgb): void {
  if (row < 0 || row >= image.height || column < 0 || column >= image.width) return;
  const offset = (row * image.width + column) * 3;
  for (let channel = 0; channel < 3; channel++) {
    const behind = image.data[offset + channel];
    image.data[offset + channel] = Math.round(behind + (colour[channel] - behind) * share);
  }
}

/** Copies `source` into `target` with its first pixel at (row, column); it must fit. */
export function pasteImage(target: RgbImage, source: RgbImage, row: number, column: number): void {
  for (let y = 0; y < source.height; y++) {
    const line = source.data.subarray(y * source.width * 3, (y + 1) * source.width * 3);
    target.data.set(line, ((row + y) * target.width + column) * 3);
  }
}

/** The image with every pixel repeated `factor` times along both axes; no smoothing. */
export function magnifyImage(image: RgbImage, factor: number): RgbImage {
  if (factor === 1) return image;
  const width = image.width * factor;
  const data = new Uint8Array(width * image.height * factor * 3);
  for (let row = 0; row < image.height; row++) {
    const first = row * factor * width * 3;
    for (let x = 0; x < width; x++) {
      const from = (row * image.width + Math.floor(x / factor)) * 3;
      data[first + x * 3] = image.data[from];
      data[first + x * 3 + 1] = image.data[from + 1];
      data[first + x * 3 + 2] = image.data[from + 2];
    }
    for (let copy = 1; copy < factor; copy++) {
      data.copyWithin(first + copy * width * 3, first, first + width * 3);
    }
  }
  return { width, height: image.height * factor, data };
}

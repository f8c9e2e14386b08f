/** Averages of a result inside a page: in all digits, or smaller so that they fit. */

import type { ScanShape } from "../scan/shape.ts";
import { NpyReader } from "./npy_reader.ts";
import type { RunRecord } from "./run_record.ts";

/** What `run.json` in a page says of them. */
export type PageRecord = NonNullable<RunRecord["page"]>;
/** A way to hold them. */
export type PageAverages = PageRecord["averages"];

/** Rows and columns of patterns. */
type PatternShape = Pick<ScanShape, "patternRows" | "patternColumns">;

/** Pixels along each side that binned patterns keep, beyond the first step. */
const leastSide = 16;

/**
 * The ways that are tried, the most faithful first.
 *
 * @param wanted one of them, or whichever fits
 */
export function waysToHold(wanted: PageAverages | "auto", shape: PatternShape): readonly PageRecord[] {
  const side = Math.min(shape.patternRows, shape.patternColumns);
  const bins = [2, 4, 8].filter((bin) => bin === 2 || side >= leastSide * bin);
  const ways: readonly PageRecord[] = [
    { averages: "exact" },
    { averages: "rounded" },
    ...bins.map((bin) => ({ averages: "binned", bin } as const)),
  ];
  return wanted === "auto" ? ways : ways.filter(({ averages }) => averages === wanted);
}

/** What a page says of averages that are not those of the result to the last digit. */
export function lossText({ averages, bin }: PageRecord): string | undefined {
  const rounded = "rounded to 8 significant bits, by 0.4 % at most";
  if (averages === "rounded") return `The averages in this page are ${rounded}.`;
  if (averages === "binned") {
    return `The averages in this page are means of ${bin} x ${bin} pixels, ${rounded}.`;
  }
  return undefined;
}

/** Sizes of patterns once they are binned; what is left over at the far edges makes smaller bins. */
export function binnedShape({ patternRows, patternColumns }: PatternShape, bin: number): PatternShape {
  return { patternRows: Math.ceil(patternRows / bin), patternColumns: Math.ceil(patternColumns / bin) };
}

/**
 * Reads averages from a file of float32, as they are to be held.
 *
 * @param count number of clusters
 * @throws as `NpyReader.open`
 */
export function readHeld(
  path: string,
  count: number,
  shape: PatternShape,
  { averages, bin = 1 }: PageRecord,
): Float32Array<ArrayBuffer> {
  const { patternRows, patternColumns } = shape, pixels = patternRows * patternColumns;
  const small = binnedShape(shape, bin), smallPixels = small.patternRows * small.patternColumns;
  const reader = NpyReader.open(path, "f32", [count, patternRows, patternColumns]);
  try {
    const held = new Float32Array(count * smallPixels);
    for (let cluster = 0; cluster < count; cluster++) {
      const pattern = reader.read(cluster * pixels, pixels) as Float32Array;
      held.set(bin === 1 ? pattern : meansOf(pattern, shape, bin), cluster * smallPixels);
    }
    return averages === "exact" ? held : roundAverages(held);
  } finally {
    reader.close();
  }
}

/** Means of `bin` x `bin` pixels. */
function meansOf(pattern: Float32Array, shape: PatternShape, bin: number): Float64Array {
  const small = binnedShape(shape, bin), sums = new Float64Array(small.patternRows * small.patternColumns);
  eachPixel(shape, bin, (pixel, place, weight) => sums[place] += pattern[pixel] * weight);
  return sums;
}

/** A pattern of all pixels from means of `bin` x `bin` of them. */
export function spreadMeans(
  means: Float32Array,
  shape: PatternShape,
  bin: number,
): Float32Array<ArrayBuffer> {
  const pattern = new Float32Array(shape.patternRows * shape.patternColumns);
  eachPixel(shape, bin, (pixel, place) => pattern[pixel] = means[place]);
  return pattern;
}

/** Every pixel with the place of its bin, and what part of the bin it is. */
function eachPixel(
  { patternRows, patternColumns }: PatternShape,
  bin: number,
  take: (pixel: number, place: number, weight: number) => void,
): void {
  const columns = Math.ceil(patternColumns / bin);
  const length = (start: number, end: number) => Math.min(bin, end - start);
  for (let row = 0, pixel = 0; row < patternRows; row++) {
    const placeRow = Math.floor(row / bin), height = length(placeRow * bin, patternRows);
    for (let column = 0; column < patternColumns; column++, pixel++) {
      const placeColumn = Math.floor(column / bin);
      take(
        pixel,
        placeRow * columns + placeColumn,
        1 / (height * length(placeColumn * bin, patternColumns)),
      );
    }
  }
}

/** Rounds numbers to 8 significant bits, half to even: none is wrong by more than 0.4 %. In place. */
export function roundAverages(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    const even = bits[i] >>> 16 & 1, rounded = bits[i] + 0x7fff + even;
    // The largest numbers and those that are none stay as they are.
    if ((rounded >>> 23 & 0xff) !== 0xff) bits[i] = rounded & 0xffff0000;
  }
  return values;
}

/** How a file is read: the parameters of every command that reads a scan. */

import type { OpenScanOptions } from "../formats/open.ts";
import { byteOrders } from "../formats/raw_layout.ts";
import { detectorFlips } from "../scan/detector_orientation.ts";
import { formatRegion } from "../scan/region.ts";
import { scanOrders } from "../scan/scan_path.ts";
import { choiceKind, switchKind } from "./choice.ts";
import { parseFrames } from "./frames.ts";
import { numberKind } from "./number.ts";
import { detectorPixelKind, stepSizeKind } from "./pixel_size.ts";
import { bytesKind, lengthsKind, numberTypeKind } from "./raw_layout.ts";
import { parseRegion } from "./region.ts";
import { parseScanShape } from "./scan_shape.ts";
import type { Given, Kind, ParameterSchema } from "./schema.ts";

/** What words say about reading. */
export type ReadingFlags = Given<OpenScanOptions>;

const unchecked = () => {};

/** A number of patterns. */
const countKind = numberKind("N", { expected: "a whole number of at least 0", minimum: 0, whole: true });

/** The name of something, whatever it is. */
const nameKind: Kind<string> = {
  placeholder: "PATH",
  parse: (text) => text,
  write: (name) => name,
  check: unchecked,
};

/**
 * Parameters of reading; the opener checks them against the file. Those of the geometry stand in the order in which they
 * apply, from the file as it was recorded to what is read of it.
 */
export const readingSchema: ParameterSchema<OpenScanOptions> = {
  dataset: {
    flag: "--dataset",
    kind: nameKind,
    help: "data set inside an HDF5 file, such as `/entry/data/data`, or the name of an array in an `.npz`",
    defaultText: "the only 4D one",
  },
  followLinks: {
    flag: "--follow-links",
    kind: switchKind,
    help: "lets links of an HDF5 file lead out of its folder: for files that you trust",
    negatedHelp: "links of an HDF5 file stay in its folder",
    default: false,
  },
  frame: {
    flag: "--frames",
    kind: {
      placeholder: "A:B",
      parse: parseFrames,
      write: (frame) => `${frame}:${frame + 1}`,
      check: unchecked,
    },
    help: "frame of a 5D file: `3:4` or `3` is frame 3",
    more: "One at a time",
    defaultText: "none",
  },
  skipFrames: {
    flag: "--skip-frames",
    kind: countKind,
    help: "patterns at the beginning of the file, or of each scan of a series, that belong to no probe",
    more: "Needs `--scan-shape` for the rest",
    default: 0,
  },
  scanShape: {
    flag: "--scan-shape",
    kind: {
      placeholder: "RxC",
      parse: parseScanShape,
      write: ({ rows, columns }) => `${rows}x${columns}`,
      check: unchecked,
    },
    help: "rows and columns of the scan, for files that hold a stack of frames",
    more: "Rows times columns must equal the number of frames, flyback included, without those skipped",
    defaultText: "as the file says",
  },
  partial: {
    flag: "--partial",
    kind: switchKind,
    help: "takes the whole rows that are there of a recording that goes on or stopped early",
    negatedHelp: "a recording must be whole, or is filled with zeros up to the shape that its file announces",
    default: false,
  },
  flyback: {
    flag: "--flyback",
    kind: countKind,
    help: "patterns at the end of each line that were recorded while the beam flew back; they are left out",
    more: "They count as columns of `--scan-shape`",
    default: 0,
  },
  scanOrder: {
    flag: "--scan-order",
    kind: choiceKind("ORDER", scanOrders),
    help: "`snake` turns every other line round, beginning with the second",
    default: "raster",
  },
  swapScanAxes: {
    flag: "--swap-scan-axes",
    kind: switchKind,
    help: "lines of the file become columns of the scan; their pixel sizes go with them",
    negatedHelp: "lines of the file are rows of the scan",
    default: false,
  },
  detectorFlip: {
    flag: "--detector-flip",
    kind: choiceKind("AXES", detectorFlips),
    help: "reverses the rows of each pattern, its columns, or both",
    more: "`rows` makes the last row the first",
    defaultText: "as the file says",
  },
  detectorTranspose: {
    flag: "--detector-transpose",
    kind: switchKind,
    help: "rows of each pattern, flipped or not, become columns",
    negatedHelp: "rows of each pattern stay rows",
    default: false,
  },
  region: {
    flag: "--roi",
    kind: { placeholder: "Y0:Y1,X0:X1", parse: parseRegion, write: formatRegion, check: unchecked },
    help: "rows Y0 to Y1 - 1 and columns X0 to X1 - 1 of the scan; the rest is not read",
    defaultText: "all",
  },
  qBin: {
    flag: "--q-bin",
    kind: numberKind("N", { expected: "a whole number of at least 1", minimum: 1, whole: true }),
    help: "sums N x N detector pixels into one; N must divide both sides of the detector",
    defaultText: "1",
  },
  pixelSize: {
    flag: "--pixel-size",
    kind: stepSizeKind,
    help: 'distance of probe positions: `"0.5 nm"`, `"5 A"`',
    defaultText: "as the file says",
  },
  qPixelSize: {
    flag: "--q-pixel-size",
    kind: detectorPixelKind,
    help: 'size of a detector pixel before binning: `"0.02 A^-1"`, `"0.2 1/nm"`, `"0.5 mrad"`',
    defaultText: "as the file says",
  },
  scanRotation: {
    flag: "--scan-rotation",
    kind: numberKind("DEG", { expected: "degrees from -360 to 360", minimum: -360, maximum: 360 }),
    help:
      "angle from the rows of the detector to those of the scan, counter-clockwise; kept with the calibration",
    more: "Patterns are not turned",
    defaultText: "as the file says",
  },
  dtype: {
    flag: "--dtype",
    kind: numberTypeKind,
    help:
      "type of raw numbers in a file of no known format: `uint8` to `uint64`, `int8` to `int64`, `float16` to `float64`, `bool`",
    more: "With `--shape`. In MRC files `int8` or `uint8` says whether bytes have a sign",
    defaultText: "none",
  },
  shape: {
    flag: "--shape",
    kind: lengthsKind,
    help:
      "rows and columns of the detector in a file of raw numbers, `256x256`, or of scan and detector, `64x64x256x256`",
    more: "Three lengths are frames, rows and columns; five begin with the scans of a series",
    defaultText: "none",
  },
  offset: {
    flag: "--offset",
    kind: bytesKind,
    help: "bytes before the first frame of raw numbers",
    default: 0,
  },
  frameHeader: {
    flag: "--frame-header",
    kind: bytesKind,
    help: "bytes before the raw numbers of each frame",
    default: 0,
  },
  frameFooter: {
    flag: "--frame-footer",
    kind: bytesKind,
    help: "bytes after the raw numbers of each frame",
    default: 0,
  },
  byteOrder: {
    flag: "--byte-order",
    kind: choiceKind("ORDER", byteOrders),
    help: "which byte of each raw number comes first: `little` its lowest, `big` its highest",
    default: "little",
  },
};

/** What words ask `openScan` for: those of them that are about reading. */
export function openOptions(given: ReadingFlags): OpenScanOptions {
  const names = Object.keys(readingSchema) as (keyof OpenScanOptions)[];
  return Object.fromEntries(names.map((name) => [name, given[name]]));
}

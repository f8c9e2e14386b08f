/** MRC: stacks of images, among them those of Velox and the movies of Direct Electron. */

import { UnsupportedFormat } from "../../scan/errors.ts";
import { numberBytes } from "../../scan/stored_number.ts";
import type { FileContext } from "../file_context.ts";
import type { Format } from "../format.ts";
import { presentFrames } from "../frames/present_frames.ts";
import { recordFormat } from "../frames/record_format.ts";
import type { FrameRecords } from "../frames/records.ts";
import { readMovieInfo } from "./direct_electron.ts";
import { headerBytes, isMrc, type MrcHeader, readHeader } from "./header.ts";
import { arrangeMovie } from "./movie.ts";
import { readVeloxRecord } from "./velox.ts";

/** Stacks of frames. How they form a scan the info file of a movie says, else the user must. */
export const mrcFormat: Format = recordFormat({
  name: "MRC .mrc",
  label: "MRC",
  endings: ["mrc", "mrcs"],
  recognises: isMrc,
  settledBy: ["dtype"],
  records(file, options): FrameRecords {
    const header = readHeader(file, options.dtype);
    if (header.frames === 1 && !options.scanShape) throw oneImage(file.path, header);
    const { rows, columns, numbers, bigEndian, extendedBytes } = header;
    const start = headerBytes + extendedBytes, recordBytes = rows * columns * numberBytes(numbers);
    const present = presentFrames(file, start, recordBytes, header.frames);
    const stack = { ...present, rows, columns, numbers, bigEndian }, [{ count = 0 }] = present.files;
    // A file without a frame is refused by its records; nothing is arranged for frames that are not there.
    if (start + count * recordBytes > file.size) return stack;
    const info = readMovieInfo(file);
    if (!info) return { ...stack, ...describeStack(file, header) };
    const { name, calibration, notes } = info;
    const arranged = arrangeMovie(file, info, header, count, options);
    return {
      ...stack,
      ...arranged,
      scanSource: name,
      calibration,
      notes,
    };
  },
});

/** What the headers say of a stack that is no movie of Direct Electron. */
function describeStack(
  { head }: FileContext,
  { extendedKind, extendedBytes, framePixel, signUnknown }: MrcHeader,
): Required<Pick<FrameRecords, "calibration" | "notes" | "warnings">> {
  const velox = readVeloxRecord(extendedKind, head.subarray(headerBytes, headerBytes + extendedBytes));
  const metres = velox?.framePixel;
  const pixel = metres
    ? { row: metres.row * 1e9, column: metres.column * 1e9 }
    : framePixel && { row: framePixel.row / 10, column: framePixel.column / 10 };
  // An Angstrom is what programs write that know no size.
  const known = pixel && !(pixel.row === 0.1 && pixel.column === 0.1) ? pixel : undefined;
  return {
    calibration: velox?.calibration ?? {},
    notes: {
      ...velox?.notes,
      ...(known && { framePixelRowNm: known.row, framePixelColumnNm: known.column }),
    },
    warnings: [
      ...(signUnknown
        ? [
          "the file does not say whether its bytes have a sign; they were read as 0 to 255, which most cameras write; " +
          "with --dtype int8 they are -128 to 127",
        ]
        : []),
      ...(known
        ? [
          `the file gives the pixels of its frames a length (${known.row} x ${known.column} nm), which is neither a step ` +
          "of the scan nor a size in reciprocal space; it was not used",
        ]
        : []),
    ],
  };
}

function oneImage(path: string, { rows, columns }: MrcHeader): UnsupportedFormat {
  return new UnsupportedFormat(`${path} holds one image and no scan`, {
    file: path,
    expected: "a stack of diffraction patterns",
    found: `1 frame of ${rows} x ${columns}`,
    remedy: "open the stack of patterns, for example the file that ends in _movie.mrc",
  });
}

/** The first line of a stream of frames: what they are, in JSON. docs/using/live.md documents it for other programs. */

import {
  array,
  literal,
  maxLength,
  minLength,
  number,
  optional,
  picklist,
  pipe,
  strictObject,
  string,
} from "valibot";
import { detectorPixelKind, stepSizeKind } from "../parameters/pixel_size.ts";
import type { OpenScanOptions } from "../formats/open.ts";
import { BadParameter, CorruptFile } from "../scan/errors.ts";
import { parseJson } from "../scan/parse_json.ts";
import { type Misfit, parseSchema, wholeNumber } from "../scan/schema.ts";
import { numberBytes, numberName, type StoredNumber, storedNumbers } from "../scan/stored_number.ts";

/** What a stream says of itself. */
export interface StreamHeader {
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly patternRows: number;
  readonly patternColumns: number;
  readonly numbers: StoredNumber;
  readonly bigEndian: boolean;
  /** Number of the frame with which it begins; absent where it goes on after those that are here. */
  readonly first?: number;
  /** How its scan is read: sizes and rotation that it gives. */
  readonly reading: Pick<OpenScanOptions, "pixelSize" | "qPixelSize" | "scanRotation">;
}

/** Longest first line, in bytes. */
export const longestHeader = 2 ** 16;
/** Larger frames are none of a detector, and too large for the kernels. */
const largestFrame = 2 ** 30;

const names: ReadonlyMap<string, StoredNumber> = new Map(
  storedNumbers.map((numbers) => [numberName(numbers), numbers]),
);

const headerSchema = strictObject({
  crystallite: literal(1, "1, the version of the protocol"),
  shape: pipe(
    array(wholeNumber(1)),
    minLength(4, "four lengths: rows and columns of the scan and of the detector"),
    maxLength(4, "four lengths: rows and columns of the scan and of the detector"),
  ),
  dtype: picklist([...names.keys()], `one of ${[...names.keys()].join(", ")}`),
  byteOrder: optional(picklist(["little", "big"], "little or big")),
  first: optional(wholeNumber(0)),
  pixelSize: optional(string()),
  qPixelSize: optional(string()),
  scanRotation: optional(number("degrees")),
});

/**
 * Understands the first line of a stream.
 *
 * @param source name of the stream, for messages
 * @throws {CorruptFile} when it is no such line
 * @throws {BadParameter} when a size in it is not understood
 */
export function parseStreamHeader(line: string, source: string): StreamHeader {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch {
    throw noHeader(source, {
      place: "",
      expected: "one line of JSON",
      found: JSON.stringify(line.slice(0, 60)),
    });
  }
  const header = parseSchema(headerSchema, value, (misfit) => noHeader(source, misfit));
  const [rows, columns, patternRows, patternColumns] = header.shape, numbers = names.get(header.dtype)!;
  const frame = patternRows * patternColumns * numberBytes(numbers);
  if (frame > largestFrame || !Number.isSafeInteger(frame * rows * columns)) {
    const found = header.shape.join(" x ");
    throw noHeader(source, {
      place: "shape",
      expected: "frames of at most 1 GiB, in a scan that fits a file",
      found,
    });
  }
  const { pixelSize, qPixelSize, scanRotation } = header;
  return {
    shape: { rows, columns },
    ...{ patternRows, patternColumns, numbers },
    bigEndian: header.byteOrder === "big",
    ...header.first !== undefined && { first: header.first },
    reading: {
      ...pixelSize !== undefined && { pixelSize: stepSizeKind.parse(pixelSize, "pixelSize") },
      ...qPixelSize !== undefined && { qPixelSize: detectorPixelKind.parse(qPixelSize, "qPixelSize") },
      ...scanRotation !== undefined && { scanRotation },
    },
  };
}

/** Bytes of a frame of a stream. */
export function frameBytesOf({ patternRows, patternColumns, numbers }: StreamHeader): number {
  return patternRows * patternColumns * numberBytes(numbers);
}

function noHeader(source: string, { place, expected, found }: Misfit): CorruptFile {
  return new CorruptFile(
    `${source} does not begin as a stream of frames does${place === "" ? "" : `: ${place}`}`,
    {
      file: source,
      expected,
      found,
      remedy: "send a first line as docs/using/live.md describes it, then the frames",
    },
  );
}

/**
 * The frame with which a stream begins.
 *
 * @param present whole frames that are here
 * @throws {BadParameter} when there are none before it, or frames would be written a second time without a word
 */
export function firstFrame(
  { first, shape }: StreamHeader,
  present: number,
  answered: boolean,
  path: string,
): number {
  if (first === undefined && answered) return present;
  const begins = first ?? 0;
  if (begins <= present && (first !== undefined || present === 0)) return begins;
  throw new BadParameter(`${path} holds ${present} frames of this stream`, {
    file: path,
    expected: `"first" of 0 to ${present} in the first line`,
    found: first === undefined ? "none" : String(first),
    remedy: `send "first": ${
      Math.min(present, shape.rows * shape.columns)
    } and the frames from there, or name another folder`,
  });
}

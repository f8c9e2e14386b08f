/** How the pixels of Merlin frames lie in the file, by kind, depth and chips. */

import { UnsupportedFormat } from "../../scan/errors.ts";
import { numbersOfWords, packedBytes, type PackedWords } from "../../scan/frames.ts";
import { numberBytes } from "../../scan/stored_number.ts";
import type { FrameRecords } from "../frames/records.ts";
import type { FrameHeader } from "./frame_header.ts";

/** What the header of a frame settles of its record. */
export type Pixels = Pick<FrameRecords, "rows" | "columns" | "numbers" | "bigEndian" | "packed">;

/** Rows and columns of a chip. */
const chipSide = 256;

/**
 * The pixels of a frame. Processed ones are big-endian numbers, in the order of the detector. RAW ones are packed, and of
 * four chips beside one another a square is made. The header counts the columns of 24 bits twice, because they are two
 * frames of 12.
 *
 * @param depth bits of a counter, where they are known
 * @throws {UnsupportedFormat} for RAW frames of other chips, or of an unknown depth
 */
export function pixelsOf(
  { kind, rows, columns, chips, layout }: FrameHeader,
  depth: number | undefined,
  file: string,
): Pixels {
  if (kind !== "R64") {
    const numbers = ({ U08: "u8", U16: "u16", U32: "u32" } as const)[kind];
    return { rows, columns, numbers, bigEndian: true };
  }
  const expected = "RAW frames of one chip or of four whole ones in a square, of 1, 6, 12 or 24 bits";
  const doubled = depth === 24 && columns === 2 * chips * chipSide, width = doubled ? columns / 2 : columns;
  const single = chips === 1 && width % 64 === 0;
  const quad = chips === 4 && /^2x2/i.test(layout) && rows === chipSide && width === 4 * chipSide;
  if (!isDepth(depth) || !(single || quad)) {
    throw new UnsupportedFormat(`${file} has RAW frames that we cannot put together`, {
      file,
      expected,
      found: `${rows} x ${columns} pixels of ${chips} chips, ${depth ?? "unknown"} bits`,
      remedy:
        "record or export them without RAW mode; if the depth is unknown, put the .hdr file beside them",
    });
  }
  const packed: PackedWords = { depth, chips: single ? 1 : 4 };
  const shape = single ? { rows, columns: width } : { rows: 2 * rows, columns: width / 2 };
  return { ...shape, numbers: numbersOfWords(packed), packed };
}

/** Bytes of the pixels of a frame in the file. */
export function frameBytes({ rows, columns, numbers, packed }: Pixels): number {
  const pixels = rows * columns;
  return packed ? packedBytes(packed, pixels) : pixels * numberBytes(numbers);
}

function isDepth(depth: number | undefined): depth is PackedWords["depth"] {
  return depth === 1 || depth === 6 || depth === 12 || depth === 24;
}

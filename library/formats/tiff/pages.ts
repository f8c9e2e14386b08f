/** Pages of a TIFF file as frames of a detector: where the numbers of each lie, and of which type they are. */

import { endsEarly } from "../../scan/byte_source.ts";
import { OutOfResources, UnsupportedFormat } from "../../scan/errors.ts";
import {
  complexRemedy,
  numberBytes,
  numberNames,
  numberOfKind,
  type StoredNumber,
} from "../../scan/stored_number.ts";
import type { TiffDirectory, TiffFile } from "./directories.ts";

/** What all pages have in common. */
export interface TiffPage {
  readonly rows: number;
  readonly columns: number;
  readonly numbers: StoredNumber;
  /** Byte at which its numbers begin. */
  readonly offset: number;
}

/** Names of compressions that people may know. */
const compressions: Readonly<Record<number, string>> = {
  2: "CCITT",
  5: "LZW",
  6: "JPEG",
  7: "JPEG",
  8: "deflate",
  32773: "PackBits",
  32946: "deflate",
  34887: "LERC",
  34925: "LZMA",
  50000: "Zstandard",
};

const largestPage = 2 ** 30;
const uncompressed = 'save it uncompressed, for example with tifffile.imwrite("scan.tif", data)';

/** Fields of a page. */
const tags = {
  columns: 256,
  rows: 257,
  bits: 258,
  compression: 259,
  fillOrder: 266,
  stripOffsets: 273,
  samples: 277,
  stripBytes: 279,
  predictor: 317,
  tileColumns: 322,
  sampleFormat: 339,
};

/**
 * Looks at a page.
 *
 * @throws {CorruptFile} when it contradicts itself or lies outside the file
 * @throws {UnsupportedFormat} when it is compressed, tiled, in colours, in pieces or of another number type
 * @throws {OutOfResources} when it is too large
 */
export function readPage(file: TiffFile, page: TiffDirectory): TiffPage {
  const first = (tag: number, otherwise: number) => file.numbers(page, tag)?.[0] ?? otherwise;
  const columns = first(tags.columns, 0), rows = first(tags.rows, 0);
  if (columns < 1 || rows < 1) throw file.damaged("pages of at least one row and one column", 0);
  const compression = first(tags.compression, 1);
  if (compression !== 1) {
    const name = compressions[compression] ?? `method ${compression}`;
    throw unsupported(
      file,
      "is compressed, so its patterns cannot be read where they lie",
      name,
      uncompressed,
    );
  }
  if (page.has(tags.tileColumns)) throw unsupported(file, "lies in tiles", "tiles", uncompressed);
  const samples = first(tags.samples, 1);
  if (samples !== 1 || first(tags.fillOrder, 1) !== 1 || first(tags.predictor, 1) !== 1) {
    throw unsupported(
      file,
      "is a picture in colours or packed bits",
      `${samples} numbers a pixel`,
      uncompressed,
    );
  }
  const numbers = numbersOf(file, first(tags.bits, 1), first(tags.sampleFormat, 1));
  const bytes = rows * columns * numberBytes(numbers);
  if (bytes > largestPage) {
    throw new OutOfResources(`${file.path} has pages of ${bytes} bytes, too large to read`, {
      file: file.path,
      expected: `pages of at most ${largestPage} bytes`,
      found: `${rows} x ${columns} numbers`,
      remedy: "look whether the file is a scan, and copy it again",
    });
  }
  const offset = startOf(file, page, bytes);
  if (offset + bytes > file.size) throw endsEarly(file.path, offset, bytes, file.size - offset);
  return { rows, columns, numbers, offset };
}

/** Where the numbers of a page begin: its strips must follow each other. */
function startOf(file: TiffFile, page: TiffDirectory, bytes: number): number {
  const offsets = file.numbers(page, tags.stripOffsets) ?? [], sizes = file.numbers(page, tags.stripBytes);
  if (offsets.length === 0 || (sizes && sizes.length !== offsets.length)) {
    throw file.damaged("places and sizes of the strips of a page", 0);
  }
  // Old writers leave out the size of an only strip.
  if (!sizes && offsets.length === 1) return offsets[0];
  const strips = sizes ?? [];
  const apart = offsets.findIndex((offset, i) => i > 0 && offset !== offsets[i - 1] + strips[i - 1]);
  if (apart > 0) {
    throw unsupported(file, "has pages whose strips lie apart", `a gap before strip ${apart}`, uncompressed);
  }
  const stored = strips.reduce((sum, size) => sum + size, 0);
  if (stored < bytes) throw file.damaged(`${bytes} bytes in the strips of a page, not ${stored}`, offsets[0]);
  return offsets[0];
}

/** Kinds of numbers by their sample format; 5 and 6 are complex. */
const kinds: Readonly<Record<number, string>> = { 1: "u", 2: "i", 3: "f", 4: "u" };

function numbersOf(file: TiffFile, bits: number, format: number): StoredNumber {
  const kind = kinds[format], numbers = kind && numberOfKind(kind, bits / 8);
  if (numbers) return numbers;
  const complex = format === 5 || format === 6;
  throw unsupported(
    file,
    `holds ${complex ? "complex numbers" : "numbers that we do not read"}`,
    `${bits} bits, sample format ${format}`,
    complex ? complexRemedy : `save it as one of ${numberNames}`,
  );
}

function unsupported(file: TiffFile, what: string, found: string, remedy: string): UnsupportedFormat {
  return new UnsupportedFormat(`${file.path} ${what}`, {
    file: file.path,
    expected: "uncompressed pages of one number a pixel, each in one piece",
    found,
    remedy,
  });
}

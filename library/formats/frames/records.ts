/** Raw files of records of one size, each with a frame of the detector: what a format says about them. */

import type { Calibration } from "../../scan/calibration.ts";
import { endsEarly, fileSize } from "../../scan/byte_source.ts";
import { CorruptFile, OutOfResources } from "../../scan/errors.ts";
import { type FrameLayout, numbersOfWords, packedBytes, type PackedWords } from "../../scan/frames.ts";
import { numberBytes, type StoredNumber } from "../../scan/stored_number.ts";
import type { ScanSource } from "../../scan/scan.ts";
import type { FramePatterns } from "../../scan/stored.ts";
import { orderRecords } from "./record_order.ts";

/** A file of records. */
export interface RecordFile {
  readonly path: string;
  /** Bytes before the first record; default 0. */
  readonly start?: number;
  /** Number of records, where the format says it; default: as many as there are. */
  readonly count?: number;
  /** Bytes of the file, where it was looked at. */
  readonly size?: number;
}

/** The first and the end of a run of rows or columns. */
export type Extent = readonly [first: number, end: number];

/** Records of one size, and what their format knows beside them. */
export interface FrameRecords {
  /** The files, in the order of acquisition; the first one stands for all. */
  readonly files: readonly RecordFile[];
  /** What was opened, where that is not the first file: a folder of files. */
  readonly path?: string;
  /** Bytes of a record before its numbers, and after them; default 0. */
  readonly header?: number;
  readonly footer?: number;
  /** Rows and columns of numbers in a record, as they lie there, the columns of a row next to each other. */
  readonly rows: number;
  readonly columns: number;
  readonly numbers: StoredNumber;
  readonly bigEndian?: boolean;
  /** How numbers are packed: rows, columns and numbers are then those that come out, and all of them are kept. */
  readonly packed?: PackedWords;
  /** Rows and columns of a record that belong to the pattern; default: all. */
  readonly keptRows?: Extent;
  readonly keptColumns?: Extent;
  /** Order of rows and columns in the pattern; see {@link FrameLayout}. */
  readonly flipRows?: boolean;
  readonly flipColumns?: boolean;
  readonly transposed?: boolean;
  /**
   * For each pattern, in raster order, the number of its record over all files, or -1 where none was recorded, which makes
   * a pattern of zeros; default: records are in raster order.
   */
  readonly order?: Int32Array;
  /**
   * Number of records that the file announces, where those at the end may be missing because a recording stopped early:
   * see missing_records.ts.
   */
  readonly planned?: number;
  /** Scan rows and columns where the format says them, and frames of a series. */
  readonly scan?: { readonly frames?: number; readonly rows: number; readonly columns: number };
  /** What says so, for messages. */
  readonly scanSource?: string;
  /** What is known of a scan whose shape is not, for messages: a part of a sentence. */
  readonly scanHint?: string;
  readonly calibration?: Calibration;
  /** 1 = bad, (qy, qx) row-major, in the order of the pattern. */
  readonly badPixels?: Uint8Array;
  readonly warnings?: readonly string[];
  readonly notes?: ScanSource["notes"];
}

/** Larger records are no frames of a detector, and too large for the kernels. */
const largestRecord = 2 ** 30;

/** Where the patterns of the records lie, and plain sentences about what is left over. */
export interface LocatedRecords {
  readonly parts: readonly FramePatterns[];
  /** Number of records in the files; there are as many patterns, unless the format gives an order. */
  readonly found: number;
  /** Bytes of all files together. */
  readonly bytes: number;
  readonly warnings: readonly string[];
}

/**
 * Looks whether the files hold their records.
 *
 * @throws {CorruptFile} when sizes are impossible or a file is too short
 * @throws {OutOfResources} when a record is too large
 */
export function locateRecords(records: FrameRecords): LocatedRecords {
  const { files, header = 0, footer = 0, rows, columns, numbers, packed } = records;
  if (packed && (records.keptRows || records.keptColumns || numbers !== numbersOfWords(packed))) {
    throw new TypeError("packed numbers are kept whole, and come out in a type of their own");
  }
  const [firstRow, endRow] = records.keptRows ?? [0, rows];
  const [firstColumn, endColumn] = records.keptColumns ?? [0, columns];
  const [{ path }] = files, rowBytes = columns * numberBytes(numbers);
  const frameBytes = packed ? packedBytes(packed, rows * columns) : rows * rowBytes;
  const recordBytes = header + frameBytes + footer;
  const sound = [header, footer, rows, columns, firstRow, endRow, firstColumn, endColumn, recordBytes].every(
    (size) => Number.isSafeInteger(size) && size >= 0,
  );
  if (!sound || !(firstRow < endRow && endRow <= rows && firstColumn < endColumn && endColumn <= columns)) {
    throw new CorruptFile(`${path} claims frames of impossible sizes`, {
      file: path,
      expected: "frames of at least one row and one column",
      found: `${rows} x ${columns} numbers behind ${header} bytes`,
      remedy: "copy or export the file again",
    });
  }
  if (recordBytes > largestRecord) {
    throw new OutOfResources(`${path} claims frames of ${recordBytes} bytes, too large to read`, {
      file: path,
      expected: `frames of at most ${largestRecord} bytes`,
      found: `${rows} x ${columns} numbers behind ${header} bytes`,
      remedy: "look whether the file is of this format, and copy it again",
    });
  }
  const frame: FrameLayout = {
    rows: endRow - firstRow,
    columns: endColumn - firstColumn,
    rowBytes,
    numbers,
    bigEndian: records.bigEndian ?? false,
    flipRows: records.flipRows ?? false,
    flipColumns: records.flipColumns ?? false,
    transposed: records.transposed ?? false,
    ...(packed && { packed }),
  };
  const skipped = header + firstRow * rowBytes + firstColumn * numberBytes(numbers);
  const parts: FramePatterns[] = [], warnings: string[] = [];
  let bytes = 0;
  for (const { path, start = 0, count, size = fileSize(path) } of files) {
    const available = Math.floor((size - start) / recordBytes);
    const patterns = count ?? available;
    if (!(start >= 0 && Number.isSafeInteger(patterns) && patterns >= 1 && available >= patterns)) {
      throw endsEarly(path, start, Math.max(1, patterns) * recordBytes, size - start);
    }
    const left = size - start - patterns * recordBytes;
    const last = left < recordBytes ? "last whole frame" : "last frame that belongs to the scan";
    if (left > 0) warnings.push(`${left} bytes after the ${last} of ${path} were ignored`);
    parts.push({ kind: "frames", path, offset: start + skipped, recordBytes, frame, patterns });
    bytes += size;
  }
  const found = parts.reduce((sum, { patterns }) => sum + patterns, 0);
  return { parts: records.order ? orderRecords(parts, records.order) : parts, found, bytes, warnings };
}

/** From patterns in a row to scans: what a file format implements, and the scan or series made of it. */

import type { Calibration } from "./calibration.ts";
import { bytesPerElement, type PixelArray } from "./dtype.ts";
import { BadParameter } from "./errors.ts";
import { checkPatterns, checkRows, type Scan, type ScanSource, type Series } from "./scan.ts";
import type { Preparation } from "./preparation.ts";
import { pixelCount, probeCount, type ScanShape } from "./shape.ts";
import { sliceStored, type StoredPatterns } from "./stored.ts";
import { dtypeOfNumbers, keepsForm, type StoredNumber } from "./stored_number.ts";

/** Patterns in the order of acquisition: position `(frame * rows + row) * columns + column`. */
export interface PatternReader {
  /**
   * Fills `into` with `count` patterns from position `first`, in native byte order. The caller has checked that
   * they exist and that `into` holds exactly them. Readers that cannot wait for what they need in place return a promise;
   * their calls may overlap.
   */
  readPatterns(first: number, count: number, into: PixelArray): void | Promise<void>;

  /** What reading waits for, where there is something. */
  readonly preparation?: Preparation;

  /** Bytes that it takes beside what it fills, where they are many. */
  readonly readingBytes?: number;

  /** Releases files and memory; called once. */
  close(): void;
}

/** What is known about the patterns of a {@link PatternReader}. */
export interface PatternDescription {
  /** Number of frames of a series; absent for a single scan. */
  readonly frames?: number;
  readonly shape: ScanShape;
  /** Number type in the files. Where a scan has another one (`dtypeOfNumbers`), the reader converts. */
  readonly numbers: StoredNumber;
  readonly calibration: Calibration;
  readonly source: ScanSource;
  /** 1 = bad, (qy, qx) row-major. */
  readonly badPixels?: Uint8Array;
  /** Value from which on pixels do not count any more. */
  readonly saturation?: number;
  readonly warnings?: readonly string[];
  /** See {@link Scan.announcedRows}. */
  readonly announcedRows?: number;
  /** Where all the patterns lie in files, those of every frame, where that is known. */
  readonly stored?: StoredPatterns;
}

/** The scan, or with `frames` the series, whose patterns `reader` reads; it closes the reader. */
export function arrangePatterns(description: PatternDescription, reader: PatternReader): Scan | Series {
  const shared = new SharedReader(reader, description.source.path);
  if (description.frames === undefined) return scanOf(description, shared, 0, () => shared.close());
  return seriesOf(description, description.frames, shared);
}

class SharedReader {
  readonly #reader: PatternReader;
  readonly #path: string;
  #closed = false;

  constructor(reader: PatternReader, path: string) {
    this.#reader = reader;
    this.#path = path;
  }

  read(first: number, count: number, into: PixelArray): void | Promise<void> {
    if (this.#closed) throw new TypeError(`${this.#path} is already closed`);
    if (count > 0) return this.#reader.readPatterns(first, count, into);
  }

  get preparation(): Preparation | undefined {
    return this.#reader.preparation;
  }

  get readingBytes(): number | undefined {
    return this.#reader.readingBytes;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.close();
  }
}

/** What scan and series have in common. */
function factsOf({ shape, numbers, calibration, source, warnings = [] }: PatternDescription) {
  const said = keepsForm(numbers) ? source : { ...source, numbers };
  return { shape, dtype: dtypeOfNumbers(numbers), calibration, source: said, warnings };
}

function scanOf(
  description: PatternDescription,
  reader: SharedReader,
  origin: number,
  close: () => void,
): Scan {
  const { badPixels, saturation, stored, announcedRows } = description,
    { shape, dtype, ...facts } = factsOf(description);
  const patternBytes = pixelCount(shape) * bytesPerElement(dtype);
  return {
    ...facts,
    shape,
    dtype,
    badPixels,
    saturation,
    ...announcedRows !== undefined && { announcedRows },
    preparation: reader.preparation,
    readingBytes: reader.readingBytes,
    stored: stored && sliceStored(stored, origin, probeCount(shape), patternBytes),
    readRows(first, count, into) {
      checkRows(shape, first, count, into);
      return reader.read(origin + first * shape.columns, count * shape.columns, into);
    },
    readPatterns(first, count, into) {
      checkPatterns(shape, first, count, into);
      return reader.read(origin + first, count, into);
    },
    close,
  };
}

function seriesOf(description: PatternDescription, frames: number, reader: SharedReader): Series {
  const { shape, source } = description;
  return {
    ...factsOf(description),
    frames,
    frame(index) {
      if (!Number.isInteger(index) || index < 0 || index >= frames) {
        throw new BadParameter(`frame ${index} is not in ${source.path}, which has ${frames}`, {
          file: source.path,
          expected: `a frame of 0 to ${frames - 1}`,
          found: String(index),
          parameter: "frame",
          remedy: "name a frame that exists, such as `frame: 0`",
        });
      }
      return scanOf(description, reader, index * probeCount(shape), () => {});
    },
    close: () => reader.close(),
  };
}

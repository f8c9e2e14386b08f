/** Formats of raw records: a declaration says what the records are, and everything else is done here. */

import { endsEarly, orClose } from "../../scan/byte_source.ts";
import { patternShape } from "../../scan/frames.ts";
import { arrangePatterns } from "../../scan/pattern_reader.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import { type FramePatterns, storedFrames, type StoredPatterns } from "../../scan/stored.ts";
import { type Arrangement, requireScanShape } from "../axes.ts";
import type { FileContext } from "../file_context.ts";
import type { Format, OpenOptions } from "../format.ts";
import { refuseDataset } from "../refuse_dataset.ts";
import { presentRows, refuseSeries } from "../partial_rows.ts";
import { isFilled, orderWithMissing, refuseManyMissing, sayMissing } from "./missing_records.ts";
import { orderRecords } from "./record_order.ts";
import { type FrameRecords, type LocatedRecords, locateRecords } from "./records.ts";
import { RecordReader } from "./record_reader.ts";

/** A format of raw records. */
export interface RecordFormat extends Pick<Format, "name" | "endings" | "recognises" | "settledBy"> {
  /** Name of the format in results, such as `EMPAD`. */
  readonly label: string;
  /**
   * What a file says about its records.
   *
   * @throws {CorruptFile} when it contradicts itself
   */
  records(file: FileContext, options: OpenOptions): FrameRecords | Promise<FrameRecords>;
}

/** The format that a declaration describes. */
export function recordFormat(
  { name, label, endings, recognises, settledBy, records }: RecordFormat,
): Format {
  return {
    name,
    endings,
    settledBy,
    recognises,
    async open(file, options) {
      refuseDataset(file.path, options);
      return openRecords(label, await records(file, options), options);
    },
  };
}

/** Each thread has a list of all parts, some 200 bytes for each. */
const mostPartsForThreads = 2 ** 16;

/** Parts as threads read them, unless there are so many that they are better read by one thread, as by {@link RecordReader}. */
export function partsForThreads(parts: readonly FramePatterns[]): StoredPatterns | undefined {
  return parts.length <= mostPartsForThreads ? parts.map(storedFrames) : undefined;
}

async function openRecords(
  format: string,
  records: FrameRecords,
  options: OpenOptions,
): Promise<Scan | Series> {
  const { calibration = {}, badPixels, warnings = [] } = records;
  const located = locateRecords(records);
  const [{ path, frame }] = located.parts;
  const { missing, ...present } = completeRecords(records, located, options);
  const parts = joinFiles(present.parts);
  const arrangement = arrangeRecords(records, parts, located.warnings, options);
  const notes = missing > 0 ? { ...records.notes, missingPatterns: missing } : records.notes;
  const reader = new RecordReader(parts);
  return await orClose(reader, () =>
    arrangePatterns({
      ...arrangement,
      numbers: frame.numbers,
      calibration,
      source: { format, path: records.path ?? path, bytes: located.bytes, notes },
      badPixels,
      warnings: [...warnings, ...present.warnings, ...located.warnings],
      stored: partsForThreads(parts),
    }, reader));
}

/** Parts of one record each that begin at one byte of their files become one part. */
function joinFiles(parts: readonly FramePatterns[]): readonly FramePatterns[] {
  const [first] = parts;
  const alike = parts.length > 1 &&
    parts.every(({ offset, patterns, order, paths }) =>
      patterns === 1 && offset === first.offset && !order && !paths
    );
  return alike ? [{ ...first, patterns: parts.length, paths: parts.map(({ path }) => path) }] : parts;
}

/** What is read of a recording. */
interface CompleteRecords {
  readonly parts: readonly FramePatterns[];
  /** How many patterns are missing. */
  readonly missing: number;
  readonly warnings: readonly string[];
}

/** The records, with zeros for those of a recording that stopped early: see missing_records.ts. */
function completeRecords(
  { files: [{ path }], order, planned = 0, scan }: FrameRecords,
  { parts, found }: LocatedRecords,
  options: OpenOptions,
): CompleteRecords {
  const missing = options.partial ? 0 : Math.max(0, planned - found);
  if (missing === 0) return { parts, missing, warnings: [] };
  if (!options.scanShape) refuseManyMissing(path, found, planned);
  const filled = order !== undefined || isFilled({ found, planned, scan }, options);
  return {
    parts: filled && !order ? orderRecords(parts, orderWithMissing(path, found, planned)) : parts,
    missing,
    warnings: sayMissing(found, planned, missing * parts[0].recordBytes, filled),
  };
}

/**
 * How the records form a scan: as the user says, else as the format does.
 *
 * @throws {CorruptFile} when there are fewer than the format says
 * @throws {ShapeUnknown} when nobody says it
 * @throws {BadParameter} when the user's numbers do not fit
 */
function arrangeRecords(
  { scan, scanSource = "the file", scanHint, planned = 0, files: [{ path, start = 0 }] }: FrameRecords,
  parts: readonly FramePatterns[],
  warnings: readonly string[],
  options: OpenOptions,
): Arrangement {
  const pattern = patternShape(parts[0].frame), frames = scan?.frames;
  const found = parts.reduce((sum, { patterns }) => sum + patterns, 0);
  const place = { file: path };
  const hints = [
    scanHint,
    found < planned ? `${planned} were announced, so the others are missing` : undefined,
    ...warnings,
  ].filter((hint) => hint !== undefined);
  const hint = hints.length > 0 ? hints.join("; ") : undefined;
  const said = options.scanShape ?? scan;
  if (options.partial && frames !== undefined) refuseSeries(path, frames);
  if (options.partial && said && !options.skipFrames) {
    const { announcedRows, ...there } = presentRows(path, found, said);
    return { shape: { ...there, ...pattern }, announcedRows };
  }
  if (!scan) return { shape: { ...requireScanShape(found, options, place, hint), ...pattern } };
  const { rows, columns } = scan, wanted = (frames ?? 1) * rows * columns;
  if (found === wanted) {
    return {
      frames,
      shape: {
        ...requireScanShape(rows * columns, { ...options, scanShape: options.scanShape ?? scan }, place),
        ...pattern,
      },
    };
  }
  if (found < wanted && !options.scanShape) {
    const { recordBytes } = parts[0];
    throw endsEarly(path, start, wanted * recordBytes, found * recordBytes);
  }
  const says = `${scanSource} says ${frames === undefined ? "" : `${frames} x `}${rows} x ${columns}`;
  return { shape: { ...requireScanShape(found, options, place, says), ...pattern } };
}

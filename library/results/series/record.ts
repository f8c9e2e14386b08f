/** `series.json`: what a series was made from, frame by frame, and how it was linked. */

import { join } from "node:path";
import {
  array,
  integer,
  is,
  literal,
  minValue,
  number,
  object,
  optional,
  pipe,
  record,
  string,
} from "valibot";
import { parseJson } from "../../scan/parse_json.ts";
import { fromSystemError } from "../../scan/errors.ts";
import type { ScanShape } from "../../scan/shape.ts";
import { programName, statIfThere } from "../directory.ts";

/** Name of the file that makes a folder a series of ours. */
export const seriesRecordName = "series.json";

/** A frame in the record. */
export interface RecordedFrame {
  readonly frame: number;
  /** File, and number of the frame in it where it holds several. */
  readonly path: string;
  readonly index?: number;
  /** Time, dose, or what the axis says. */
  readonly value?: number;
  /** Result directory below the series'; absent where the frame failed. */
  readonly directory?: string;
  readonly clusters?: number;
  /** Why there is no result. */
  readonly error?: { readonly kind: string; readonly message: string };
}

/** The content of `series.json`. */
export interface SeriesRecord {
  readonly program: "crystallite";
  readonly kind: "series";
  readonly version: string;
  readonly command: readonly string[];
  readonly started: string;
  /** What differs from frame to frame, and its unit. */
  readonly axis: { readonly name: string; readonly unit?: string };
  readonly frames: readonly RecordedFrame[];
  /** Of every frame; the sizes of patterns are absent in older records, which cannot be linked by themselves. */
  readonly shape: Pick<ScanShape, "rows" | "columns"> & Partial<ScanShape>;
  readonly linking: Readonly<Record<string, string | number>>;
  readonly tracks: number;
  /** How many of each kind. */
  readonly events: Readonly<Record<string, number>>;
  /** How many of these are doubtful; absent in older records. */
  readonly doubtful?: Readonly<Record<string, number>>;
  /** Mergers, splits and ends taken back, per region and frame. */
  readonly restlessness: number;
  readonly drift: {
    /** Where the specimen ended, in scan steps. */
    readonly row: number;
    readonly column: number;
    /** Steps that could not be measured. */
    readonly untrusted: number;
  };
  readonly warnings: readonly string[];
}

/**
 * The record of a series; `undefined` where the folder has none of ours.
 *
 * @throws {FileUnavailable} when it cannot be read
 */
export async function readSeriesRecord(directory: string): Promise<SeriesRecord | undefined> {
  const path = join(directory, seriesRecordName);
  if (!(await statIfThere(path))?.isFile) return undefined;
  try {
    const read: unknown = parseJson(await Deno.readTextFile(path));
    return is(schema, read) ? read as unknown as SeriesRecord : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw fromSystemError(cause, path, "read");
  }
}

/** Whether a folder is a series of ours. */
export async function isSeriesDirectory(directory: string): Promise<boolean> {
  return await readSeriesRecord(directory) !== undefined;
}

const length = pipe(number(), integer(), minValue(1));

/** What is relied upon when a series is read back. */
const schema = object({
  program: literal(programName),
  kind: literal("series"),
  frames: array(object({
    ...{ path: string(), index: optional(number()), value: optional(number()) },
    ...{ directory: optional(string()), clusters: optional(number()) },
    error: optional(object({ kind: string(), message: string() })),
  })),
  axis: object({ name: string(), unit: optional(string()) }),
  shape: object({
    ...{ rows: length, columns: length },
    ...{ patternRows: optional(length), patternColumns: optional(length) },
  }),
  tracks: number(),
  events: record(string(), number()),
  doubtful: optional(record(string(), number())),
  restlessness: number(),
  drift: object({ row: number(), column: number(), untrusted: number() }),
});

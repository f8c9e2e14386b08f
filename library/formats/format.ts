/** What a file format must offer. Adding a format is one file with one `Format`, named once in open.ts. */

import type { Scan, Series } from "../scan/scan.ts";
import type { FileContext } from "./file_context.ts";
import type { RawLayout } from "./raw_layout.ts";

/** What the user says about a file; a format uses what applies to it and ignores the rest. */
export interface OpenOptions extends RawLayout {
  /** Scan rows and columns, where the file does not say; flyback at the end of each line counts as columns. */
  readonly scanShape?: { readonly rows: number; readonly columns: number };
  /**
   * Patterns at the beginning that are left out, before those of the scan shape; default 0. Formats need not know of it:
   * they get all their patterns in one row from axes.ts, and open.ts cuts it.
   */
  readonly skipFrames?: number;
  /**
   * Whether a recording that goes on, or stopped early, is read as far as there are whole rows of it; default: it must be
   * whole, or is filled as missing_records.ts says. Formats ask {@link requireScanShape}, which counts the rows.
   */
  readonly partial?: boolean;
  /** Path of the data set inside HDF5. */
  readonly dataset?: string;
  /** Whether links of an HDF5 file may lead out of its folder; where a viewer serves folders, they never lead out of these. */
  readonly followLinks?: boolean;
}

/** One file format. */
export interface Format {
  /** Name for people, such as `numpy .npy`. */
  readonly name: string;
  /** How names of such files end, without the dot: for lists of files. What a file is, its content says. */
  readonly endings: readonly string[];
  /** Parameters of raw numbers that settle something in these files too; all others are refused. */
  readonly settledBy?: readonly (keyof RawLayout)[];
  /**
   * Whether a file or folder is of this format: by its first bytes, or where those say nothing, by its size and what lies
   * beside or in it.
   */
  recognises(file: FileContext): boolean;
  /**
   * Opens it for reading rows. Other files are opened by way of the context only, which knows what is allowed.
   *
   * @throws {CorruptFile} when sizes in the file contradict each other or its length
   * @throws {UnsupportedFormat} when the content is not a 4D or 5D scan we read
   * @throws {ShapeUnknown} when frames need a scan shape from the user
   */
  open(file: FileContext, options: OpenOptions): Promise<Scan | Series>;
}

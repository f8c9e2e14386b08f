/** What a file format must offer. Adding a format is one file with one `Format`, named once in open.ts. */

import type { Scan, Series } from "../scan/scan.ts";

/** What the user says about a file; a format uses what applies to it and ignores the rest. */
export interface OpenOptions {
  /** Scan rows and columns, where the file does not say. */
  readonly scanShape?: { readonly rows: number; readonly columns: number };
  /** Path of the data set inside HDF5. */
  readonly dataset?: string;
}

/** One file format. */
export interface Format {
  /** Name for people, such as `numpy .npy`. */
  readonly name: string;
  /** Whether a file is of this format, by its first bytes (at least 4096, fewer if the file is shorter). */
  recognises(head: Uint8Array, path: string): boolean;
  /**
   * Opens a file for reading rows.
   *
   * @throws {CorruptFile} when sizes in the file contradict each other or its length
   * @throws {UnsupportedFormat} when the content is not a 4D or 5D scan we read
   * @throws {ShapeUnknown} when frames need a scan shape from the user
   */
  open(path: string, options: OpenOptions): Promise<Scan | Series>;
}

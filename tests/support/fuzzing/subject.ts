/** What is fuzzed: sound files of a reader, and how they are opened. */

import type { OpenScanOptions } from "../../../library/formats/open.ts";

/** Files by their names, which may have folders in them. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** Sound files that are damaged, all of them or some at a time. */
export interface Subject {
  readonly name: string;
  readonly files: Files;
  /** Which file is opened; empty for the folder of all of them. */
  readonly opens: string;
  readonly options?: OpenScanOptions;
  /** Further places at which a structure begins or ends, by file, for truncation. */
  readonly boundaries?: Readonly<Record<string, readonly number[]>>;
  /**
   * How patterns lie in the files: `verbatim` where their numbers stand there one after the other, so that every pattern
   * must be found there or be zero; `packed` where they are unpacked or rearranged.
   */
  readonly patterns: "verbatim" | "packed";
  /** Bytes of patterns that a byte of the files can stand for; absent where files may leave patterns out. */
  readonly expansion?: number;
  /** What is read in place of a scan. */
  readonly read?: (path: string) => Promise<unknown>;
}

/** The subjects of a reader. */
export interface FuzzedReader {
  readonly name: string;
  subjects(): Promise<readonly Subject[]>;
}

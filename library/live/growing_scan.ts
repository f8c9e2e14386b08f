/**
 * A scan that is still being recorded. Its file is looked at again and again, because network folders tell nobody that
 * something changed; it is never locked or written, and what is there is read as any other scan.
 */

import { dirname } from "node:path";
import { openScan, type OpenScanOptions } from "../formats/open.ts";
import { deriveScan } from "../scan/derive.ts";
import { CorruptFile, type CrystalliteError, FileUnavailable, UnsupportedFormat } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { recordedParts } from "../scan/stored.ts";
import { writtenRows } from "./written_rows.ts";

/** After how many milliseconds without a change a file that had its whole size from the beginning is taken for whole. */
const restedFor = 3000;
/** The same for one that has grown to its size: its writer may still have to close it. */
const grownRestedFor = 1000;

/** What a look at a growing scan shows. */
export interface PresentScan {
  /** The rows that are there, and perhaps some that are not written yet. It may be read until the next look. */
  readonly scan: Scan;
  /** Rows that were written whole. */
  readonly rows: number;
  /** Rows the scan is to have; those that its file has, where nobody says more. */
  readonly announced: number;
  /** Whether all rows are there, and their writer needs its file no more. */
  readonly complete: boolean;
  /** How often the recording began anew: its file was replaced, or became shorter. */
  readonly beginnings: number;
}

/** Looks at one file. Close it when done. */
export class GrowingScan {
  readonly #path: string;
  readonly #options: OpenScanOptions;
  #present: PresentScan | undefined;
  #seen = "";
  /** Of the files alone, without their folder. */
  #state = "";
  #file = "";
  #bytes = 0;
  #beginnings = 0;
  /** Whether it was seen with less than its whole size. */
  #grown = false;
  #changed = performance.now();
  /** Why nothing can be read yet. */
  #reason: CrystalliteError | undefined;

  constructor(path: string, options: OpenScanOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** Milliseconds since something of its files was seen to change. */
  get quietFor(): number {
    return performance.now() - this.#changed;
  }

  /** Whether its files have not changed for long enough: less long where they were seen to grow to their size. */
  get atRest(): boolean {
    return this.quietFor > (this.#grown ? grownRestedFor : restedFor);
  }

  /** Why there is nothing to be read; `undefined` where there is something. */
  get reason(): CrystalliteError | undefined {
    return this.#reason;
  }

  /**
   * What is there now; `undefined` while nothing can be read.
   *
   * @throws {BadParameter} and {ShapeUnknown} when more bytes will not help
   */
  async look(): Promise<PresentScan | undefined> {
    const { seen, state } = this.#signature();
    if (state !== this.#state) this.#changed = performance.now();
    this.#state = state;
    // Where nothing could be read yet, nobody knows which files belong to it.
    if (seen !== this.#seen || !this.#present) {
      this.#seen = seen;
      await this.#open();
    }
    const present = this.#present;
    if (present && present.rows < present.scan.shape.rows) {
      // Files that have their whole size from the beginning, such as memory maps, change without a word.
      const rows = await writtenRows(present.scan, present.rows, this.#grown || this.atRest);
      if (rows > present.rows) this.#changed = performance.now();
      this.#present = { ...present, rows, complete: await this.#isComplete(present.scan, rows) };
    }
    return this.#present;
  }

  close(): void {
    this.#present?.scan.close();
    this.#present = undefined;
  }

  async #open(): Promise<void> {
    const before = this.#present;
    this.close();
    try {
      const opened = await openScan(this.#path, { ...this.#options, partial: true });
      // That it grows is no fault of it.
      const scan = deriveScan(opened, { requireUnchanged: undefined });
      const known = before?.beginnings === this.#beginnings ? before.rows : 0;
      if (scan.announcedRows !== undefined) this.#grown = true;
      const rows = await writtenRows(scan, Math.min(known, scan.shape.rows), this.#grown);
      this.#present = {
        ...{ scan, rows, beginnings: this.#beginnings },
        announced: scan.announcedRows ?? scan.shape.rows,
        complete: await this.#isComplete(scan, rows),
      };
      this.#reason = undefined;
    } catch (cause) {
      if (!mayPass(cause)) throw cause;
      this.#reason = cause;
    }
  }

  /** Whether the scan can be opened as one that nobody writes. */
  async #isComplete({ announcedRows, shape }: Scan, rows: number): Promise<boolean> {
    if (announcedRows !== undefined || rows < shape.rows) return false;
    try {
      const scan = await openScan(this.#path, this.#options);
      scan.close();
      return scan.shape.rows === rows;
    } catch (cause) {
      if (mayPass(cause)) return false;
      throw cause;
    }
  }

  /** Size, time and place of the file, of its folder, and of the files that hold its patterns. */
  #signature(): { readonly seen: string; readonly state: string } {
    const parts = recordedParts(this.#present?.scan.stored ?? []).map(({ path }) => path);
    const paths = new Set([this.#path, ...parts, dirname(this.#path)]);
    const infos = Array.from(paths, infoOf);
    const [own] = infos, file = `${own?.dev}:${own?.ino}`;
    if (own?.isFile) {
      if (this.#file !== "" && (file !== this.#file || own.size < this.#bytes)) this.#beginnings++;
      this.#file = file;
      this.#bytes = own.size;
    }
    const states = infos.map((info) => `${info?.size} ${info?.mtime?.getTime()} ${info?.ino}`);
    return { seen: states.join(), state: states.slice(0, -1).join() };
  }
}

/** On this thread, as patterns are read: on a busy machine others take long to answer. */
function infoOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch {
    return null;
  }
}

/** Failures that a file may have because it is being written. */
function mayPass(cause: unknown): cause is CrystalliteError {
  return cause instanceof CorruptFile || cause instanceof FileUnavailable ||
    cause instanceof UnsupportedFormat;
}

/** The files that a scan is read from, and whether they are still what they were when it was opened. */

import { FileUnavailable } from "./errors.ts";

/** What tells a file from another one, or from what it was before. */
interface FileState {
  readonly bytes: number;
  /** Milliseconds; `null` where the system does not know. */
  readonly changed: number | null;
  /** Numbers of disk and file; `null` where the system has none. */
  readonly disk: number | null;
  readonly file: number | null;
}

/** Files as they were when they were first looked at. */
export class InputFiles {
  readonly #files = new Map<string, FileState>();

  /**
   * Remembers a file before it is read. What is no file, or not there, is none of the input.
   *
   * @param info what the system said of it when it was opened
   */
  note(path: string, info?: Deno.FileInfo): void {
    if (this.#files.has(path)) return;
    const state = info ? stateIn(info) : stateOf(path);
    if (state) this.#files.set(path, state);
  }

  /**
   * Looks at all of them again. One that is gone is no fault: what is open can be read to its end.
   *
   * @throws {FileUnavailable} when one has another size or time, or another file lies in its place
   */
  requireUnchanged(): void {
    for (const [path, before] of this.#files) {
      const now = stateOf(path);
      if (!now || sameState(before, now)) continue;
      throw new FileUnavailable(`${path} was changed after it was opened`, {
        file: path,
        expected: inWords(before),
        found: sameWords(before, now) ? "another file in its place" : inWords(now),
        remedy: "wait until nothing writes it any more, and run again",
      });
    }
  }
}

function stateOf(path: string): FileState | undefined {
  try {
    return stateIn(Deno.statSync(path));
  } catch {
    return undefined;
  }
}

function stateIn({ isFile, size, mtime, dev, ino }: Deno.FileInfo): FileState | undefined {
  return isFile ? { bytes: size, changed: mtime?.getTime() ?? null, disk: dev, file: ino } : undefined;
}

function sameState(one: FileState, other: FileState): boolean {
  return sameWords(one, other) && one.disk === other.disk && one.file === other.file;
}

function sameWords(one: FileState, other: FileState): boolean {
  return one.bytes === other.bytes && one.changed === other.changed;
}

function inWords({ bytes, changed }: FileState): string {
  return `${bytes} bytes${changed === null ? "" : `, written ${new Date(changed).toISOString()}`}`;
}

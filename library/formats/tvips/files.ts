/** The files of a TVIPS recording: `NAME_000.tvips` with the header, then `NAME_001.tvips` and so on. */

import { fileSize } from "../../scan/byte_source.ts";
import { CorruptFile, FileUnavailable } from "../../scan/errors.ts";
import type { FileContext } from "../file_context.ts";

/** A file of the recording, with whole frames only. */
export interface TvipsFile {
  readonly path: string;
  /** Bytes before the first frame. */
  readonly start: number;
  readonly frames: number;
}

const numbered = /^(.*_)(\d{1,9})(\.tvips)$/i;

/** Whether a name is that of a file that goes on where another one ends. */
export function isContinuation(name: string): boolean {
  return Number(numbered.exec(name)?.[2]) > 0;
}

/**
 * Names of the files of the recording that a file belongs to, in order; the file itself where it has no number.
 *
 * @throws {FileUnavailable} when one of them is missing
 */
export function tvipsFileNames({ name, path, beside }: FileContext): readonly string[] {
  const [, prefix, digits, ending] = numbered.exec(name) ?? [];
  if (digits === undefined) return [name];
  const nameOf = (index: number) => prefix + String(index).padStart(digits.length, "0") + ending;
  const present = new Set(beside.names());
  let count = 0;
  while (present.has(nameOf(count))) count++;
  let last = Number(digits);
  for (const other of present) {
    const parts = numbered.exec(other);
    if (parts && parts[1] === prefix && parts[3] === ending) last = Math.max(last, Number(parts[2]));
  }
  if (last < count) return Array.from({ length: count }, (_, index) => nameOf(index));
  throw new FileUnavailable(`${nameOf(count)} is missing, a part of the recording that ${path} belongs to`, {
    file: path,
    expected: nameOf(count),
    found: "no such file",
    remedy: "put all files of the recording into one folder",
  });
}

/**
 * Looks how many frames the files hold; frames never go on in the next file.
 *
 * @param start bytes before the frames of the first file
 * @throws {CorruptFile} when one that is not the last ends inside a frame
 */
export function locateFrames(
  paths: readonly string[],
  start: number,
  recordBytes: number,
): { readonly files: readonly TvipsFile[]; readonly warnings: readonly string[] } {
  const files: TvipsFile[] = [], warnings: string[] = [];
  paths.forEach((path, index) => {
    const own = index === 0 ? start : 0, bytes = fileSize(path) - own;
    const frames = Math.max(0, Math.floor(bytes / recordBytes)), left = bytes - frames * recordBytes;
    if (left !== 0 && index < paths.length - 1) {
      const missing = recordBytes - left;
      throw new CorruptFile(
        `${path} ends inside a frame, though the recording goes on in another file: ${missing} bytes are missing`,
        {
          file: path,
          expected: `whole frames of ${recordBytes} bytes`,
          found: `${left} bytes left`,
          remedy:
            "copy all files of the recording again, and compare their sizes with those of the originals",
        },
      );
    }
    // Files with frames are judged where all records are.
    if (frames > 0) files.push({ path, start: own, frames });
    else if (left > 0) warnings.push(`${left} bytes of ${path}, less than a frame, were ignored`);
  });
  return { files, warnings };
}

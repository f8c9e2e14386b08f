/** Every format we read, and which of them a file is of: that is found by its content. */

import { CrystalliteError } from "../scan/errors.ts";
import { blockfileFormat } from "./blockfile.ts";
import { dmFormat } from "./dm/format.ts";
import { empadFormat } from "./empad.ts";
import { frameFolderFormat } from "./frame_folder.ts";
import { hdf5Format } from "./hdf5/format.ts";
import { merlinFormat } from "./merlin/format.ts";
import { mrcFormat } from "./mrc/format.ts";
import { npyFormat } from "./npy.ts";
import { npzFormat } from "./npz.ts";
import { przFormat } from "./prz.ts";
import { seqFormat } from "./seq.ts";
import { serFormat } from "./ser.ts";
import { tiffFormat } from "./tiff/format.ts";
import { tvipsFormat } from "./tvips/format.ts";
import { zarrFormat } from "./zarr/format.ts";
import { type FileContext, lookAt } from "./file_context.ts";
import type { Admit } from "./folder.ts";
import type { Format } from "./format.ts";

/** Every format we read. A new one is added here and nowhere else. */
export const formats: readonly Format[] = [
  npyFormat,
  // Zip files, too, of which that of numpy takes all others.
  przFormat,
  zarrFormat,
  npzFormat,
  hdf5Format,
  // Frames of three or four columns, big-endian, begin as files of DigitalMicrograph do.
  mrcFormat,
  dmFormat,
  empadFormat,
  merlinFormat,
  seqFormat,
  blockfileFormat,
  tvipsFormat,
  serFormat,
  tiffFormat,
  frameFolderFormat,
];

/** The format of each ending that names of files have; those of several formats are of the first. */
export function endingsOfFormats(): ReadonlyMap<string, string> {
  const endings = formats.flatMap(({ endings, name }) => endings.map((ending) => [ending, name] as const));
  return new Map(endings.reverse());
}

/** The format of a file or folder; `undefined` where we read none such. */
export function formatOf(file: FileContext): Format | undefined {
  return formats.find((format) => format.recognises(file));
}

/** Whether a folder is a scan of one of the formats whose scans are folders. */
export function isScanFolder(path: string, admit?: Admit): boolean {
  const file = lookAt(path, admit);
  return file.inside !== undefined && formatOf(file) !== undefined;
}

/** Whether a file begins or is named as one of the formats that we read. */
export function isOfKnownFormat(path: string): boolean {
  try {
    return formatOf(lookAt(path)) !== undefined;
  } catch (cause) {
    if (cause instanceof CrystalliteError) return false;
    throw cause;
  }
}

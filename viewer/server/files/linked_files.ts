/** Scans that take their patterns from other files must not lead out of the served folders. */

import { FileUnavailable } from "../../../library/scan/errors.ts";
import { lookAt } from "../../../library/formats/file_context.ts";
import type { Admit } from "../../../library/formats/folder.ts";
import { hdf5Format } from "../../../library/formats/hdf5/format.ts";
import { foreignFiles } from "../../../library/formats/hdf5/foreign_files.ts";
import { ServingError } from "../failures.ts";
import type { Roots } from "./roots.ts";

/** Files that one scan may refer to, and how far one may refer to the next. */
const mostFiles = 10_000, deepest = 16;

/**
 * Looks through everything that an HDF5 file refers to, before anything of that is opened.
 *
 * @param path real path of something served
 * @throws {ServingError} when a file is not served
 */
export async function refuseForeignFiles(roots: Roots, path: string): Promise<void> {
  let level = [path];
  const seen = new Set(level);
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const deeper: string[] = [];
    for (const file of level) {
      if (!hdf5Format.recognises(lookAt(file))) continue;
      const { files, rawDatasets } = await foreignFiles(file);
      if (rawDatasets.length > 0) throw refused(path, `${rawDatasets[0]} lies outside the file, as raw data`);
      for (const other of files) {
        const real = await realIfThere(roots, other, path);
        if (real === null || seen.has(real)) continue;
        seen.add(real);
        deeper.push(real);
        if (seen.size > mostFiles) throw refused(path, `it refers to more than ${mostFiles} files`);
      }
    }
    level = deeper;
  }
}

/** `null` for what is not there: opening will say so. */
async function realIfThere(roots: Roots, other: string, path: string): Promise<string | null> {
  try {
    return await roots.real(other);
  } catch (cause) {
    if (cause instanceof FileUnavailable) return null;
    if (cause instanceof ServingError) throw refused(path, `it refers to ${other}, which is not served`);
    throw cause;
  }
}

/** Lets the files beside or in what lies at `path` be opened that are served, links on the way followed. */
export function admitServed(roots: Roots, path: string): Admit {
  return (other) => {
    if (!roots.contains(Deno.realPathSync(other))) {
      throw refused(path, `it refers to ${other}, which is not served`);
    }
  };
}

function refused(path: string, why: string): ServingError {
  return new ServingError("Refused", `${path} cannot be opened here: ${why}`, {
    file: path,
    expected: "patterns in files that are served",
    remedy: "start crystallite serve with the folder that holds all its files",
  });
}

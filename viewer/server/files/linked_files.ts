/** Scans that take their patterns from other files must not lead out of the served folders. */

import { join } from "node:path";
import type { Admit } from "../../../library/formats/folder.ts";
import { ForeignFile } from "../../../library/formats/hdf5/linked_files.ts";
import { isResultDirectory, liveRecordName, runRecordName } from "../../../library/results/directory.ts";
import { ServingError } from "../failures.ts";
import { isLiveFolder } from "../../../library/live/live_folder.ts";
import type { Roots } from "./roots.ts";

/** Lets the files beside or in what lies at `path` be opened that are served, links on the way followed. */
export function admitServed(roots: Roots, path: string): Admit {
  const admit = (other: string) => {
    if (!roots.leadsInside(other)) {
      throw refused(path, `it refers to ${other}, which is not served`);
    }
  };
  return Object.assign(admit, { served: roots.folders });
}

/**
 * Refuses a result with links in it that lead out, before its files are read by their names.
 *
 * @throws {ServingError} where there are some
 */
export async function refuseForeignResult(roots: Roots, folder: string): Promise<void> {
  const admit = admitServed(roots, folder);
  admit(join(folder, runRecordName));
  admit(join(folder, liveRecordName));
  if (!await isResultDirectory(folder) && !await isLiveFolder(folder)) return;
  for await (const { name, isSymlink } of Deno.readDir(folder)) if (isSymlink) admit(join(folder, name));
}

/**
 * Opens something whose links may lead out of the served folders.
 *
 * @throws {ServingError} where they do, and whatever `open` throws
 */
export async function refusingForeign<Result>(path: string, open: () => Promise<Result>): Promise<Result> {
  try {
    return await open();
  } catch (cause) {
    throw cause instanceof ForeignFile ? refused(path, cause.message) : cause;
  }
}

function refused(path: string, why: string): ServingError {
  return new ServingError("Refused", `${path} cannot be opened here: ${why}`, {
    file: path,
    expected: "patterns in files that are served",
    remedy: "start crystallite serve with the folder that holds all its files",
  });
}

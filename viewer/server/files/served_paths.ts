/** What the paths on the command line mean: folders to serve, and what to open first. */

import { dirname } from "node:path";
import { isScanFolder } from "../../../library/formats/known_formats.ts";
import { isResultDirectory } from "../../../library/results/directory.ts";
import { isSeriesDirectory } from "../../../library/results/series/record.ts";
import { isLiveFolder } from "../../../library/live/live_folder.ts";
import { FileUnavailable, fromSystemError } from "../../../library/scan/errors.ts";

/** What a server serves. */
export interface ServedPaths {
  /** Folders, as real paths. */
  readonly roots: readonly string[];
  /** The file or result to open first, as a real path. */
  readonly open?: string;
}

/**
 * Folders are served. Of files, results, series and scans that are folders, the folder around them is served, because a scan and its
 * results lie side by side; the first one is opened.
 *
 * @param paths default: the working directory
 * @throws {FileUnavailable} where there is nothing at a path
 */
export async function servedPaths(paths: readonly string[]): Promise<ServedPaths> {
  const roots = new Set<string>();
  let open: string | undefined;
  for (const given of paths.length === 0 ? ["."] : paths) {
    const { path, isFolder } = await look(given);
    if (isFolder && !await standsAlone(path)) {
      roots.add(path);
    } else {
      roots.add(dirname(path));
      open ??= path;
    }
  }
  return { roots: [...roots], open };
}

async function look(given: string): Promise<{ path: string; isFolder: boolean }> {
  try {
    const path = await Deno.realPath(given);
    const { isFile, isDirectory } = await Deno.stat(path);
    if (isFile || isDirectory) return { path, isFolder: isDirectory };
  } catch (cause) {
    throw fromSystemError(cause, given, "read");
  }
  throw new FileUnavailable(`${given} is neither a file nor a folder`, {
    file: given,
    remedy: "name a scan, a result or a folder",
  });
}

/** Whether a folder is something to be opened, not one to look for things in. */
async function standsAlone(path: string): Promise<boolean> {
  return await isResultDirectory(path) || await isSeriesDirectory(path) || await isLiveFolder(path) ||
    isScanFolder(path);
}

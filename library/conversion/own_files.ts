/** A file must not take the place of one that is read for it. */

import { sep } from "node:path";
import { BadParameter } from "../scan/errors.ts";
import { isSeries, type Scan, type Series } from "../scan/scan.ts";
import { filesOf } from "../scan/stored.ts";

/**
 * Checks that nothing the scan is read from lies at the path or below it, even where older files may be replaced.
 *
 * @throws {BadParameter} when something does
 */
export async function refuseOwnFiles(path: string, scan: Scan | Series): Promise<void> {
  const taken = await realPath(path);
  if (taken === undefined) return;
  const { stored = [] } = isSeries(scan) ? scan.frame(0) : scan;
  for (const file of new Set([scan.source.path, ...stored.flatMap(filesOf)])) {
    const read = await realPath(file);
    if (read === undefined || read !== taken && !read.startsWith(taken + sep)) continue;
    throw new BadParameter(`${path} is the scan itself`, {
      file: path,
      expected: "another file than those that are read",
      parameter: "out",
      remedy: "give `out` another name",
    });
  }
}

/** `undefined` where nothing lies, as for data that never were in a file. */
async function realPath(path: string): Promise<string | undefined> {
  try {
    return await Deno.realPath(path);
  } catch {
    return undefined;
  }
}

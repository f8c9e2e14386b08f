/** Groups of NeXus files, which say their class. */

import type { Hdf5File } from "./file.ts";
import { normalisePath } from "./open_arrays.ts";

/** Names of a group that are looked at. */
const mostNames = 1000;

/** Names in a group, a thousand at most. */
export function namesIn(file: Hdf5File, group: string): string[] {
  return file.names(group).slice(0, mostNames);
}

/** The groups of a class, such as `NXdata`, in a group. */
export function childrenOf(file: Hdf5File, group: string, kind: string): string[] {
  return namesIn(file, group).map((name) => normalisePath(`${group}/${name}`))
    .filter((path) => file.group(path) && file.text(path, "NX_class") === kind);
}

/** The path of what a group calls so; names may be paths from the root. */
export function childPath(group: string, name: string): string {
  return normalisePath(name.startsWith("/") ? name : `${group}/${name}`);
}

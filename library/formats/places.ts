/** Where paths lead, for whoever allows some folders only. */

import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** Links that follow each other: more are a circle. */
const mostLinks = 40;

/** Whether a path lies in a folder or is it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * The place that a path names, with all links on the way followed. Links to what is missing, or must not be looked at, are
 * followed by their words, so that the place of something outside of a folder does not tell whether it is there.
 */
export function placeOf(path: string): string {
  return follow(resolve(path), mostLinks);
}

function follow(path: string, links: number): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    const folder = dirname(path);
    if (folder === path || links === 0) return path;
    const place = join(follow(folder, links), basename(path)), target = linkAt(place);
    return target === undefined ? place : follow(resolve(dirname(place), target), links - 1);
  }
}

/** What a link says; `undefined` where there is none. */
function linkAt(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return undefined;
  }
}

/** What is used of `node:path`, for the paths of the page, which are those of POSIX. */

import { keptPath, pickedFolder } from "./files.ts";

/** Between the parts of a path. */
export const sep = "/";

/** Whether a path says all. */
export const isAbsolute = (path: string): boolean => path.startsWith(sep);

/** An absolute path: that of the last part that is one, with all that follows. */
export function resolve(...parts: string[]): string {
  return keptPath(parts.reduce((path, part) => isAbsolute(part) ? part : `${path}/${part}`, pickedFolder));
}

/** All parts as one path, absolute or relative as the first is. */
export function join(...parts: string[]): string {
  const all = parts.filter((part) => part !== "").join(sep);
  if (isAbsolute(all)) return keptPath(all);
  const kept: string[] = [];
  for (const part of all.split(sep)) {
    if (part === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return kept.join(sep) || ".";
}

/** The last part of a path, without an ending. */
export function basename(path: string, ending = ""): string {
  const name = path.replace(/\/+$/, "").replace(/^.*\//, "");
  return ending !== "" && name !== ending && name.endsWith(ending) ? name.slice(0, -ending.length) : name;
}

/** All but the last part. */
export function dirname(path: string): string {
  const folder = path.replace(/\/+$/, "").replace(/\/*[^/]*$/, "");
  return folder !== "" ? folder : isAbsolute(path) ? sep : ".";
}

/** The ending of a name, with its point. */
export function extname(path: string): string {
  return /[^/](\.[^./]*)$/.exec(basename(path))?.[1] ?? "";
}

/** The way from one path to another. */
export function relative(from: string, to: string): string {
  const start = resolve(from).split(sep).filter(Boolean), end = resolve(to).split(sep).filter(Boolean);
  let shared = 0;
  while (shared < start.length && start[shared] === end[shared]) shared++;
  return [...start.slice(shared).map(() => ".."), ...end.slice(shared)].join(sep);
}

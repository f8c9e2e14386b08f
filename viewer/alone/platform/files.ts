/** The files that the page has: those that were picked, in one folder, and those that the library puts aside. */

import { errors } from "./errors.ts";
import { FileContent } from "./file_content.ts";

/** Where files lie that were picked, and relative paths begin. */
export const pickedFolder = "/picked";
/** Where those lie that are put aside. */
const temporaryFolder = "/temporary";

/** A file as it goes from one thread to another. */
export interface SentFile {
  readonly path: string;
  readonly content: Blob;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

const files = new Map<string, FileContent>();
const folders = new Set(["/", pickedFolder, temporaryFolder]);

/** Takes files over, with the folders that they lie in; one that has the path of another takes its place. */
export function takeFiles(sent: readonly SentFile[]): void {
  for (const { path, content, changed } of sent) {
    files.set(path, new FileContent(content, changed));
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      folders.add(path.slice(0, end));
    }
  }
}

/** The files that another thread needs to read what this one reads; what was put aside belongs to its thread. */
export function filesToSend(): SentFile[] {
  return Array.from(files).filter(([path]) => !path.startsWith(`${temporaryFolder}/`))
    .map(([path, { blob, changed }]) => ({ path, content: blob, changed }));
}

/** The path that files are kept by: absolute, without `.`, `..` and empty parts. A relative one begins where files are picked. */
export function keptPath(path: string | URL): string {
  const parts: string[] = [], given = path instanceof URL ? decodeURIComponent(path.pathname) : path;
  for (const part of (given.startsWith("/") ? given : `${pickedFolder}/${given}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** What lies at a path: a file, or `null` for a folder. */
export function contentAt(path: string | URL): FileContent | null {
  const kept = keptPath(path), content = files.get(kept);
  if (content) return content;
  if (folders.has(kept)) return null;
  throw new errors.NotFound(`no such file: ${kept}`);
}

/** The file at a path. */
export function fileAt(path: string | URL): FileContent {
  const content = contentAt(path);
  if (content) return content;
  throw new errors.IsADirectory("is a directory");
}

/** Names in a folder, and whether they are files. */
export function namesIn(path: string | URL): { readonly name: string; readonly isFile: boolean }[] {
  const folder = keptPath(path);
  if (contentAt(folder)) throw new errors.NotADirectory("not a directory");
  const prefix = folder === "/" ? folder : `${folder}/`;
  const inside = (all: Iterable<string>) =>
    Array.from(all).filter((own) => own.startsWith(prefix) && own !== "/")
      .map((own) => own.slice(prefix.length)).filter((name) => !name.includes("/"));
  return [
    ...inside(folders).map((name) => ({ name, isFile: false })),
    ...inside(files.keys()).map((name) => ({ name, isFile: true })),
  ];
}

/** A new file without content, put aside; the path of it. */
export function putAside(): string {
  const content = new FileContent(), path = `${temporaryFolder}/${content.number}`;
  files.set(path, content);
  return path;
}

/** Takes a file away. Who reads it goes on reading. */
export function removeFile(path: string | URL): void {
  fileAt(path);
  files.delete(keptPath(path));
}

/** What a format gets to see: how a file begins, or that it is a folder, and what lies beside it. */

import { basename } from "node:path";
import { FileSource, readBytes } from "../scan/byte_source.ts";
import { type Admit, Folder, isFolder } from "./folder.ts";

/** How many bytes a format sees to recognise a file. */
const headLength = 4096;

/** A file or folder that is to be opened, and its surroundings. */
export interface FileContext {
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  /** First 4096 bytes, fewer if the file is shorter; none of a folder. */
  readonly head: Uint8Array;
  /** Bytes of the file; 0 for a folder. */
  readonly size: number;
  /** What is in it, if it is a folder. */
  readonly inside?: Folder;
  /** What lies in the same folder. */
  readonly beside: Folder;
  /** What was asked before these were opened. */
  readonly admit?: Admit;
}

/**
 * Looks at a file or folder.
 *
 * @param admit asked before any other file is opened by way of the context
 * @throws {FileUnavailable} when it is missing, unreadable, or neither a file nor a folder
 */
export function lookAt(path: string, admit?: Admit): FileContext {
  const name = basename(path);
  const beside = new Folder(path.slice(0, path.lastIndexOf(name)), admit);
  if (isFolder(path)) {
    const inside = new Folder(/[\\/]$/.test(path) ? path : `${path}/`, admit);
    return { path, name, head: new Uint8Array(), size: 0, inside, beside, admit };
  }
  const file = FileSource.open(path);
  try {
    const head = readBytes(file, 0, Math.min(headLength, file.size));
    return { path, name, head, size: file.size, beside, admit };
  } finally {
    file.close();
  }
}

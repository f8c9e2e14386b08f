/** What a folder offers to be opened. */

import { basename, dirname, join } from "node:path";
import type { FolderEntry, FolderListing } from "../../protocol/folders.ts";
import { liveRecordName, runRecordName } from "../../../library/results/directory.ts";
import { seriesRecordName } from "../../../library/results/series/record.ts";
import { formats, isScanFolder } from "../../../library/formats/open.ts";
import { fromSystemError } from "../../../library/scan/errors.ts";
import { admitServed } from "./linked_files.ts";
import type { Roots } from "./roots.ts";
import { sessionSuffix } from "../saving/session_file.ts";

/** Entries of one answer. */
const mostEntries = 2000;
/** Endings of files that may hold scans; what is in them decides when they are opened. */
const scanEndings = new Set(formats.flatMap(({ endings }) => endings));

/**
 * A folder below a root, or the roots themselves; hidden files, and links that lead out, are left out.
 *
 * @throws as `Roots.real`
 */
export async function listFolder(roots: Roots, path: string | null): Promise<FolderListing> {
  if (path === null || path === "") {
    const entries = roots.folders.map((folder): FolderEntry => ({
      name: basename(folder) || folder,
      path: folder,
      kind: "folder",
    }));
    return { path: "", entries, truncated: false };
  }
  const folder = await roots.folder(path);
  const parent = dirname(folder);
  const names = await namesIn(folder);
  const entries: FolderEntry[] = [];
  let truncated = false;
  for (const name of names) {
    const entry = await describe(roots, folder, name);
    if (!entry) continue;
    if (entries.length === mostEntries) {
      truncated = true;
      break;
    }
    entries.push(entry);
  }
  const order = (kind: FolderEntry["kind"]) => kind === "folder" ? 0 : 1;
  entries.sort((a, b) => order(a.kind) - order(b.kind));
  return {
    path: folder,
    ...(parent !== folder && roots.contains(parent) && { parent }),
    entries,
    truncated,
  };
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) if (!name.startsWith(".")) names.push(name);
  } catch (cause) {
    throw fromSystemError(cause, folder, "read");
  }
  return names.sort(new Intl.Collator("en", { numeric: true }).compare);
}

async function describe(roots: Roots, folder: string, name: string): Promise<FolderEntry | null> {
  const path = join(folder, name);
  try {
    if (!roots.contains(await Deno.realPath(path))) return null;
    const { isDirectory, isFile, size, mtime } = await Deno.stat(path);
    const modified = mtime?.getTime();
    if (isDirectory) return { name, path, kind: await kindOfFolder(roots, path), modified };
    if (!isFile) return null;
    if (name.endsWith(sessionSuffix)) return { name, path, kind: "session", bytes: size, modified };
    return scanEndings.has(endingOf(name)) ? { name, path, kind: "scan", bytes: size, modified } : null;
  } catch {
    // Gone by now, or not ours to look at.
    return null;
  }
}

async function kindOfFolder(roots: Roots, path: string): Promise<FolderEntry["kind"]> {
  const kinds = [[runRecordName, "result"], [liveRecordName, "result"], [
    seriesRecordName,
    "series",
  ]] as const;
  for (const [record, kind] of kinds) {
    if (roots.leadsInside(join(path, record)) && await isOurs(join(path, record))) return kind;
  }
  return isScanFolder(path, admitServed(roots, path)) ? "scan" : "folder";
}

function endingOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}

/** Whether a record looks like one of ours, by its beginning: opening looks at all of it. */
async function isOurs(record: string): Promise<boolean> {
  try {
    using file = await Deno.open(record, { read: true });
    const head = new Uint8Array(200);
    const read = await file.read(head) ?? 0;
    return /^\{\s*"program":\s*"crystallite"/.test(new TextDecoder().decode(head.subarray(0, read)));
  } catch {
    return false;
  }
}

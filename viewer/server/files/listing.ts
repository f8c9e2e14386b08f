/** What a folder offers to be opened. */

import { basename, dirname, join } from "node:path";
import type { FolderEntry, FolderListing } from "../../protocol/folders.ts";
import { liveRecordName, runRecordName } from "../../../library/results/directory.ts";
import { seriesRecordName } from "../../../library/results/series/record.ts";
import { formats, isScanFolder } from "../../../library/formats/known_formats.ts";
import { fromSystemError } from "../../../library/scan/errors.ts";
import { npyShape, recordGlance } from "./glance.ts";
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
    entries: arrange(entries),
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
    if (isDirectory) return { name, path, ...await describeFolder(roots, path), modified };
    if (!isFile) return null;
    if (name.endsWith(sessionSuffix)) return { name, path, kind: "session", bytes: size, modified };
    if (!scanEndings.has(endingOf(name))) return null;
    const shape = endingOf(name) === "npy" ? await npyShape(path) : undefined;
    return { name, path, kind: "scan", bytes: size, modified, ...shape && { shape } };
  } catch {
    // Gone by now, or not ours to look at.
    return null;
  }
}

async function describeFolder(
  roots: Roots,
  path: string,
): Promise<Pick<FolderEntry, "kind" | "shape" | "scan">> {
  const kinds = [[runRecordName, "result"], [liveRecordName, "result"], [
    seriesRecordName,
    "series",
  ]] as const;
  for (const [record, kind] of kinds) {
    if (!roots.leadsInside(join(path, record))) continue;
    const { ours, ...told } = await recordGlance(path, record);
    if (ours) return { kind, ...told };
  }
  return { kind: isScanFolder(path, admitServed(roots, path)) ? "scan" : "folder" };
}

/** What the page saves, and a simulation leaves, beside a scan under its name and is no scan itself. */
const exported = /_(?:(?:averages|labels|mask)\.(?:npy|tif)|truth\.npz)$/;

/** Without the files that were saved of other entries; results come after the scan that they are of. */
function arrange(entries: readonly FolderEntry[]): FolderEntry[] {
  const stems = new Set(entries.map(({ name }) => name.replace(/(?:\.session\.json|\.[^.]+)$/, "")));
  const saved = (name: string) => exported.test(name) && stems.has(name.replace(exported, ""));
  const listed = entries.filter(({ name, kind }) => kind !== "scan" || !saved(name));
  const scans = new Set(listed.flatMap(({ name, kind }) => kind === "scan" ? [name] : []));
  const own = (scan: string) => listed.filter((entry) => entry.scan === scan);
  return listed.flatMap((entry) => {
    if (entry.scan !== undefined && scans.has(entry.scan)) return [];
    return entry.kind === "scan" ? [entry, ...own(entry.name)] : [withoutScan(entry)];
  });
}

/** Under no scan, where that is not listed. */
function withoutScan({ scan: _, ...entry }: FolderEntry): FolderEntry {
  return entry;
}

/** Whether a name is one of files that can be opened. */
export function mayHoldScan(name: string): boolean {
  return name.endsWith(sessionSuffix) || scanEndings.has(endingOf(name));
}

function endingOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}

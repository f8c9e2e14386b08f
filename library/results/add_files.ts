/** Adding to a result what a later analysis found. */

import { join } from "node:path";
import { fromSystemError, throwIfAborted } from "../scan/errors.ts";
import type { Markup } from "../report/markup.ts";
import { type SectionName, withSection } from "../report/sections.ts";
import { writeClustersFileAgain } from "./clusters_file_again.ts";
import { runRecordName } from "./directory.ts";
import { PendingResult } from "./pending_result.ts";
import type { StoredResult } from "./read.ts";
import { clustersFileName, reportName } from "./result_files.ts";
import type { StoredFile } from "./run_record.ts";

/** What is added. */
export interface ResultAddition {
  /** Files by name; those of the same name are replaced. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Files too large for memory: their paths elsewhere, which they are copied from, by name. */
  readonly large?: ReadonlyMap<string, string>;
  /** Names of files of an earlier run of the same analysis that do not hold any more. */
  readonly outdated: (name: string) => boolean;
  /** Sections of the report: new ones, and `null` for those that do not hold any more. */
  readonly sections: Partial<Readonly<Record<SectionName, Markup | null>>>;
  /** Fields of the run record, by name. */
  readonly record: Readonly<Record<string, unknown>>;
}

/**
 * Writes a result anew with more in it, in its own place: whole or not at all. Everything else stays as it is.
 *
 * @returns sentences about what could not be added
 * @throws {FileUnavailable} when the folder cannot be written
 * @throws {BadParameter} when the folder holds other files, which would be deleted
 * @throws {OutOfResources} when the disk is full
 * @throws {Aborted} when the signal fires
 */
export async function addToResult(
  stored: StoredResult,
  { files: added, large = new Map(), outdated, sections, record }: ResultAddition,
  signal?: AbortSignal,
): Promise<string[]> {
  const { directory, run } = stored;
  const pending = await PendingResult.create(directory, { force: true });
  try {
    const { report, warnings } = await newReport(directory, run.files, sections);
    const files = new Map([...added, ...report]);
    const kept = run.files.filter(({ name }) => !files.has(name) && !large.has(name) && !outdated(name));
    const copied = kept.filter(({ name }) => name !== clustersFileName);
    const sources = [...copied.map(({ name }) => [name, join(directory, name)] as const), ...large];
    for (const [name, path] of sources) {
      throwIfAborted(signal);
      await attempt(path, "write", () => Deno.copyFile(path, join(pending.path, name)));
    }
    for (const [name, bytes] of files) {
      const path = join(pending.path, name);
      await attempt(path, "write", () => Deno.writeFile(path, bytes, { createNew: true }));
    }
    const written: StoredFile[] = Array.from(files, ([name, bytes]) => ({ name, bytes: bytes.length }));
    for (const name of large.keys()) {
      const path = join(pending.path, name), { size } = await attempt(path, "read", () => Deno.stat(path));
      written.push({ name, bytes: size });
    }
    if (copied.length < kept.length) {
      throwIfAborted(signal);
      const names = new Set([...copied, ...written].map(({ name }) => name));
      written.push(await writeClustersFileAgain(stored, pending.path, names));
    }
    const all = [...copied, ...written].sort((one, other) => one.name < other.name ? -1 : 1);
    const complete = { ...run, ...record, files: all };
    const path = join(pending.path, runRecordName);
    const text = `${JSON.stringify(complete, null, 2)}\n`;
    await attempt(path, "write", () => Deno.writeTextFile(path, text, { createNew: true }));
    throwIfAborted(signal);
    await pending.commit(signal);
    return warnings;
  } finally {
    await pending.discard();
  }
}

/** The report with its sections, where the result has a report that is ours. */
async function newReport(
  directory: string,
  files: readonly StoredFile[],
  sections: ResultAddition["sections"],
): Promise<{ report: [string, Uint8Array][]; warnings: string[] }> {
  const names = Object.keys(sections) as SectionName[];
  if (names.length === 0 || !files.some(({ name }) => name === reportName)) {
    return { report: [], warnings: [] };
  }
  const path = join(directory, reportName);
  let page = await attempt(path, "read", () => Deno.readTextFile(path));
  const left: string[] = [];
  for (const name of names) {
    const changed = withSection(page, name, sections[name] ?? null);
    if (changed === undefined) left.push(name);
    page = changed ?? page;
  }
  return {
    report: [[reportName, new TextEncoder().encode(page)]],
    warnings: left.length > 0
      ? [`${path} is no page of ours any more, so it shows no ${left.join(" and ")}`]
      : [],
  };
}

async function attempt<T>(path: string, what: "read" | "write", act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw fromSystemError(cause, path, what);
  }
}

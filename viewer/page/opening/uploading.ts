/** Files that are dropped on the page: opened where they lie in a served folder, else copied into one. */

import { signal } from "@preact/signals";
import type { FolderListing } from "../../protocol/folders.ts";
import { uploadPiece } from "../../protocol/limits.ts";
import { call } from "../client.ts";
import { errorOf } from "../errors.ts";
import { run } from "../state.ts";
import { openPath } from "./opening.ts";
import { showChoice } from "./screen.ts";

/** The file that was dropped, until it is opened or given up, and how much of it is copied. */
export const dropped = signal<{ readonly file: File; readonly done: number | null } | null>(null);
/** Why it could not be copied. */
export const uploadFailure = signal("");
/** The folder that is listed; it gets what is dropped. */
export const listed = signal<FolderListing | null>(null);

let stop: AbortController | null = null;

/** Takes files that are dropped anywhere on the window. */
export function followDrops(): () => void {
  const end = new AbortController(), { signal } = end;
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = run.peek() ? "none" : "copy";
  }, { signal });
  document.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file || run.peek()) return;
    event.preventDefault();
    cancelUpload();
    uploadFailure.value = "";
    dropped.value = { file, done: null };
    showChoice();
  }, { signal });
  return () => end.abort();
}

/** The same file in the folder that is listed, by name and size: it need not be copied. */
export function sameListed(file: File, listing: FolderListing | null): string | null {
  return listing?.entries.find(({ name, bytes }) => name === file.name && bytes === file.size)?.path ?? null;
}

/** Copies the dropped file into a folder and opens it. */
export async function uploadDropped(folder: string): Promise<void> {
  const file = dropped.peek()?.file;
  if (!file || stop) return;
  const own = stop = new AbortController(), { signal } = own;
  let upload: string | null = null;
  dropped.value = { file, done: 0 };
  uploadFailure.value = "";
  try {
    ({ upload } = await call("POST /api/uploads", {}, { folder, name: file.name, bytes: file.size }));
    for (let offset = 0; offset < file.size;) {
      signal.throwIfAborted();
      const bytes = new Uint8Array(await file.slice(offset, offset + uploadPiece).arrayBuffer());
      const piece = { header: { offset }, arrays: { bytes } };
      const { received, path } = await call("POST /api/uploads/:id/pieces", { id: upload }, piece, signal);
      offset = received;
      dropped.value = { file, done: received };
      if (path === undefined) continue;
      dropped.value = null;
      return await openPath(path);
    }
  } catch (cause) {
    if (upload !== null) call("POST /api/uploads/:id/cancel", { id: upload }).catch(() => {});
    if (signal.aborted) return;
    const { message, details } = errorOf(cause);
    uploadFailure.value = [message, details.remedy].filter(Boolean).join("; ");
    dropped.value = { file, done: null };
  } finally {
    if (stop === own) stop = null;
  }
}

/** Gives the dropped file up. */
export function cancelUpload(): void {
  stop?.abort();
  stop = null;
  dropped.value = null;
}

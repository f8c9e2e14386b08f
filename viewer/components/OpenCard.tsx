/** Choosing a scan: by its path, among recent ones, or in the folders that are served. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { FolderEntry } from "../protocol/folders.ts";
import { errorOf } from "../page/errors.ts";
import { openPath } from "../page/opening/opening.ts";
import { recentItems } from "../page/opening/recent.ts";
import { call } from "../page/client.ts";
import { item } from "../page/state.ts";
import { formatBytes, formatCount } from "../../library/report/number_format.ts";
import { showMain } from "../page/opening/screen.ts";
import { listed } from "../page/opening/uploading.ts";
import { DocumentationLink } from "./DocumentationLink.tsx";
import { DroppedFile } from "./DroppedFile.tsx";
import { Icon, type IconName } from "./Icon.tsx";

const icons: Readonly<Record<FolderEntry["kind"], IconName>> = {
  folder: "folder",
  scan: "scan",
  result: "polygon",
  series: "series",
  session: "session",
};

export function OpenCard() {
  const [path, setPath] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current!.focus(), []);
  const recent = recentItems();
  return (
    <div class="card">
      <h1>Open a scan</h1>
      <p>4D-STEM scans and finished results. Files stay on this computer and are never changed.</p>
      <div class="drop">
        <DroppedFile />
        <form
          onSubmit={(event) => {
            event.preventDefault();
            // Paths copied from a file manager may come in quotes.
            const wanted = path.trim().replace(/^(["'])(.*)\1$/, "$2");
            if (wanted) openPath(wanted);
          }}
        >
          <input
            class="text-field"
            ref={field}
            aria-label="Path of a scan or result"
            spellcheck={false}
            autocomplete="off"
            value={path}
            onInput={(event) => setPath(event.currentTarget.value)}
          />
          <button type="submit" class="button primary">Open</button>
          {item.value && <button type="button" class="button" onClick={showMain}>Back</button>}
        </form>
      </div>
      <div class="places">
        {recent.length > 0 && (
          <>
            <h2>Recent</h2>
            <ul>
              {recent.map((entry) => (
                <li key={entry.path}>
                  <button
                    type="button"
                    title={entry.path}
                    onClick={() => openPath(entry.path, { input: entry.input, scan: entry.scan })}
                  >
                    <b>{entry.name}</b>
                    <span>{entry.facts}</span>
                    <small>{formatDate(entry.opened)}</small>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
        <Folders />
      </div>
      <DocumentationLink />
    </div>
  );
}

function Folders() {
  const listing = listed.value;
  const [failure, setFailure] = useState("");
  const go = (path?: string) =>
    call("GET /api/files", { path }).then((found) => {
      listed.value = found;
      setFailure("");
    }).catch((cause) => setFailure(errorOf(cause).message));
  useEffect(() => {
    // A single served folder is shown at once.
    call("GET /api/files", {}).then(({ entries }) => go(entries.length === 1 ? entries[0].path : undefined))
      .catch(() => go());
  }, []);
  const scans = listing?.entries.filter(({ kind }) => kind === "scan").length ?? 0;
  const choose = ({ kind, path }: FolderEntry) => kind === "folder" ? go(path) : openPath(path);
  return (
    <>
      <h2>{listing?.path || "Folders"}</h2>
      {failure && <p class="note bad" role="alert">{failure}</p>}
      <ul aria-label="Files">
        {listing && listing.path !== "" && (
          <li>
            <button type="button" onClick={() => go(listing.parent)}>
              <b>{listing.parent ? "Folder above" : "All folders"}</b>
            </button>
          </li>
        )}
        {listing?.entries.map((entry) => (
          <li key={entry.path}>
            <button type="button" class={entry.scan ? "under" : undefined} onClick={() => choose(entry)}>
              <b>
                <Icon name={icons[entry.kind]} />
                {entry.kind === "folder" ? `${entry.name}/` : entry.name}
              </b>
              <span>{describe(entry)}</span>
              <small>{entry.modified === undefined ? "" : formatDate(entry.modified)}</small>
            </button>
          </li>
        ))}
      </ul>
      {scans > 1 && (
        <button type="button" class="button" onClick={() => openPath(listing!.path)}>
          Open these {formatCount(scans)} scans as a series
        </button>
      )}
      {listing?.entries.length === 0 && <p class="note">No scans, results or folders are in here.</p>}
      {listing?.truncated && <p class="note">There are more files; paste the path of the one you want.</p>}
    </>
  );
}

function describe({ kind, bytes, shape = [] }: FolderEntry): string {
  if (kind === "folder") return "";
  const what = kind === "scan" ? "" : { result: "Result", series: "Series", session: "Session" }[kind];
  const size = kind === "scan" && bytes !== undefined ? formatBytes(bytes) : "";
  return [what, shape.map(formatCount).join(" × "), size].filter(Boolean).join(" · ");
}

function formatDate(time: number): string {
  const date = new Date(time), now = new Date();
  return date.toDateString() === now.toDateString()
    ? date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })
    : date.toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
}

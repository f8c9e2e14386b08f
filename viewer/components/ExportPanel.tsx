/** Files to take away, and the command that gives the same. */

import type { ExportKind } from "../protocol/exports.ts";
import { isAlone } from "../page/answering.ts";
import {
  besideScan,
  chosenKinds,
  command,
  copyCommand,
  countFiles,
  downloadFile,
  folder,
  isBlocked,
  language,
  name,
  replace,
  saved,
  savedKinds,
  saveFiles,
  saving,
  toggleKind,
} from "../page/exporting.ts";
import { item, labelled } from "../page/state.ts";
import { formatBytes } from "../../library/report/number_format.ts";
import { MissingScan } from "./MissingScan.tsx";
import { Segments } from "./Segments.tsx";
import { TextEntry } from "./TextEntry.tsx";
import { ViewDownloads } from "./ViewDownloads.tsx";
import { Toggle } from "./Toggle.tsx";

interface Line {
  readonly kind: ExportKind;
  readonly name: string;
  readonly help: string;
}

const lines: readonly Line[] = [
  { kind: "picture", name: "Picture of the map", help: "PNG with numbers and scale bar" },
  { kind: "drawing", name: "Drawing of the map", help: "SVG: the same with numbers and scale bar as text" },
  { kind: "table", name: "Cluster table", help: "CSV: size, seed, centroid, similarity" },
  { kind: "labels", name: "Labels", help: "npy, int32: cluster of each probe, −1 for none" },
  {
    kind: "averages",
    name: "Averaged patterns",
    help: "npy, float32: cluster, row, column; about a common origin where orientations aligned them",
  },
  {
    kind: "tiff",
    name: "Averaged patterns as TIFF",
    help: "one float32 stack, opens in ImageJ",
  },
  { kind: "result", name: "Whole result", help: "folder that py4DSTEM and HyperSpy open" },
  { kind: "report", name: "Report", help: "one HTML page that works anywhere" },
  { kind: "session", name: "Session", help: "this view with its corrections, to be opened here again" },
];

export function ExportPanel() {
  const opened = item.value!;
  if (!opened.clustering) {
    return (
      <div class="scroll">
        <p class="note">After a run there are its files to take away.</p>
        <ViewDownloads />
      </div>
    );
  }
  return (
    <>
      <div class="scroll">
        <MissingScan />
        <div class="group">
          <h3>Files</h3>
          {lines.filter(({ kind }) => !isAlone() || kind !== "result").map((line) => (
            <KindLine key={line.kind} line={line} />
          ))}
          {isAlone() && <p class="note">Whole results are folders, which only the program writes.</p>}
        </div>
        <ViewDownloads />
        <Reproduce />
        {!isAlone() && <Folder />}
      </div>
      {!isAlone() && <Footer />}
    </>
  );
}

function Footer() {
  return (
    <div class="panel-footer">
      <p>{saved.value ? `Saved ${countFiles(saved.value.files.length)}` : saving.value ? "Saving…" : ""}</p>
      <button
        type="button"
        class="button primary"
        disabled={saving.value || savedKinds.value.length === 0}
        onClick={saveFiles}
      >
        Save {countFiles(savedKinds.value.length)}
      </button>
    </div>
  );
}

function KindLine({ line: { kind, name, help } }: { readonly line: Line }) {
  const blocked = isBlocked(kind);
  const loss = kind === "averages" || kind === "tiff" ? command.value?.averages?.loss : undefined;
  return (
    <div class="choice">
      {isAlone() ? <span /> : (
        <input
          id={`export-${kind}`}
          type="checkbox"
          checked={chosenKinds.value.includes(kind) && !blocked}
          disabled={blocked}
          onChange={() => toggleKind(kind)}
        />
      )}
      <label for={isAlone() ? undefined : `export-${kind}`}>{name}</label>
      {kind === "result" ? <span>{sizeOf(kind)}</span> : (
        <button
          type="button"
          class="link"
          disabled={blocked}
          aria-label={`Download: ${name[0].toLowerCase()}${name.slice(1)}`}
          onClick={() => downloadFile(kind)}
        >
          Download
        </button>
      )}
      <small>
        {help}
        {kind !== "result" && sizeOf(kind) && ` · ${sizeOf(kind)}`}
        {loss && ` · ${loss}`}
      </small>
    </div>
  );
}

function sizeOf(kind: ExportKind): string {
  const { shape } = item.value!;
  const clusters = labelled.value?.clusters.length ?? 0;
  const averages = 4 * clusters * shape.patternRows * shape.patternColumns;
  if (kind === "averages" || kind === "tiff") return formatBytes(averages);
  if (kind === "labels") return formatBytes(4 * shape.rows * shape.columns);
  return kind === "result" ? `above ${formatBytes(2 * averages + 44 * shape.rows * shape.columns)}` : "";
}

function Reproduce() {
  const answer = command.value;
  const edits = answer?.needs ?? [];
  if (answer?.missing) {
    return (
      <div class="group">
        <h3>Reproduce this view</h3>
        <p class="note">No command can be given: {answer.missing}.</p>
      </div>
    );
  }
  return (
    <div class="group">
      <div class="heading">
        <h3>Reproduce this view</h3>
        <Segments
          label="Language"
          segments={[{ value: "shell", name: "Command" }, { value: "code", name: "Code" }]}
          value={language.value}
          choose={(value) => language.value = value}
        />
      </div>
      <pre class="code" tabIndex={0} aria-label="Command that reproduces this view">
        {answer ? (language.value === "shell" ? answer.shell : answer.code) : "…"}
      </pre>
      <div class="heading">
        <p class="note">
          {!answer
            ? "Updating…"
            : edits.length > 0
            ? `It needs ${edits.join(" and ")}, which are saved ${
              isAlone() ? "where crystallite on this computer opens the session" : "with the session"
            }.`
            : "Gives the same labels, byte for byte."}
        </p>
        <button type="button" class="button small" disabled={!answer} onClick={copyCommand}>Copy</button>
      </div>
      {isAlone() && answer?.shell.includes("/picked/") && (
        <p class="note">/picked stands for the folder that the scan lies in.</p>
      )}
    </div>
  );
}

function Folder() {
  return (
    <div class="group">
      <h3>Name and folder</h3>
      <TextEntry
        class="text-field"
        aria-label="Name of the files"
        placeholder={item.value!.name.replace(/\.[^.]+$/, "")}
        spellcheck={false}
        value={name.value}
        done={(text) => void (name.value = text.trim())}
      />
      <TextEntry
        class="text-field"
        aria-label="Folder to save into"
        placeholder={besideScan.value}
        spellcheck={false}
        value={folder.value}
        done={(path) => void (folder.value = path.trim())}
      />
      <Toggle
        name="Replace files that are there"
        checked={replace.value}
        change={(on) => replace.value = on}
      />
      {saved.value && (
        <ul class="note good">
          {saved.value.files.map(({ path, bytes }) => <li key={path}>{path}, {formatBytes(bytes)}</li>)}
        </ul>
      )}
    </div>
  );
}

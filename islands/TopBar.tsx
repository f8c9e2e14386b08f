/** File, progress, undo, run: what concerns the whole page. */

import { Icon } from "../viewer/components/Icon.tsx";
import { IconButton } from "../viewer/components/IconButton.tsx";
import { RunButton } from "../viewer/components/RunButton.tsx";
import { tryNow } from "../viewer/page/connection.ts";
import { canRedo, canUndo, redo, undo } from "../viewer/page/editing/history.ts";
import { cancelRunning } from "../viewer/page/running/running.ts";
import {
  announcement,
  drawerOpen,
  item,
  labelled,
  offline,
  problem,
  run,
  shortcutsOpen,
  theme,
} from "../viewer/page/state.ts";
import { formatBytes, formatCount } from "../library/report/number_format.ts";
import { series } from "../viewer/page/series/time.ts";
import { canRedoTracks, canUndoTracks, redoTracks, undoTracks } from "../viewer/page/series/track_editing.ts";
import { realView } from "../viewer/page/views/real_views.ts";
import { screen, showChoice } from "../viewer/page/opening/screen.ts";

export default function TopBar() {
  const opened = screen.value.kind === "main" ? item.value : null;
  return (
    <>
      <header class="bar">
        <div class="brand">
          <Icon name="logo" />
          <span>crystallite</span>
        </div>
        {opened && <FileButton />}
        {run.value && <Progress />}
        <div class="actions">
          {opened && !run.value && <Edits />}
          {opened && (
            <button
              type="button"
              class="button drawer-button"
              aria-expanded={drawerOpen.value}
              onClick={() => drawerOpen.value = !drawerOpen.value}
            >
              Clusters <span class="count">{labelled.value?.clusters.length ?? 0}</span>
            </button>
          )}
          <IconButton
            icon="theme"
            name="Switch between dark and light"
            title="Dark or light"
            press={() => theme.value = theme.value === "dark" ? "light" : "dark"}
          />
          <IconButton
            icon="keyboard"
            name="Keyboard shortcuts"
            title="Keyboard shortcuts  ?"
            press={() => shortcutsOpen.value = true}
          />
        </div>
      </header>
      <Banner />
      <p class="unseen" role="status" aria-live="polite">{announcement}</p>
    </>
  );
}

/** Number types as numpy calls them. */
const numberTypes: Readonly<Record<string, string>> = {
  u8: "uint8",
  u16: "uint16",
  u32: "uint32",
  i16: "int16",
  i32: "int32",
  f32: "float32",
  f64: "float64",
};

function FileButton() {
  const { shape, dtype, bytes } = item.value!, { name, path, input } = series.value ?? item.value!;
  const readWith = input.length > 0 ? `\nread with ${input.join(" ")}` : "";
  const facts = [
    `${shape.rows} × ${shape.columns} probes`,
    `${shape.patternRows} × ${shape.patternColumns} px`,
    numberTypes[dtype] ?? dtype,
    formatBytes(bytes),
  ];
  return (
    <button
      type="button"
      class="file"
      title={`${path}${readWith}\nOpen another file`}
      disabled={run.value !== null}
      onClick={showChoice}
    >
      <b>{name}</b>
      <span>{facts.join(" · ")}</span>
    </button>
  );
}

function Edits() {
  const ofTracks = realView.value.group === "tracks";
  const undoable = ofTracks ? canUndoTracks.value : canUndo.value;
  const redoable = ofTracks ? canRedoTracks.value : canRedo.value;
  return (
    <>
      <IconButton
        icon="undo"
        name="Undo"
        title="Undo  Ctrl Z"
        disabled={!undoable}
        press={ofTracks ? undoTracks : undo}
      />
      <IconButton
        icon="redo"
        name="Redo"
        title="Redo  Ctrl Shift Z"
        disabled={!redoable}
        press={ofTracks ? redoTracks : redo}
      />
      <i />
      <RunButton />
    </>
  );
}

function Progress() {
  const { stage, done, total, left } = run.value!;
  const time = left === undefined
    ? ""
    : ` · ${left < 1 ? "less than 1" : formatCount(Math.ceil(left))} s left`;
  return (
    <>
      <div
        class="progress"
        role="progressbar"
        aria-label={stage}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
      >
        <span>
          <b>{stage.charAt(0).toUpperCase() + stage.slice(1)}</b>
          {total > 0 && <span>{` · ${formatCount(done)} of ${formatCount(total)}`}</span>}
          {time}
        </span>
        <button type="button" class="button" onClick={cancelRunning}>Cancel</button>
      </div>
      <svg class="progress-line" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
        <rect width={total > 0 ? 100 * done / total : 0} height="2" />
      </svg>
    </>
  );
}

function Banner() {
  if (offline.value !== null) {
    return (
      <div class="banner" role="alert">
        <span>
          The local server stopped answering. Your edits are kept in this page. Trying again in {offline} s.
        </span>
        <button type="button" class="button" onClick={tryNow}>Try now</button>
      </div>
    );
  }
  const error = problem.value;
  if (!error || screen.value.kind !== "main") return null;
  return (
    <div class="banner" role="alert">
      <span>
        {sentence(error.message)} {error.details.remedy && sentence(error.details.remedy)}
      </span>
      <button type="button" class="button" onClick={() => problem.value = null}>Close</button>
    </div>
  );
}

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(start) ? start : `${start}.`;
}

/** File, progress, undo, run: what concerns the whole page. */

import { Icon } from "../viewer/components/Icon.tsx";
import { HistoryButton } from "../viewer/components/HistoryButton.tsx";
import { IconButton } from "../viewer/components/IconButton.tsx";
import { RunButton } from "../viewer/components/RunButton.tsx";
import { TabName } from "../viewer/components/TabName.tsx";
import { isAlone } from "../viewer/page/answering.ts";
import { tryNow } from "../viewer/page/connection.ts";
import { canRedo, canUndo, redo, undo } from "../viewer/page/editing/history.ts";
import { readingNames } from "../library/parameters/reading_names.ts";
import { wordsByFlag } from "../viewer/page/opening/asked_words.ts";
import { isForgotten, stayOutdated, toldOutdated } from "../viewer/page/newest_run.ts";
import { forgetLost, lostRun, runLost } from "../viewer/page/opening/lost_run.ts";
import { showNewest } from "../viewer/page/opening/reopening.ts";
import { cancelRunning } from "../viewer/page/running/running.ts";
import {
  announcement,
  drawerOpen,
  item,
  offline,
  problem,
  run,
  sessionEnded,
  shortcutsOpen,
  tab,
  theme,
} from "../viewer/page/state.ts";
import { formatBytes, formatCount } from "../library/report/number_format.ts";
import { sentence } from "../viewer/components/sentence.ts";
import { series } from "../viewer/page/series/time.ts";
import { canRedoTracks, canUndoTracks, redoTracks, undoTracks } from "../viewer/page/series/track_editing.ts";
import { realView } from "../viewer/page/views/real_views.ts";
import { screen, showChoice } from "../viewer/page/opening/screen.ts";

export default function TopBar() {
  const opened = screen.value.kind === "main" ? item.value : null;
  return (
    <>
      {opened && <a class="skip" href="#map">Skip to the map</a>}
      <header class="bar">
        <div class="brand">
          <Icon name="logo" />
          <span>crystallite</span>
        </div>
        {opened && <h1 class="unseen">{opened.name}</h1>}
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
              <TabName of={tab.value} />
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
  const readWith = Array.from(
    wordsByFlag({ input }),
    ([flag, text]) => `\n${readingNames[flag] ?? flag.replace(/^--/, "")}: ${text}`,
  ).join("");
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
      {!ofTracks && <HistoryButton />}
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
      <div class="progress">
        <span
          role="progressbar"
          aria-label={stage}
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={done}
        >
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
          {sessionEnded.value
            ? "The local server was started anew: open the address that it printed, in this browser."
            : "The local server stopped answering."}{" "}
          Your corrections are kept in this browser. Trying again in {offline} s.
        </span>
        <button type="button" class="button" onClick={tryNow}>Try now</button>
      </div>
    );
  }
  if (toldOutdated.value && screen.value.kind === "main") {
    return (
      <div class="banner" role="alert">
        <span>
          {isForgotten.value
            ? "Other windows have clustered this again. The run before, which you see, is not kept any more: its files and command cannot be had."
            : "Another window has clustered this again. What you see is the run before, with its own numbers and command."}
        </span>
        <button type="button" class="button" onClick={showNewest}>Show the last run</button>
        {!isForgotten.value && <button type="button" class="button" onClick={stayOutdated}>Stay here</button>}
      </div>
    );
  }
  const lost = lostRun.value;
  if (lost && screen.value.kind === "main" && !run.value) {
    return (
      <div class="banner" role="alert">
        <span>
          {isAlone() ? "The page was loaded again" : "The server was started anew"}{" "}
          and has lost the clusters of your run. Its parameters and your corrections are kept.
        </span>
        <button type="button" class="button" onClick={runLost}>Run again and put them back</button>
        <button type="button" class="button" onClick={forgetLost}>Forget them</button>
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

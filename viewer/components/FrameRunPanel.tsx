/** All frames of several scans clustered with the parameters above, frame by frame. */

import {
  cancelFrameRun,
  frameRun,
  madeSeries,
  offeredFolder,
  runAllFrames,
  seriesFolder,
} from "../page/series/frame_run.ts";
import { isAlone } from "../page/answering.ts";
import { series, showFrame } from "../page/series/time.ts";
import { openPath } from "../page/opening/opening.ts";
import { run } from "../page/state.ts";
import { TextEntry } from "./TextEntry.tsx";

export function FrameRunPanel() {
  const opened = series.value;
  // What comes of it is a folder.
  if (!opened || opened.linked || isAlone()) return null;
  const going = frameRun.value, made = madeSeries.value;
  const done = opened.frames.filter(({ clusters, error }) => clusters !== undefined && !error).length;
  const failed = opened.frames.flatMap(({ error }, frame) => error === undefined ? [] : [{ frame, error }]);
  return (
    <div class="frame-run" role="group" aria-label="All frames">
      <p>
        <b>{opened.frames.length} frames</b>, {done} done{failed.length > 0 && `, ${failed.length} failed`}
      </p>
      {going && (
        <div
          role="progressbar"
          aria-label={`Frame ${going.frame}, ${going.stage}`}
          aria-valuemin={0}
          aria-valuemax={opened.frames.length}
          aria-valuenow={going.frame}
        >
          <progress max={opened.frames.length} value={going.frame + going.part} aria-hidden="true" />
          <span>Frame {going.frame}: {going.stage}</span>
        </div>
      )}
      {failed.map(({ frame, error }) => (
        <p key={frame} class="note bad">
          <button type="button" class="link" onClick={() => showFrame(frame)}>Frame {frame}</button> failed:
          {" "}
          {error}
        </p>
      ))}
      {!going && !made && (
        <TextEntry
          class="text-field"
          aria-label="Folder of the series"
          placeholder={offeredFolder.value}
          spellcheck={false}
          value={seriesFolder.value}
          done={(path) => seriesFolder.value = path.trim()}
        />
      )}
      {going
        ? <button type="button" class="button" onClick={cancelFrameRun}>Cancel all frames</button>
        : made
        ? <button type="button" class="button primary" onClick={() => openPath(made)}>Open the series</button>
        : (
          <button type="button" class="button" disabled={run.value !== null} onClick={runAllFrames}>
            Run all frames
          </button>
        )}
    </div>
  );
}

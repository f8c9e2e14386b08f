/** The time of a series: play, a slider over the frames, events as marks on it, and what stays where it is. */

import { goToEvent } from "../page/series/follow.ts";
import { eventKinds, marksOf, wordsOf } from "../page/series/event_marks.ts";
import {
  frame,
  frameCount,
  pause,
  playing,
  series,
  showFrame,
  type Steady,
  steady,
  stepFrame,
  togglePlaying,
  valueOf,
} from "../page/series/time.ts";
import { edited, followed, table } from "../page/series/tracks.ts";
import { run } from "../page/state.ts";
import { Icon } from "./Icon.tsx";
import { IconButton } from "./IconButton.tsx";

export function TimeAxis() {
  const opened = series.value;
  if (!opened) return null;
  const count = frameCount.value, at = frame.value, value = valueOf(at), failed = opened.frames[at]?.error;
  return (
    <section class="time" aria-label="Time">
      <IconButton
        icon={playing.value ? "pause" : "play"}
        name={playing.value ? "Stop playing" : "Play"}
        title={table.value ? "Play or stop  Space" : "Play or stop"}
        disabled={count < 2 || run.value !== null}
        press={togglePlaying}
      />
      <div class="time-track">
        <Marks />
        <input
          type="range"
          aria-label="Frame"
          aria-valuetext={`frame ${at}${value && `, ${value}`}`}
          min={0}
          max={count - 1}
          step={1}
          value={at}
          disabled={run.value !== null}
          onInput={(event) => {
            pause();
            showFrame(Number(event.currentTarget.value));
          }}
          onKeyDown={(event) => {
            if (event.key !== " ") return;
            event.preventDefault();
            togglePlaying();
          }}
        />
      </div>
      <IconButton icon="before" name="Frame before" title="Frame before  ," press={() => stepFrame(-1)} />
      <IconButton icon="after" name="Frame after" title="Frame after  ." press={() => stepFrame(1)} />
      <output class="time-value" aria-live="off">
        frame <b>{at}</b> of {count}
        {value && <span>· {value}</span>}
        {failed && <span class="bad" title={failed}>· failed</span>}
      </output>
      {table.value && <SteadyChoice />}
    </section>
  );
}

function SteadyChoice() {
  return (
    <label class="selector">
      <select
        aria-label="What stays in place"
        title="What stays in place while time moves"
        value={steady.value}
        onChange={(event) => steady.value = event.currentTarget.value as Steady}
      >
        <option value="frame">frame still</option>
        <option value="specimen">drift corrected</option>
        <option value="track" disabled={followed.value < 0}>follow track</option>
      </select>
      <Icon name="down" />
    </label>
  );
}

/** Events above the slider; hollow where they are not certain. The list of tracks has them for keys. */
function Marks() {
  const count = frameCount.value, marks = marksOf(edited.value?.events ?? [], followed.value);
  if (marks.length === 0 || count < 2) return <svg class="marks" aria-hidden="true" />;
  return (
    <svg class="marks" role="img" aria-label={`Events in ${marks.length} frames`}>
      {marks.map(({ frame: at, event, kinds, certain, own, all }) => (
        <g
          key={at}
          class={own ? "own" : ""}
          data-frame={at}
          onClick={() => goToEvent(event)}
        >
          <title>{all.map(wordsOf).join("\n")}</title>
          <svg x={`${100 * at / (count - 1)}%`} overflow="visible">
            <rect class="hit" x={-8} y={-2} width={16} height={18} />
            {kinds.map((kind, place) => (
              <path
                key={kind}
                class={certain.has(kind) ? kind : `${kind} hollow`}
                transform={`translate(${(place - (kinds.length - 1) / 2) * 10},7) scale(1.35)`}
                d={eventKinds[kind].mark}
              />
            ))}
          </svg>
        </g>
      ))}
    </svg>
  );
}

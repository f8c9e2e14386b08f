/** What the selected track is and came from, and what can be corrected. */

import { useState } from "preact/hooks";
import { eventKinds, lineageOf, wordsOf } from "../page/series/event_marks.ts";
import { goToEvent, goToTrack } from "../page/series/follow.ts";
import { frame } from "../page/series/time.ts";
import {
  assignRegion,
  cutTrack,
  joinTracks,
  keepCorrections,
  savedTracks,
  saveTracks,
  unkept,
} from "../page/series/track_editing.ts";
import { edited, regionIn, selectedTracks, table, tracks } from "../page/series/tracks.ts";
import { series } from "../page/series/time.ts";
import type { SeriesEvent } from "../protocol/series.ts";
import { TextEntry } from "./TextEntry.tsx";
import { Toggle } from "./Toggle.tsx";

export function TrackActions() {
  const chosen = selectedTracks.value, single = chosen.length === 1 ? chosen[0] : -1;
  const here = single >= 0 && regionIn(single, frame.value) >= 0;
  return (
    <div class="list-actions tracks">
      <TrackFacts />
      <div>
        <button
          type="button"
          class="button"
          title="Make one track of the selected ones  J"
          disabled={chosen.length < 2}
          onClick={joinTracks}
        >
          Join
        </button>
        <button
          type="button"
          class="button"
          title="From this frame on it is a track of its own  C"
          disabled={!here || tracks.value.get(single)?.first === frame.value}
          onClick={cutTrack}
        >
          Cut here
        </button>
        <button
          type="button"
          class="button"
          title="In this frame alone it is a track of its own"
          disabled={!here}
          onClick={() => assignRegion("new")}
        >
          New track
        </button>
      </div>
      {here && <AssignField />}
      <Corrections />
    </div>
  );
}

/** The region of the selected track in this frame belongs to another track. */
function AssignField() {
  return (
    <label class="assign">
      <span>In frame {frame.value} it is track</span>
      <TextEntry
        class="number"
        inputMode="numeric"
        autocomplete="off"
        aria-label="Track that the region of this frame belongs to"
        value={String(selectedTracks.value[0])}
        done={(text) => {
          const track = Number(text);
          if (/^\d+$/.test(text.trim()) && track !== selectedTracks.peek()[0]) assignRegion(track);
        }}
      />
    </label>
  );
}

function TrackFacts() {
  const chosen = selectedTracks.value, after = edited.value, regions = table.value;
  if (!after || !regions || chosen.length === 0) {
    return (
      <div class="track-facts">
        <p>Click a track to follow it. Shift-click selects several.</p>
      </div>
    );
  }
  if (chosen.length > 1) return <p>Tracks {[...chosen].sort((one, other) => one - other).join(", ")}</p>;
  const [track] = chosen, region = regionIn(track, frame.value);
  const { parents, children } = lineageOf(after.events, track);
  const own = after.events.filter((event) => event.track === track);
  return (
    <div class="track-facts">
      <p>
        <b>Track {track}</b> {region < 0
          ? `not seen in frame ${frame.value}`
          : `cluster ${regions.cluster[region]}, ${regions.size[region]} probes here`}
      </p>
      {own.length > 0 && <EventLine label="Events" events={own} />}
      {parents.length > 0 && <Family label="From" track={track} events={parents} />}
      {children.length > 0 && <Family label="To" track={track} events={children} />}
    </div>
  );
}

/** Events of the track; each goes to its frame. */
function EventLine({ label, events }: { readonly label: string; readonly events: readonly SeriesEvent[] }) {
  return (
    <p>
      {label}: {events.map((event, place) => (
        <button
          key={place}
          type="button"
          class="link"
          title={wordsOf(event)}
          onClick={() => goToEvent(event)}
        >
          {eventKinds[event.kind].word.replace(/ (into|from)$/, "")} at {event.frame}
        </button>
      ))}
    </p>
  );
}

/** The tracks on the other side of events. */
function Family({ label, track, events }: {
  readonly label: string;
  readonly track: number;
  readonly events: readonly SeriesEvent[];
}) {
  const others = [...new Set(events.map((event) => event.track === track ? event.partner : event.track))]
    .filter((other) => other >= 0);
  return (
    <p>
      {label}: {others.map((other) => (
        <button
          key={other}
          type="button"
          class="link"
          onClick={() => goToTrack(other)}
        >
          track {other}
        </button>
      ))}
    </p>
  );
}

/** How many corrections hold, and where they go. */
function Corrections() {
  const [folder, setFolder] = useState(""), [replace, setReplace] = useState(false);
  const log = edited.value?.edits;
  if (!log || log.operations.length === 0 && !unkept.value) return null;
  const offered = `${series.value!.path}-corrected`;
  return (
    <details class="corrections">
      <summary>
        {log.cursor} {log.cursor === 1 ? "correction" : "corrections"}
        {unkept.value && ", not kept yet"}
      </summary>
      <button type="button" class="button" disabled={!unkept.value} onClick={keepCorrections}>
        Keep beside the series
      </button>
      <TextEntry
        class="text-field"
        aria-label="Folder for the corrected tracks"
        placeholder={offered}
        spellcheck={false}
        value={folder}
        done={(path) => setFolder(path.trim())}
      />
      <Toggle name="Replace files that are there" checked={replace} change={setReplace} />
      <button type="button" class="button" onClick={() => saveTracks(folder || offered, replace)}>
        Save corrected tracks
      </button>
      {savedTracks.value && <p class="note good">Saved {savedTracks.value.files.length} files</p>}
    </details>
  );
}

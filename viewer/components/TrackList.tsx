/** All tracks with their areas over time. */

import { useState } from "preact/hooks";
import { goToTrack } from "../page/series/follow.ts";
import { plotPlace } from "../page/series/pointed_plot.ts";
import { frame, frameCount } from "../page/series/time.ts";
import { sortTracks, sparkline, type TrackOrder } from "../page/series/track_order.ts";
import { selectedTracks, table, type Track, trackColour, tracks } from "../page/series/tracks.ts";
import { formatCount } from "../drawing/format.ts";
import { RowList } from "./RowList.tsx";
import { SortHeader } from "./SortHeader.tsx";
import { TrackActions } from "./TrackActions.tsx";

const rowHeight = 44, spark = { width: 120, height: 26 };

const columns: readonly (readonly [TrackOrder["by"], string])[] = [
  ["birth", "Birth"],
  ["size", "Largest"],
  ["length", "Frames"],
];

export function TrackList() {
  const [order, setOrder] = useState<TrackOrder>({ by: "size", rising: false });
  const listed = sortTracks(tracks.value.values(), order), selected = selectedTracks.value;
  const newest = selected.at(-1);
  return (
    <>
      <SortHeader
        what="tracks"
        lead="Area over time"
        tracks
        columns={columns}
        order={order}
        sort={setOrder}
      />
      <RowList
        label="Tracks"
        count={listed.length}
        rowHeight={rowHeight}
        newest={listed.findIndex(({ track }) => track === newest)}
        of={newest}
        idOf={(place) => `track-${listed[place].track}`}
        choose={(place, add) => goToTrack(listed[place].track, add)}
      >
        {(place, active) => (
          <TrackRow
            key={listed[place].track}
            track={listed[place]}
            place={place}
            count={listed.length}
            selected={selected.includes(listed[place].track)}
            active={active}
          />
        )}
      </RowList>
      <TrackActions />
    </>
  );
}

function TrackRow({ track: { track, regions, first, last, largest }, place, count, selected, active }: {
  readonly track: Track;
  /** In the list, from 0. */
  readonly place: number;
  readonly count: number;
  readonly selected: boolean;
  readonly active: boolean;
}) {
  const { frame: at, size } = table.value!, frames = frameCount.value, colour = trackColour(track);
  const areas = regions.map((region) => [at[region], size[region]] as const);
  // Numbers of a table alone mean little when they are read out.
  const now = frames > 1 ? spark.width * frame.value / (frames - 1) : 0;
  return (
    <div
      class={active ? "row tracks active" : "row tracks"}
      id={`track-${track}`}
      role="option"
      aria-selected={selected}
      aria-setsize={count}
      aria-posinset={place + 1}
      style={{ top: `${place * rowHeight}px` }}
      onPointerEnter={() => plotPlace.value = { track }}
      onPointerLeave={() => plotPlace.value = null}
      onClick={(event) => goToTrack(track, event.shiftKey || event.ctrlKey || event.metaKey)}
    >
      <div class="name">
        <i class="chip" style={{ background: colour }} />
        <span class="unseen">Track</span> {track}
        <span class="unseen">, frames {first} to {last}, at most {largest} probes</span>
      </div>
      <svg viewBox={`0 -2 ${spark.width} ${spark.height + 4}`} aria-hidden="true">
        <line class="now" x1={now} x2={now} y1={-2} y2={spark.height + 2} />
        <path d={sparkline(areas, frames, largest, spark)} style={{ stroke: colour }} />
      </svg>
      {[first, formatCount(largest), regions.length].map((shown, column) => <span key={column}>{shown}
      </span>)}
    </div>
  );
}

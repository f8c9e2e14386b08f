/** All tracks with their areas over time; only the rows in sight exist. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { goToTrack } from "../page/series/follow.ts";
import { frame, frameCount } from "../page/series/time.ts";
import { sortTracks, sparkline, type TrackOrder } from "../page/series/track_order.ts";
import { selectedTracks, table, type Track, trackColour, tracks } from "../page/series/tracks.ts";
import { formatCount } from "../drawing/format.ts";
import { TrackActions } from "./TrackActions.tsx";

const rowHeight = 44, beyondSight = 4, spark = { width: 120, height: 26 };

const columns: readonly (readonly [TrackOrder["by"], string])[] = [
  ["birth", "Birth"],
  ["size", "Largest"],
  ["length", "Frames"],
];

export function TrackList() {
  const [order, setOrder] = useState<TrackOrder>({ by: "size", rising: false });
  const [sight, setSight] = useState({ top: 0, height: 600 });
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const listed = sortTracks(tracks.value.values(), order), selected = selectedTracks.value;
  const newest = selected.at(-1);
  useEffect(() => {
    const element = list.current!;
    const measure = () => setSight({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const reveal = (place: number) => {
    const element = list.current;
    if (!element || place < 0) return;
    const top = place * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowHeight - element.clientHeight;
    }
  };
  useLayoutEffect(() => {
    if (newest === undefined) return;
    const place = listed.findIndex(({ track }) => track === newest);
    setActive(Math.max(0, place));
    reveal(place);
  }, [newest]);
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(sight.height / rowHeight) - 1), last = listed.length - 1;
    const to: Readonly<Record<string, number>> = {
      ...{ ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page },
      ...{ Home: 0, End: last },
    };
    const chooses = event.key === "Enter" || event.key === " ";
    if (!chooses && !(event.key in to) || last < 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (chooses) return goToTrack(listed[active].track, event.shiftKey || event.ctrlKey || event.metaKey);
    const place = Math.min(last, Math.max(0, to[event.key]));
    setActive(place);
    reveal(place);
  };
  const first = Math.max(0, Math.floor(sight.top / rowHeight) - beyondSight);
  const end = Math.min(listed.length, Math.ceil((sight.top + sight.height) / rowHeight) + beyondSight);
  return (
    <>
      <div class="list-header tracks" role="group" aria-label="Sort the tracks">
        <span>Area over time</span>
        {columns.map(([by, name]) => (
          <div key={by} aria-sort={order.by !== by ? undefined : order.rising ? "ascending" : "descending"}>
            <button
              type="button"
              aria-label={`Sort by ${by}`}
              onClick={() =>
                setOrder({ by, rising: order.by === by && !order.rising })}
            >
              {name}
            </button>
          </div>
        ))}
      </div>
      <div
        class="list"
        ref={list}
        role="listbox"
        aria-multiselectable="true"
        aria-label="Tracks"
        aria-activedescendant={listed[active] && `track-${listed[active].track}`}
        tabIndex={0}
        onScroll={(event) =>
          setSight({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
        onKeyDown={press}
      >
        <div ref={(element) => void (element && (element.style.height = `${listed.length * rowHeight}px`))}>
          {listed.slice(first, end).map((track, place) => (
            <TrackRow
              key={track.track}
              track={track}
              place={first + place}
              count={listed.length}
              selected={selected.includes(track.track)}
              active={first + place === active}
            />
          ))}
        </div>
      </div>
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
  const now = frames > 1 ? spark.width * frame.value / (frames - 1) : 0;
  return (
    <div
      class={active ? "row tracks active" : "row tracks"}
      id={`track-${track}`}
      role="option"
      aria-selected={selected}
      aria-setsize={count}
      aria-posinset={place + 1}
      aria-label={`Track ${track}, frames ${first} to ${last}, at most ${largest} probes`}
      style={{ top: `${place * rowHeight}px` }}
      onClick={(event) => goToTrack(track, event.shiftKey || event.ctrlKey || event.metaKey)}
    >
      <div class="name">
        <i class="chip" style={{ background: colour }} />
        {track}
      </div>
      <svg viewBox={`0 -2 ${spark.width} ${spark.height + 4}`} aria-hidden="true">
        <line class="now" x1={now} x2={now} y1={-2} y2={spark.height + 2} />
        <path d={sparkline(areas, frames, largest, spark)} style={{ stroke: colour }} />
      </svg>
      <span>{first}</span>
      <span>{formatCount(largest)}</span>
      <span>{regions.length}</span>
    </div>
  );
}

/** All clusters with thumbnails of their averages; only the rows in sight exist. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { excludeSelected, mergeSelected, splitSelected } from "../page/editing/editing.ts";
import { type Order, sortClusters } from "../page/looking/cluster_order.ts";
import { moveProbe, selectId } from "../page/looking/looking.ts";
import { hovered, item, labelled, run } from "../page/state.ts";
import { ClusterRow } from "./ClusterRow.tsx";
import { SelectionFacts } from "./SelectionFacts.tsx";
import { selectedIds } from "../page/looking/selection.ts";

const rowHeight = 52, beyondSight = 4;

const columns: readonly (readonly [Order["by"], string])[] = [
  ["position", "Position"],
  ["size", "Probes"],
  ["similarity", "Similarity"],
];

export function ClusterList() {
  const [order, setOrder] = useState<Order>({ by: "size", rising: false });
  const [sight, setSight] = useState({ top: 0, height: 600 });
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const shown = labelled.value;
  const ids = shown ? sortClusters(shown.clusters, order) : [];
  const selected = selectedIds.value;
  const newest = selected.at(-1);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
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
    const place = ids.indexOf(newest);
    setActive(Math.max(0, place));
    reveal(place);
  }, [newest, shown]);

  const choose = (id: number, add: boolean) => {
    const { seed } = shown!.clusters[id];
    if (!add) moveProbe(seed.row, seed.column);
    selectId(id, add);
  };
  const press = (event: KeyboardEvent) => {
    const last = ids.length - 1;
    const page = Math.max(1, Math.floor(sight.height / rowHeight) - 1);
    const to: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: last,
    };
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      if (ids[active] !== undefined) choose(ids[active], event.shiftKey || event.ctrlKey || event.metaKey);
    } else if (event.key in to && last >= 0) {
      event.preventDefault();
      event.stopPropagation();
      const place = Math.min(last, Math.max(0, to[event.key]));
      setActive(place);
      reveal(place);
    }
  };
  const first = Math.max(0, Math.floor(sight.top / rowHeight) - beyondSight);
  const end = Math.min(ids.length, Math.ceil((sight.top + sight.height) / rowHeight) + beyondSight);
  return (
    <>
      <div class="list-header" role="group" aria-label="Sort the clusters">
        <span />
        {columns.map(([by, name]) => (
          <div key={by} data-sort={order.by !== by ? undefined : order.rising ? "ascending" : "descending"}>
            <button
              type="button"
              aria-pressed={order.by === by}
              aria-label={`Sort by ${name.toLowerCase()}`}
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
        aria-label="Clusters"
        aria-activedescendant={ids[active] === undefined ? undefined : `cluster-${shown!.names[ids[active]]}`}
        tabIndex={0}
        onScroll={(event) =>
          setSight({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
        onKeyDown={press}
        onPointerLeave={() => hovered.value = -1}
      >
        <div ref={(element) => void (element && (element.style.height = `${ids.length * rowHeight}px`))}>
          {ids.slice(first, end).map((id, place) => (
            <ClusterRow
              key={shown!.names[id]}
              shown={shown!}
              id={id}
              top={(first + place) * rowHeight}
              count={ids.length}
              place={first + place + 1}
              selected={selected.includes(id)}
              active={first + place === active}
              choose={choose}
            />
          ))}
        </div>
      </div>
      <div class="list-actions">
        <SelectionFacts />
        <div>
          <button
            type="button"
            class="button"
            title="Merge the selected clusters  M"
            disabled={selected.length < 2 || run.value !== null}
            onClick={mergeSelected}
          >
            Merge
          </button>
          <button
            type="button"
            class="button"
            title="Cut at the weakest link  S"
            disabled={selected.length !== 1 || run.value !== null}
            onClick={splitSelected}
          >
            Split
          </button>
          <button
            type="button"
            class="button"
            title="Leave out of the result  X"
            disabled={selected.length === 0 || run.value !== null}
            onClick={excludeSelected}
          >
            Exclude
          </button>
        </div>
      </div>
      {!item.value?.clustering && !run.value && <p class="note unseen">There are no clusters yet.</p>}
    </>
  );
}

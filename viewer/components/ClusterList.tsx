/** All clusters with thumbnails of their averages. */

import { useState } from "preact/hooks";
import { excludeSelected, mergeSelected, splitSelected } from "../page/editing/editing.ts";
import { toggleLike } from "../page/looking/cluster_colouring.ts";
import { type Order, sortClusters } from "../page/looking/cluster_order.ts";
import { alikeIds, likeness } from "../page/looking/likeness.ts";
import { moveProbe, selectId } from "../page/looking/looking.ts";
import { selectedIds } from "../page/looking/selection.ts";
import { colouring, hovered, item, labelled, run } from "../page/state.ts";
import { ClusterRow } from "./ClusterRow.tsx";
import { notedIds } from "../page/looking/notes.ts";
import { NoteField, NoteFilter } from "./NoteField.tsx";
import { LikenessLine } from "./LikenessLine.tsx";
import { RowList } from "./RowList.tsx";
import { SelectionFacts } from "./SelectionFacts.tsx";
import { SortHeader } from "./SortHeader.tsx";

const rowHeight = 52;

type Columns = readonly (readonly [Order["by"], string])[];

const columns: Columns = [["position", "Position"], ["size", "Probes"], ["similarity", "Similarity"]];
const alikeColumns: Columns = [["position", "Position"], ["size", "Probes"], ["likeness", "Likeness"]];

export function ClusterList() {
  const [chosen, setOrder] = useState<Order>({ by: "size", rising: false });
  const [chosenAlike, setAlikeOrder] = useState<Order>({ by: "likeness", rising: false });
  const shown = labelled.value, alike = colouring.value === "like", listed = alikeIds.value;
  const order = alike ? chosenAlike : chosen;
  const sorted = shown ? sortClusters(shown.clusters, order, likeness.value) : [];
  const among = listed && new Set(listed);
  const noted = notedIds.value;
  const ids = sorted.filter((id) => (!among || among.has(id)) && (!noted || noted.has(id)));
  const selected = selectedIds.value, newest = selected.at(-1);
  return (
    <>
      {alike && <LikenessLine />}
      <NoteFilter />
      <SortHeader
        what="clusters"
        columns={alike ? alikeColumns : columns}
        order={order}
        sort={alike ? setAlikeOrder : setOrder}
      />
      <RowList
        label="Clusters"
        count={ids.length}
        rowHeight={rowHeight}
        newest={newest === undefined ? -1 : ids.indexOf(newest)}
        of={shown}
        idOf={(place) => `cluster-${shown!.names[ids[place]]}`}
        choose={(place, add) => choose(ids[place], add)}
        leave={() => hovered.value = -1}
      >
        {(place, active) => (
          <ClusterRow
            key={shown!.names[ids[place]]}
            shown={shown!}
            id={ids[place]}
            top={place * rowHeight}
            count={ids.length}
            place={place + 1}
            selected={selected.includes(ids[place])}
            active={active}
            likeness={alike ? likeness.value?.[ids[place]] : undefined}
            choose={choose}
          />
        )}
      </RowList>
      <div class="list-actions">
        <SelectionFacts />
        <NoteField />
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
          <button
            type="button"
            class="button"
            title="Colour and sort all clusters by how alike their averages are to this one  Y"
            aria-pressed={colouring.value === "like"}
            disabled={selected.length === 0 && colouring.value !== "like"}
            onClick={toggleLike}
          >
            Like this
          </button>
        </div>
      </div>
      {!item.value?.clustering && !run.value && <p class="note unseen">There are no clusters yet.</p>}
    </>
  );
}

/** Selects a cluster and moves the probe to where it began. */
function choose(id: number, add: boolean): void {
  const { seed } = labelled.peek()!.clusters[id];
  if (!add) moveProbe(seed.row, seed.column);
  selectId(id, add);
}

/** What a panel beside the map is called, with how many clusters or tracks it lists. */

import { table, tracks } from "../page/series/tracks.ts";
import { labelled, type Tab } from "../page/state.ts";

/** Names of the panels in their order. */
export const tabNames: Readonly<Record<Tab, string>> = {
  tracks: "Tracks",
  clusters: "Clusters",
  parameters: "Parameters",
  crystal: "Crystals",
  export: "Export",
};

export function TabName({ of }: { readonly of: Tab }) {
  const count = of === "tracks"
    ? table.value && tracks.value.size
    : of === "clusters"
    ? labelled.value?.clusters.length
    : null;
  return (
    <>
      {tabNames[of]}
      {typeof count === "number" && (
        <>
          {" "}
          <span class="count">{count}</span>
        </>
      )}
    </>
  );
}

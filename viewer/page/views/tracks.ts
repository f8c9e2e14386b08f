/** The regions of a frame of a series in the colours of their tracks, which stay from birth to death. */

import { computed, signal } from "@preact/signals";
import { followTrack } from "../series/follow.ts";
import { shownRegions, trackAt } from "../series/shown_regions.ts";
import { trackColour } from "../series/tracks.ts";
import { item } from "../state.ts";
import type { RealView } from "./view.ts";

let whole: Uint8Array = new Uint8Array(0);

/** Everything is in the mask: what is in no track is in no cluster. */
function wholeMask(length: number): Uint8Array {
  if (whole.length !== length) whole = new Uint8Array(length).fill(1);
  return whole;
}

export const tracksView: RealView = {
  name: "tracks",
  label: "Tracks",
  key: "1",
  group: "tracks",
  needs: ["tracks"],
  followsTheme: true,
  picture: computed(() => {
    const shown = shownRegions.value, shape = item.value?.shape;
    if (!shown || !shape) return null;
    const { rows, columns } = shape, { labels, colours } = shown;
    return { rows, columns, kind: "clusters", labels, colours, mask: wholeMask(labels.length) };
  }),
  legend: signal({
    kind: "categories",
    categories: [{ colour: "var(--small)", name: "in no cluster" }],
  }),
  read: (place) => {
    const shown = shownRegions.value;
    if (!shown) return null;
    const region = shown.labels[place] ?? -1;
    if (region < 0) return { before: "in no cluster" };
    const track = shown.tracks[region];
    return {
      colour: trackColour(track),
      value: `Track ${track}`,
      after: `cluster ${shown.clusters[region]}`,
    };
  },
  choose: (place, add) => followTrack(trackAt(place), add),
};

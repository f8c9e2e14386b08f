/**
 * The events of a series looked at once more, when more frames are known: what came and went within few frames is the
 * segmentation's, and what was there before, or still is, was only missed.
 */

import { isDoubtful, type TrackEvent } from "./events.ts";

/** Tracks that live for fewer frames, and end within the series, came and went with the segmentation. */
const leastLife = 3;
/** Light at the place of a region, in parts of its own: from this on a crystal is there. */
const crystalThere = 0.5;
/** Part of a region that a frame must show for it to be known that the region was not there. */
const mostlySeen = 0.5;
/** Where regions cover less than this part of the place of a region, nothing was there. */
const mostlyBare = 0.3;
/** Where they cover this part of it, they have taken it over; in between, borders were drawn differently. */
const mostlyCovered = 0.8;
/** What splits off lay in regions with at least this part of it: else it came from beside them. */
const whollyCovered = 0.9;
/** Frames in which what ended must be missed, and what split off must be seen. */
const confirmedBy = 2;
const endings: ReadonlySet<TrackEvent["kind"]> = new Set(["merge", "vanish", "death", "leave"]);

/** How long a track was seen. */
export interface TrackLife {
  readonly first: number;
  readonly last: number;
}

/**
 * Says what an event was, and whether it is doubtful.
 *
 * - What dwindles at the rim has left, also where another region has its place. What appears, or ends, away from it where
 *   both frames show most of it has not come in, or left.
 * - Doubtful is what {@link isDoubtful} says; what happens to a track of less than three frames; a birth where a crystal was
 *   before; a death where one still is, or where borders were only drawn differently; a split of what came from beside its
 *   parent; and a death or a split that no second frame confirms.
 *
 * @param lives of the tracks, by number
 * @param frames of the series so far
 */
export function reviewEvent(event: TrackEvent, lives: readonly TrackLife[], frames: number): TrackEvent {
  const kind = kindOf(event), { first, last } = lives[event.track];
  const short = last - first + 1 < leastLife && (endings.has(kind) || last < frames - 1);
  const there = kind === "birth" && (event.light >= crystalThere || event.covered >= mostlyBare) ||
    kind === "death" &&
      (event.light >= crystalThere || event.covered >= mostlyBare && event.covered < mostlyCovered);
  const besides = kind === "split" && (event.covered < whollyCovered || event.seen < mostlySeen);
  const unconfirmed = (kind === "death" || kind === "split") && event.frame > frames - confirmedBy;
  return {
    ...event,
    kind,
    doubtful: isDoubtful({ ...event, kind }) || short || there || besides || unconfirmed,
  };
}

function kindOf({ kind, atRim, seen }: TrackEvent): TrackEvent["kind"] {
  const inside = !atRim && seen >= mostlySeen;
  if (kind === "enter" && inside) return "birth";
  if (kind === "leave" && inside) return "death";
  if (kind === "vanish" && !inside) return "leave";
  return kind;
}

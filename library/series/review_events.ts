/**
 * The events of a series looked at once more, when more frames are known: what came and went within few frames is the
 * segmentation's, and what was there before, or still is, was only missed.
 */

import { isDoubtful, type TrackEvent } from "./events.ts";

/** Tracks that live for fewer frames, and end within the series, came and went with the segmentation. */
const leastLife = 3;
/** Part of a region that a frame must show for it to be known that the region was not there. */
const mostlySeen = 0.5;
/**
 * Light at the place of a region, in parts of its own, from which on a crystal is there: 0.36 and more where simulated crystals
 * were missed, up to 0.29 where they were born.
 */
const crystalThere = 0.33;
/** Where regions cover less than this part of the place of a region, nothing was there. */
const mostlyBare = 0.3;
/** Where regions cover this part of it, they have taken it over; in between, borders were drawn differently. */
const mostlyCovered = 0.8;
/** What ends with this part of its largest area, under several others, was not consumed: regions were drawn otherwise. */
const stillLarge = 0.4;
/** What splits off lay in regions with at least this part of it: else it came from beside them. */
const whollyCovered = 0.9;
/** Frames in which what ended must be missed, and what split off must be seen. */
const confirmedBy = 2;
/** A host that gains so many times its guest's area grows at the cost of that and of others: simulated mergers give 0.8 to 2.3. */
const mostPassed = 2.5;
/** Parts with this cosine need not be two crystals: in bent grains 0.3 to 0.8, in repaired regions of two crystals -0.1 to 0.2. */
const alikeParts = 0.3;
const endings: ReadonlySet<TrackEvent["kind"]> = new Set(["merge", "vanish", "death", "leave"]);

/** How long a track was seen. */
export interface TrackLife {
  readonly first: number;
  readonly last: number;
  /** Probes in the frame in which it was largest; absent where that is not known. */
  readonly largestArea?: number;
}

/**
 * Says what events were, and which are doubtful.
 *
 * - What dwindles at the rim has left, also where another region has its place. What appears, or ends, away from it where
 *   both frames show most of it has not come in, or left. What merges into a region that gains far more than its area was
 *   consumed.
 * - Doubtful is what {@link isDoubtful} says; what happens to a track of less than three frames, but for the birth of one that
 *   was seen to leave; a birth where a crystal was before; a death where one still is, where borders were only drawn differently, or at full size under several others; either beside a frame that was lost; a split of what came from beside its
 *   parent; a death or a split that no second frame confirms; and what splits off and goes back.
 *
 * @param lives of the tracks, by number
 * @param frames of the series so far
 */
export function reviewEvents(
  events: readonly TrackEvent[],
  lives: readonly TrackLife[],
  frames: number,
): TrackEvent[] {
  const gone = new Set(events.filter(isCarriedOut).map(({ track }) => track));
  const reviewed = events.map((event) => reviewEvent(event, lives[event.track], frames, gone));
  const pairs = new Map<string, TrackEvent[]>();
  for (const event of reviewed) {
    if (event.partner < 0) continue;
    const pair = pairOf(event), others = pairs.get(pair);
    if (others) others.push(event);
    else pairs.set(pair, [event]);
  }
  return reviewed.map((event) => {
    const goesBack = event.partner >= 0 && comesAndGoes(event, pairs.get(pairOf(event))!);
    return goesBack ? { ...event, doubtful: true } : event;
  });
}

/** Whether a region left because the specimen moved: the next frame does not show its place. */
function isCarriedOut(event: TrackEvent): boolean {
  return kindOf(event) === "leave" && event.seen < mostlySeen && !isBesideLost(event);
}

/** Whether the other frame of what began or ended alone was lost: then nothing is known of the place. */
function isBesideLost({ covered }: TrackEvent): boolean {
  return Number.isNaN(covered);
}

/** The two tracks of an event, whichever is which. */
function pairOf({ track, partner }: TrackEvent): string {
  return `${Math.min(track, partner)},${Math.max(track, partner)}`;
}

/**
 * Whether what splits off goes back soon, or what goes back had hardly split off: then it was one crystal all the time.
 *
 * @param others events of the same two tracks
 */
function comesAndGoes({ kind, frame }: TrackEvent, others: readonly TrackEvent[]): boolean {
  const soon = (earlier: number, later: number) => later >= earlier && later - earlier < leastLife;
  if (kind === "split") {
    return others.some((other) =>
      (other.kind === "merge" || other.kind === "vanish") && soon(frame, other.frame)
    );
  }
  return kind === "merge" && others.some((other) =>
    other.kind === "split" && frame >= other.frame &&
    (soon(other.frame, frame) || other.doubtful && other.unionCosine >= alikeParts)
  );
}

function reviewEvent(
  event: TrackEvent,
  { first, last, largestArea }: TrackLife,
  frames: number,
  gone: ReadonlySet<number>,
): TrackEvent {
  const kind = kindOf(event);
  const brief = last - first + 1 < leastLife && (endings.has(kind) || last < frames - 1);
  const short = brief && !(kind === "birth" && gone.has(event.track));
  const there = kind === "birth" && (event.light >= crystalThere || event.covered >= mostlyBare) ||
    kind === "death" &&
      (event.light >= crystalThere || event.covered >= mostlyBare && event.covered < mostlyCovered ||
        event.covered >= mostlyCovered && event.size >= stillLarge * (largestArea ?? Infinity));
  const hidden = (kind === "birth" || kind === "death") && event.seen < mostlySeen || isBesideLost(event);
  const besides = kind === "split" && (event.covered < whollyCovered || event.seen < mostlySeen);
  const unconfirmed = (kind === "death" || kind === "split") && event.frame > frames - confirmedBy;
  return {
    ...event,
    kind,
    doubtful: isDoubtful({ ...event, kind }) || short || there || hidden || besides || unconfirmed,
  };
}

function kindOf({ kind: told, atRim, seen, areaPassed }: TrackEvent): TrackEvent["kind"] {
  const kind = told === "merge" && areaPassed > mostPassed ? "vanish" : told;
  const inside = !atRim && seen >= mostlySeen;
  if (kind === "enter" && inside) return "birth";
  if (kind === "leave" && inside) return "death";
  if (kind === "vanish" && !inside) return "leave";
  return kind;
}

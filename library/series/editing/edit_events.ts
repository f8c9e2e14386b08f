/** What happened to tracks after corrections: what still holds, under which numbers, and what was made by hand. */

import type { EventKind, TrackEvent } from "../events.ts";

/** Regions with their tracks before and after the corrections; see `SeriesRegions`. */
export interface EditedRegions {
  readonly frame: Int32Array;
  readonly before: Int32Array;
  readonly after: Int32Array;
}

/** An event that still holds. */
export interface KeptEvent {
  /** Its place in the list that was given. */
  readonly index: number;
  /** Tracks after the corrections; -1 = none. */
  readonly track: number;
  readonly partner: number;
}

/** A beginning or an end that the corrections made. */
export interface MadeEvent {
  readonly kind: "birth" | "death";
  /** First frame after it. */
  readonly frame: number;
  readonly track: number;
  /** The region that began, or ended. */
  readonly region: number;
}

const beginnings: ReadonlySet<EventKind> = new Set(["split", "birth", "enter"]);

/** Whether an event is the beginning of a track; else it is its end. */
function isBeginning(kind: EventKind): boolean {
  return beginnings.has(kind);
}

/**
 * What of the events still holds: the beginning of the region that a track begins with now, the end of the one that it ends
 * with. A track that begins or ends otherwise was born, or died, by hand.
 *
 * @param frames of the series
 */
export function editEvents(
  events: readonly Pick<TrackEvent, "kind" | "frame" | "track" | "partner">[],
  { frame, before, after }: EditedRegions,
  frames: number,
): { readonly kept: readonly KeptEvent[]; readonly made: readonly MadeEvent[] } {
  const starts = frameStarts(frame, frames);
  /** The region of a track, by its number before the corrections. */
  const find = (at: number, track: number) => {
    for (let region = starts[at] ?? 0; region < (starts[at + 1] ?? 0); region++) {
      if (before[region] === track) return region;
    }
    return -1;
  };
  const first = new Map<number, number>(), last = new Map<number, number>();
  after.forEach((track, region) => {
    if (!first.has(track)) first.set(track, region);
    last.set(track, region);
  });
  // An end may be told of an earlier frame: what came out for a moment and went back in had ended when it did first.
  const lastLinked = new Map<number, number>();
  before.forEach((track, region) => lastLinked.set(track, region));
  const kept: KeptEvent[] = [], began = new Set<number>(), ended = new Set<number>();
  events.forEach(({ kind, frame: at, track: number, partner: other }, index) => {
    const begins = isBeginning(kind), region = begins ? find(at, number) : lastLinked.get(number) ?? -1;
    if (region < 0) return;
    const track = after[region], partnerRegion = other < 0 ? -1 : find(begins ? at - 1 : at, other);
    const partner = partnerRegion < 0 ? -1 : after[partnerRegion];
    if ((begins ? first : last).get(track) !== region || partner === track) return;
    if (!begins && frame[first.get(track)!] >= at) return;
    (begins ? began : ended).add(track);
    kept.push({ index, track, partner });
  });
  const made: MadeEvent[] = [];
  for (const [track, region] of first) {
    if (frame[region] > 0 && !began.has(track)) {
      made.push({ kind: "birth", frame: frame[region], track, region });
    }
  }
  for (const [track, region] of last) {
    if (frame[region] < frames - 1 && !ended.has(track)) {
      made.push({ kind: "death", frame: frame[region] + 1, track, region });
    }
  }
  return { kept, made };
}

/** First region of each frame, and behind the last one the number of all. */
export function frameStarts(frame: Int32Array, frames: number): Int32Array {
  const starts = new Int32Array(frames + 1);
  for (const at of frame) starts[at + 1]++;
  for (let at = 0; at < frames; at++) starts[at + 1] += starts[at];
  return starts;
}

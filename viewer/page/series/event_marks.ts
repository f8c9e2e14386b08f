/** Events of a series as marks and in words. */

import type { EventKind } from "../../../library/series/events.ts";
import type { SeriesEvent } from "../../protocol/series.ts";

/** Events by kind: in words, and as a mark about the origin. */
export const eventKinds: Readonly<Record<EventKind, { readonly word: string; readonly mark: string }>> = {
  birth: { word: "appears", mark: "M-3 3H3L0 -3Z" },
  enter: { word: "enters", mark: "M-3 -3L3 0L-3 3Z" },
  split: { word: "splits from", mark: "M0 3V0L-3 -3M0 0L3 -3" },
  merge: { word: "merges into", mark: "M-3 3L0 0V-3M3 3L0 0" },
  vanish: { word: "vanishes into", mark: "M-3 -3L3 3M3 -3L-3 3" },
  death: { word: "ends", mark: "M-3 -3H3L0 3Z" },
  leave: { word: "leaves", mark: "M3 -3L-3 0L3 3Z" },
};

/** Cosine from which what meets looks like one crystal that was cut: see docs/using/series.md. */
const alike = 0.9;

/** Whether an event is told without reserve: neither open still, nor more likely a repair of one crystal. */
export function isCertain({ kind, provisional, doubtful, cosine, byHand }: SeriesEvent): boolean {
  if (byHand) return true;
  const repair = doubtful ??
    ((kind === "merge" || kind === "split") && cosine !== undefined && cosine >= alike);
  return !provisional && !repair;
}

/** An event in words, such as `Frame 12: track 3 merges into 5 (cosine 0.42)`. */
export function wordsOf(event: SeriesEvent): string {
  const { kind, frame, track, partner, provisional, cosine, byHand } = event;
  const notes = [
    cosine !== undefined && `cosine ${cosine.toFixed(2).replace("-", "\u2212")}`,
    byHand ? "by hand" : provisional && "may come back",
    !isCertain(event) && !provisional &&
    (kind === "merge" || kind === "split" ? "more likely a cut in one frame" : "doubtful"),
  ].filter(Boolean);
  const what = `track ${track} ${eventKinds[kind].word}${partner >= 0 ? ` ${partner}` : ""}`;
  return `Frame ${frame}: ${what}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
}

/** The events of a frame as they are marked. */
export interface Mark {
  readonly frame: number;
  /** The one that a click goes to: of the followed track, else the first. */
  readonly event: SeriesEvent;
  readonly all: readonly SeriesEvent[];
  readonly kinds: readonly EventKind[];
  /** Kinds of which one at least is told without reserve. */
  readonly certain: ReadonlySet<EventKind>;
  /** Whether the followed track is among them. */
  readonly own: boolean;
}

/** Marks by frame. What comes and goes at the rim is marked for the followed track alone. */
export function marksOf(events: readonly SeriesEvent[], followed: number): Mark[] {
  const byFrame = new Map<number, SeriesEvent[]>();
  const isOwn = ({ track, partner }: SeriesEvent) =>
    followed >= 0 && (track === followed || partner === followed);
  for (const event of events) {
    if ((event.kind === "enter" || event.kind === "leave") && !isOwn(event)) continue;
    byFrame.set(event.frame, [...byFrame.get(event.frame) ?? [], event]);
  }
  return Array.from(byFrame, ([frame, all]): Mark => {
    const own = all.find(isOwn);
    return {
      ...{ frame, all, event: own ?? all[0], own: own !== undefined },
      kinds: [...new Set(all.map(({ kind }) => kind))],
      certain: new Set(all.filter(isCertain).map(({ kind }) => kind)),
    };
  });
}

/** The tracks that a track came from, and those that it went into or gave rise to. */
export function lineageOf(
  events: readonly SeriesEvent[],
  track: number,
): { readonly parents: readonly SeriesEvent[]; readonly children: readonly SeriesEvent[] } {
  const joins = (kind: EventKind) => kind === "merge" || kind === "vanish";
  return {
    parents: events.filter((event) =>
      event.kind === "split" && event.track === track || joins(event.kind) && event.partner === track
    ),
    children: events.filter((event) =>
      joins(event.kind) && event.track === track || event.kind === "split" && event.partner === track
    ),
  };
}

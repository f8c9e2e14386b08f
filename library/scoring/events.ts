/** How well events that were found in a series agree with those that truly happened. */

import { type KnownSeries, scoredKinds, type TrueEvent, trueEvents } from "./true_events.ts";

/** Frames by which an event may be early or late. */
const tolerance = 2;

/** An event that was found. */
export interface FoundEvent {
  /** One of the scored kinds, or `vanish`, which counts as the death that it is; others are left out. */
  readonly kind: string;
  /** First frame after it. */
  readonly frame: number;
  /** The track that began or ended, and the one that it went into or came from; -1 = none. */
  readonly track: number;
  /** See `track`. */
  readonly partner: number;
}

/** How the events of a kind were found. */
export interface EventScore {
  /** Events that truly happened. */
  readonly real: number;
  /** Events that were told. */
  readonly told: number;
  /** Events that truly happened and were told. */
  readonly found: number;
}

/** Scores by kind. */
export type EventScores = Readonly<Record<typeof scoredKinds[number], EventScore>>;

/**
 * Scores events. Tracks stand for the object that has most of their probes; an event is found where one of its kind with
 * the same objects is told, at most two frames early or late.
 *
 * @param tracks track of each probe, negative = none; (frame, row, column) row-major
 */
export function scoreEvents(
  events: readonly FoundEvent[],
  tracks: ArrayLike<number>,
  known: KnownSeries,
): EventScores {
  const dominant = new Dominant(tracks, known);
  const told = events.map((event) => asObjects(event, dominant));
  const real = trueEvents(known);
  return Object.fromEntries(scoredKinds.map((kind) => {
    const mine = told.filter((event) => event.kind === kind),
      theirs = real.filter((event) => event.kind === kind);
    const used = new Set<TrueEvent>();
    let found = 0;
    for (const event of theirs) {
      const match = mine.find((other) =>
        !used.has(other) && Math.abs(other.frame - event.frame) <= tolerance && sameObjects(event, other)
      );
      if (!match) continue;
      used.add(match);
      found++;
    }
    return [kind, { real: theirs.length, told: mine.length, found }];
  })) as EventScores;
}

/** Object with most probes of each track, frame by frame. */
class Dominant {
  readonly #objects = new Map<string, number>();
  /** Frames in which each track is seen, ascending. */
  readonly #frames = new Map<number, number[]>();

  constructor(tracks: ArrayLike<number>, { rows, columns, labels }: KnownSeries) {
    const probes = rows * columns;
    for (let frame = 0; frame * probes < tracks.length; frame++) {
      const counts = new Map<number, Map<number, number>>();
      for (let probe = frame * probes; probe < (frame + 1) * probes; probe++) {
        const track = tracks[probe];
        if (track < 0) continue;
        const objects = counts.get(track) ?? new Map<number, number>();
        counts.set(
          track,
          objects.set(Math.max(-1, labels[probe]), (objects.get(Math.max(-1, labels[probe])) ?? 0) + 1),
        );
      }
      for (const [track, objects] of counts) {
        const [[object]] = Array.from(objects).sort(([a, m], [b, n]) => n - m || a - b);
        this.#objects.set(`${frame},${track}`, object);
        this.#frames.set(track, [...this.#frames.get(track) ?? [], frame]);
      }
    }
  }

  /** `undefined` where the track is not seen. */
  at(frame: number, track: number): number | undefined {
    return this.#objects.get(`${frame},${track}`);
  }

  /** Last frame before this one in which a track is seen. */
  lastBefore(frame: number, track: number): number {
    return this.#frames.get(track)?.findLast((other) => other < frame) ?? -1;
  }
}

function asObjects({ kind, frame, track, partner }: FoundEvent, dominant: Dominant): TrueEvent {
  const ends = kind === "merge" || kind === "death" || kind === "vanish";
  const at = ends ? dominant.lastBefore(frame, track) : frame;
  const other = kind === "vanish" || partner < 0
    ? -1
    : dominant.at(at, partner) ?? dominant.at(ends ? frame : frame - 1, partner) ?? -1;
  return {
    kind: (kind === "vanish" ? "death" : kind) as TrueEvent["kind"],
    frame,
    object: dominant.at(at, track) ?? -1,
    partner: other,
  };
}

/** Which of two is the host is a convention; so is which part of a split is the new one. */
function sameObjects(one: TrueEvent, other: TrueEvent): boolean {
  if (one.kind === "birth" || one.kind === "death") return one.object === other.object;
  return one.object === other.object && one.partner === other.partner ||
    one.object === other.partner && one.partner === other.object;
}

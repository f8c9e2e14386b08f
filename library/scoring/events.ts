/** How well events that were found in a series agree with those that truly happened. */

import { type KnownSeries, leastProbes, scoredKinds, type TrueEvent, trueEvents } from "./true_events.ts";

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
 * Scores events. Tracks stand for the object that has most of their probes, see `mainObject`; an event is found where one of its kind with
 * the same objects is told, at most two frames before it can be seen or after it. What only crosses the limit of size, or
 * is told of an object while that is too small to count, is neither missed nor told in error.
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
    const used = new Set<ToldEvent>();
    const match = ({ earliest, latest, ...event }: TrueEvent) => {
      const fitting = mine.find((other) =>
        !used.has(other) && other.frame >= earliest - tolerance && other.frame <= latest + tolerance &&
        sameObjects(event, other)
      );
      if (fitting) used.add(fitting);
      return fitting !== undefined;
    };
    const counted = theirs.filter(({ scored }) => scored), found = counted.filter(match).length;
    const others = theirs.filter(({ scored }) => !scored).filter(match).length;
    const small = mine.filter((event) => event.small && !used.has(event)).length;
    return [kind, { real: counted.length, told: mine.length - others - small, found }];
  })) as EventScores;
}

/** What was told, in objects. */
interface ToldEvent extends Pick<TrueEvent, "kind" | "frame" | "object" | "partner"> {
  /** Whether the object is too small to count when it is told of. */
  readonly small: boolean;
}

/**
 * The object that has most of a region's probes; -1 where none has any. Rims of small particles have more probes than these:
 * where bare support has most, it is the object that lies in the region for the most part, if one does.
 *
 * @param objects probes of the region that each object has
 * @param sizes probes that each object has in the frame
 */
function mainObject(objects: ReadonlyMap<number, number>, sizes: ReadonlyMap<number, number>): number {
  const [[first], second] = Array.from(objects).sort(([a, m], [b, n]) => n - m || a - b);
  if (first >= 0 || !second) return first;
  const [object, common] = second;
  return 2 * common > sizes.get(object)! ? object : first;
}

/** Object of each track, frame by frame. */
class Dominant {
  readonly #objects = new Map<string, number>();
  /** Frames in which each track is seen, ascending. */
  readonly #frames = new Map<number, number[]>();
  /** Probes of the objects of each frame. */
  readonly #sizes: Map<number, number>[] = [];

  constructor(tracks: ArrayLike<number>, { rows, columns, labels }: KnownSeries) {
    const probes = rows * columns;
    for (let frame = 0; frame * probes < tracks.length; frame++) {
      const counts = new Map<number, Map<number, number>>(), sizes = new Map<number, number>();
      for (let probe = frame * probes; probe < (frame + 1) * probes; probe++) {
        const track = tracks[probe], object = Math.max(-1, labels[probe]);
        sizes.set(object, (sizes.get(object) ?? 0) + 1);
        if (track < 0) continue;
        const objects = counts.get(track) ?? new Map<number, number>();
        counts.set(track, objects.set(object, (objects.get(object) ?? 0) + 1));
      }
      this.#sizes.push(sizes);
      for (const [track, objects] of counts) {
        this.#objects.set(`${frame},${track}`, mainObject(objects, sizes));
        this.#frames.set(track, [...this.#frames.get(track) ?? [], frame]);
      }
    }
  }

  /** `undefined` where the track is not seen. */
  at(frame: number, track: number): number | undefined {
    return this.#objects.get(`${frame},${track}`);
  }

  /** Whether an object has too few probes in a frame to count. */
  isSmall(frame: number, object: number): boolean {
    return (this.#sizes[frame].get(object) ?? 0) < leastProbes;
  }

  /** Last frame before this one in which a track is seen. */
  lastBefore(frame: number, track: number): number {
    return this.#frames.get(track)?.findLast((other) => other < frame) ?? -1;
  }
}

function asObjects({ kind, frame, track, partner }: FoundEvent, dominant: Dominant): ToldEvent {
  const ends = kind === "merge" || kind === "death" || kind === "vanish";
  const at = ends ? dominant.lastBefore(frame, track) : frame;
  const other = kind === "vanish" || partner < 0
    ? -1
    : dominant.at(at, partner) ?? dominant.at(ends ? frame : frame - 1, partner) ?? -1;
  const object = dominant.at(at, track) ?? -1;
  return {
    kind: (kind === "vanish" ? "death" : kind) as TrueEvent["kind"],
    ...{ frame, object, partner: other },
    small: object >= 0 && dominant.isSmall(at, object),
  };
}

/** Which of two is the host is a convention; so is which part of a split is the new one. */
function sameObjects(one: Pick<TrueEvent, "kind" | "object" | "partner">, other: ToldEvent): boolean {
  if (one.kind === "birth" || one.kind === "death") return one.object === other.object;
  return one.object === other.object && one.partner === other.partner ||
    one.object === other.partner && one.partner === other.object;
}

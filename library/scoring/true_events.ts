/** What truly happens to the objects of a series, as far as it can be seen in their labels. */

/** Objects of the truth with fewer probes in a frame are not counted there, nor is what was found on them. */
export const leastProbes = 9;

/** A series of which the objects are known. */
export interface KnownSeries {
  /** Scan rows. */
  readonly rows: number;
  /** Scan columns. */
  readonly columns: number;
  /** Object of each probe, negative = none; (frame, row, column) row-major. */
  readonly labels: ArrayLike<number>;
  /** Object that each object is part of: itself, or what it merged into; (frame, object) row-major. None: nothing merges. */
  readonly merged?: ArrayLike<number>;
  /** Object that each object split from, or -1. None: nothing splits. */
  readonly splitOf?: ArrayLike<number>;
}

/** Kinds of events that are scored. */
export const scoredKinds = ["merge", "split", "birth", "death"] as const;

/** An event of the truth. */
export interface TrueEvent {
  readonly kind: typeof scoredKinds[number];
  /** First frame after it. */
  readonly frame: number;
  /** The object that began or ended. */
  readonly object: number;
  /** What it merged into or split from; -1 = none. */
  readonly partner: number;
  /** Frames in which it may be seen: an object has a probe before it counts, and still has one when it counts no longer. */
  readonly earliest: number;
  /** See `earliest`. */
  readonly latest: number;
  /**
   * Whether it must be told. Need not be what only crosses the limit of size: an object that is seen in the first frame is
   * not born when it counts at last, nor does one die that is seen in the last frame; nor is either born or dead that came
   * in, or left, before it counted, or after.
   */
  readonly scored: boolean;
}

/** Where an object counts, or where it is seen at all. */
interface Seen {
  first: number;
  last: number;
  /** Whether it is at the rim in these frames. */
  firstAtRim: boolean;
  lastAtRim: boolean;
}

/**
 * The events, by object. An object counts in a frame where it has 9 probes or more. Beginnings and ends at the rim of the
 * frame are none: something came in or left. In the first and the last frame nothing begins or ends.
 */
export function trueEvents(known: KnownSeries): TrueEvent[] {
  const { rows, columns, labels, merged, splitOf } = known;
  const probes = rows * columns, frames = labels.length / probes;
  const objects = new Map<number, Seen>(), glimpsed = new Map<number, Seen>(), visible: Set<number>[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const { sizes, atRim } = objectsOf(labels, frame, rows, columns);
    const seen = new Set(
      Array.from(sizes).filter(([, size]) => size >= leastProbes).map(([object]) => object),
    );
    visible.push(seen);
    const note = (map: Map<number, Seen>, object: number) => {
      const rim = atRim.has(object), before = map.get(object);
      if (before) Object.assign(before, { last: frame, lastAtRim: rim });
      else map.set(object, { first: frame, last: frame, firstAtRim: rim, lastAtRim: rim });
    };
    for (const object of sizes.keys()) note(glimpsed, object);
    for (const object of seen) note(objects, object);
  }
  const count = merged ? merged.length / frames : 0, events: TrueEvent[] = [];
  for (
    const [object, { first, last, firstAtRim, lastAtRim }] of Array.from(objects).sort(([a], [b]) => a - b)
  ) {
    const glimpse = glimpsed.get(object)!;
    const begins = { frame: first, earliest: glimpse.first, latest: first };
    const ends = { frame: last + 1, earliest: last + 1, latest: glimpse.last + 1 };
    if (first > 0) {
      const parent = splitOf?.[object] ?? -1;
      if (parent >= 0 && visible[first - 1].has(parent)) {
        events.push({ kind: "split", ...begins, object, partner: parent, scored: true });
      } else if (!firstAtRim) {
        const scored = glimpse.first > 0 && !glimpse.firstAtRim;
        events.push({ kind: "birth", ...begins, object, partner: -1, scored });
      }
    }
    if (last < frames - 1) {
      const host = merged && object < count ? merged[(last + 1) * count + object] : object;
      if (host !== object && visible[last + 1].has(host)) {
        events.push({ kind: "merge", ...ends, object, partner: host, scored: true });
      } else if (!lastAtRim) {
        const scored = glimpse.last < frames - 1 && !glimpse.lastAtRim;
        events.push({ kind: "death", ...ends, object, partner: -1, scored });
      }
    }
  }
  return events;
}

/** Probes of each object of a frame, and the objects at its rim. */
function objectsOf(labels: ArrayLike<number>, frame: number, rows: number, columns: number) {
  const sizes = new Map<number, number>(), atRim = new Set<number>();
  for (let row = 0, probe = frame * rows * columns; row < rows; row++) {
    for (let column = 0; column < columns; column++, probe++) {
      const label = labels[probe];
      if (label < 0) continue;
      sizes.set(label, (sizes.get(label) ?? 0) + 1);
      if (row === 0 || row === rows - 1 || column === 0 || column === columns - 1) atRim.add(label);
    }
  }
  return { sizes, atRim };
}

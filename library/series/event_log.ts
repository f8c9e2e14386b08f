/** Events in the order in which they were found; ends are taken back where a track comes again. */

import { type EventKind, isDoubtful, type TrackEvent } from "./events.ts";

/** What an event has without a partner. */
const alone = {
  ...{ partner: -1, partnerSize: 0, weight: NaN, cosine: NaN, unionCosine: NaN, borderBefore: NaN },
  ...{ borderNow: NaN, areaPassed: NaN },
};

/** What must be said of an event, and what may be of its partner. */
export type NotedEvent =
  & Pick<TrackEvent, "frame" | "track" | "size" | "row" | "column" | "atRim" | "seen" | "covered" | "light">
  & Partial<Omit<TrackEvent, "kind" | "provisional" | "doubtful">>;

/** Grows with the series. */
export class EventLog {
  readonly #events: TrackEvent[] = [];
  readonly #withdrawn = new Set<number>();
  #takenBack = 0;

  /** Events that did not hold, though both frames were there. */
  get takenBack(): number {
    return this.#takenBack;
  }

  /** Notes an event. */
  note(kind: EventKind, noted: NotedEvent): number {
    const event = { kind, ...alone, ...noted, provisional: false };
    return this.#events.push({ ...event, doubtful: isDoubtful(event) }) - 1;
  }

  /**
   * An end did not happen.
   *
   * @param counts whether regions came and went: not where a frame was lost
   */
  takeBack(event: number, counts = true): void {
    this.#withdrawn.add(event);
    if (counts) this.#takenBack++;
  }

  /**
   * What was taken back happened after all, unless it was doubtful.
   *
   * @returns whether it did
   */
  reinstate(event: number): boolean {
    return !this.#events[event].doubtful && this.#withdrawn.delete(event);
  }

  /** All that hold; those of these numbers may still be taken back. */
  list(open: ReadonlySet<number>): TrackEvent[] {
    return this.#events.flatMap((event, index) =>
      this.#withdrawn.has(index) ? [] : [{ ...event, provisional: open.has(index) }]
    );
  }
}

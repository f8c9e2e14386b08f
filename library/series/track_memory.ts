/** What a tracker remembers: tracks that ended and may come back, who is inside whom, and the frames that these refer to. */

import type { Drift } from "./drift.ts";
import { type PairedFrames, pairFrames } from "./link_weights.ts";
import type { RegionFrame, Shift } from "./region_frame.ts";

/** What comes out of another for fewer frames, and goes into it again, was in it all the time. */
const briefly = 3;

/** A region of a frame. */
export interface RegionPlace {
  readonly frame: number;
  readonly region: number;
}

/** A track that ended, and may come back. */
export interface LostTrack extends RegionPlace {
  /** Number of the event that says so. */
  readonly event: number;
  /** Track that took it in, or -1. */
  readonly host: number;
  /** Frame after which it is forgotten. */
  readonly until: number;
}

/** The past, as far as it still matters. */
export class TrackMemory {
  readonly #frames = new Map<number, { readonly frame: RegionFrame; readonly drift: Drift }>();
  readonly #lost = new Map<number, LostTrack>();
  /** Where a host was before it took in others. */
  readonly #before = new Map<number, RegionPlace>();
  readonly #guests = new Map<number, Set<number>>();

  /** Tracks that came back out of others: what they were lost as, and the frame in which they came back. */
  readonly #returned = new Map<number, { readonly lost: LostTrack; readonly frame: number }>();

  keep(t: number, frame: RegionFrame, drift: Drift): void {
    this.#frames.set(t, { frame, drift });
  }

  frame(t: number): RegionFrame | undefined {
    return this.#frames.get(t)?.frame;
  }

  /** How far the specimen moved between two kept frames, in whole steps; halves are rounded up. */
  shift(earlier: number, later: number): Shift {
    const from = this.#frames.get(earlier)!.drift, to = this.#frames.get(later)!.drift;
    return { row: Math.floor(to.row - from.row + 0.5), column: Math.floor(to.column - from.column + 0.5) };
  }

  pair(earlier: number, later: number, motion?: (region: number) => Shift): PairedFrames {
    return pairFrames(this.frame(earlier)!, this.frame(later)!, this.shift(earlier, later), motion);
  }

  /** Tracks that may come back, in the order in which they were lost. */
  lost(): [track: number, LostTrack][] {
    return Array.from(this.#lost);
  }

  /** The tracks that a host took in and that may come out, by number. */
  lostIn(host: number): (RegionPlace & { readonly track: number })[] {
    return this.lost()
      .filter(([, lost]) => lost.host === host)
      .map(([track, { frame, region }]) => ({ track, frame, region }))
      .sort((one, other) => one.track - other.track);
  }

  /** Hosts with where they were before they took in others, by number. */
  hosts(): [host: number, RegionPlace][] {
    return Array.from(this.#before).sort(([one], [other]) => one - other);
  }

  lose(track: number, lost: LostTrack): void {
    this.#lost.set(track, lost);
  }

  /** Notes where a host was, unless it has guests already. */
  takeIn(host: number, place: RegionPlace): void {
    if (!this.#before.has(host)) this.#before.set(host, place);
  }

  addGuest(host: number, track: number): void {
    this.#guests.set(host, (this.#guests.get(host) ?? new Set()).add(track));
  }

  guests(host: number): number {
    return this.#guests.get(host)?.size ?? 0;
  }

  /** A lost track came back in frame `t`. */
  find(track: number, t: number): LostTrack {
    const lost = this.#lost.get(track)!;
    this.#lost.delete(track);
    if (lost.host >= 0) this.#returned.set(track, { lost, frame: t });
    this.#guests.get(lost.host)?.delete(track);
    return lost;
  }

  /** What a track was lost as that came out of this host only so lately, and is not seen in frame `t`. */
  wasOut(track: number, host: number, t: number): LostTrack | undefined {
    const returned = this.#returned.get(track);
    return returned?.lost.host === host && t - returned.frame < briefly ? returned.lost : undefined;
  }

  /** Forgets where a host was, once it has no guest that could come out. */
  settle(host: number): void {
    if (this.lostIn(host).length === 0) this.#before.delete(host);
  }

  /** Forgets what is too long ago, and frames that nothing refers to. */
  forget(t: number): void {
    for (const [track, { until }] of this.lost()) {
      if (until <= t) this.#lost.delete(track);
    }
    for (const [host] of this.hosts()) this.settle(host);
    const needed = new Set([t]);
    for (const { frame } of this.#lost.values()) needed.add(frame);
    for (const { frame } of this.#before.values()) needed.add(frame);
    for (const kept of Array.from(this.#frames.keys())) {
      if (!needed.has(kept)) this.#frames.delete(kept);
    }
  }
}

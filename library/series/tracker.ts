/**
 * Links the regions of frame after frame into tracks. What is lost is remembered for a while, so that a crystal that was
 * missed in a frame, or hidden in another, keeps its number when it comes back.
 *
 * Streaming: a frame is linked when it comes, and only frames that something still refers to are kept. There is nothing
 * random and nothing else to remember: the same frames in the same order give the same tracks.
 */

import { type FramesBetween, judgeBeginning, judgeEnd, unseen } from "./beginnings_and_ends.ts";
import type { Drift } from "./drift.ts";
import { EventLog } from "./event_log.ts";
import type { TrackEvent } from "./events.ts";
import { chooseAfterGaps, chooseParts, type Compare, partsOfHost } from "./coming_back.ts";
import { FrameLinks, type TrackLink } from "./frame_links.ts";
import { linkCandidates } from "./link_candidates.ts";
import { chooseGreedily, leastWeight, type PairedFrames } from "./link_weights.ts";
import { type MissedRegion, recognise } from "./recognition.ts";
import { RegionFrame, type RegionFrameInput } from "./region_frame.ts";
import { TrackMemory } from "./track_memory.ts";
import { TrackMotion } from "./track_motion.ts";
import { TrackPatterns } from "./track_patterns.ts";
import { TrackSizes } from "./track_sizes.ts";

/** How long tracks are remembered, in frames. */
export interface TrackerOptions {
  /** Those that ended alone; default 2. */
  readonly gap?: number;
  /** Those that another took in, and those that are known again by their patterns; default 10. */
  readonly remember?: number;
  /** Whether regions that lie elsewhere than expected are known again by their patterns; default true. */
  readonly recognise?: boolean;
}

/** Tracks in the making. */
export class Tracker {
  readonly #gap: number;
  readonly #remember: number;
  readonly #recognises: boolean;
  readonly #motion = new TrackMotion();
  readonly #patterns = new TrackPatterns();
  readonly #memory = new TrackMemory();
  readonly #events = new EventLog();
  readonly #sizes = new TrackSizes();
  #frames = 0;
  #tracks = 0;
  /** Frames of which nothing is known. */
  readonly #unknown = new Set<number>();
  /** Track of each region of the frame before. */
  #previous = new Int32Array(0);

  constructor({ gap = 2, remember = 10, recognise = true }: TrackerOptions = {}) {
    this.#recognises = recognise;
    this.#gap = gap;
    this.#remember = remember;
  }

  /** Frames linked so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Tracks so far; they are numbered from 0 in the order in which they appear. */
  get tracks(): number {
    return this.#tracks;
  }

  /** Events that did not hold, because the track came back; those of lost frames do not count. */
  get takenBack(): number {
    return this.#events.takenBack;
  }

  /**
   * Links the next frame.
   *
   * @param drift where the specimen has moved to since the first frame
   * @param lost whether nothing is known of the frame: what it does not show has not ended by that
   * @returns the link of each of its regions
   * @throws {RangeError} when the frame is not of the size of those before, or its parts do not fit each other
   */
  add(input: RegionFrameInput | RegionFrame, drift: Drift, lost = false): readonly TrackLink[] {
    const frame = input instanceof RegionFrame ? input : new RegionFrame(input), t = this.#frames;
    const before = this.#memory.frame(t - 1);
    if (before && (before.rows !== frame.rows || before.columns !== frame.columns)) {
      throw new RangeError(`frame ${t} is not of ${before.rows} x ${before.columns} probes, as those before`);
    }
    this.#memory.keep(t, frame, drift);
    // What is seen first after lost frames alone was there from the start, as far as anybody knows.
    const begun = this.#unknown.size < t;
    if (lost) this.#unknown.add(t);
    const linking = new FrameLinks(frame.count);
    if (before && begun) this.#link(t, frame, before, linking);
    else linking.tracks.forEach((_, region) => this.#begin(linking, region));
    linking.tracks.forEach((track, region) => this.#sizes.note(track, frame.sizes[region]));
    this.#motion.note(t, frame, drift, linking.tracks);
    this.#patterns.note(linking);
    this.#previous = linking.tracks;
    this.#frames++;
    this.#memory.forget(t);
    return Array.from(linking.tracks, (track, region): TrackLink => ({
      track,
      ...linking.how[region] ?? { ratio: NaN, cosine: NaN, gap: 0 },
      guests: this.#memory.guests(track),
    }));
  }

  /** What happened so far, in the order in which it was found; ends that may still be taken back are provisional. */
  events(): TrackEvent[] {
    return this.#events.list(new Set(this.#memory.lost().map(([, { event }]) => event)));
  }

  #link(t: number, frame: RegionFrame, before: RegionFrame, linking: FrameLinks): void {
    const compared = new Map<number, PairedFrames>();
    const compare: Compare = (earlier) => {
      const motion = earlier === t - 1 && this.#recognises
        ? (region: number) => this.#motion.steps(this.#previous[region])
        : undefined;
      const pairs = compared.get(earlier) ?? this.#memory.pair(earlier, t, motion);
      compared.set(earlier, pairs);
      return pairs;
    };
    const pairs = compare(t - 1);
    const expected = this.#recognises
      ? (region: number) => this.#expected(this.#previous[region], t - 1, before, region)
      : undefined;
    const candidates = linkCandidates(frame, pairs, this.#previous, this.#patterns.lacks, expected);
    const links = chooseGreedily(candidates, leastWeight);
    for (const { first, second, ratio, cosine } of links) {
      linking.put(second, this.#previous[first], { ratio, cosine, gap: 0 });
    }
    const continued = new Set(links.map(({ first }) => first));
    this.#comeOut(t, linking, compare);
    this.#bridgeGaps(t, linking, compare);
    if (this.#recognises) this.#recognise(t, frame, before, linking, continued);
    const shift = this.#memory.shift(t - 1, t);
    const tracks = { tracksBefore: this.#previous, tracksNow: linking.tracks };
    const between: FramesBetween = { before, now: frame, ...tracks, pairs, shift };
    this.#beginnings(t, linking, between);
    this.#endings(t, between, continued);
  }

  /** A host and its guests choose among the parts of its region by what they were before the merger. */
  #comeOut(t: number, linking: FrameLinks, compare: Compare): void {
    const pairs = compare(t - 1), regionOf = linking.regions();
    for (const [host, place] of this.#memory.hosts()) {
      const guests = this.#memory.lostIn(host),
        region = regionOf.get(host),
        at = this.#previous.indexOf(host);
      if (region === undefined || at < 0 || guests.length === 0) continue;
      const parts = partsOfHost(region, linking.free(), pairs, at);
      if (parts.length === 1) continue;
      const who = [{ track: host, ...place }, ...guests], chosen = chooseParts(who, parts, compare);
      // A host leaves the region that it continues as only to a guest.
      if (!chosen.some(({ first }) => first === 0) || chosen.length === 1) continue;
      const leaves = chosen.some(({ first, second }) => first > 0 && second === 0);
      if (leaves) linking.clear(region);
      for (const { first, second, ratio, cosine } of chosen) {
        if (first === 0 && !leaves) continue;
        const { track, frame } = who[first], part = parts[second];
        regionOf.set(track, part);
        linking.put(part, track, { ratio, cosine, gap: first > 0 ? t - frame - 1 : 0 });
        if (first > 0) this.#found(track);
      }
      this.#memory.settle(host);
    }
  }

  /** Tracks that ended lately take regions that nothing continues. */
  #bridgeGaps(t: number, linking: FrameLinks, compare: Compare): void {
    const lost = new Map(
      this.#memory.lost().filter(([, { frame, host }]) => host >= 0 || t - frame - 1 <= this.#gap),
    );
    const isFree = (region: number) => linking.tracks[region] < 0, { lacks } = this.#patterns;
    const chosen = chooseAfterGaps(t, lost, isFree, compare, lacks);
    for (const { first: track, second: region, ratio, cosine } of chosen) {
      linking.put(region, track, { ratio, cosine, gap: t - lost.get(track)!.frame - 1 });
      this.#found(track);
    }
  }

  /** What moved further than it is large, or was missed for longer, is known by its pattern. */
  #recognise(
    t: number,
    frame: RegionFrame,
    before: RegionFrame,
    linking: FrameLinks,
    continued: Set<number>,
  ): void {
    const free = linking.free();
    if (free.length === 0) return;
    const missed: (MissedRegion & { readonly last: number })[] = [];
    const add = (track: number, last: number, of: RegionFrame, region: number) =>
      missed.push({ ...this.#expected(track, last, of, region), last });
    this.#previous.forEach((track, region) => continued.has(region) || add(track, t - 1, before, region));
    for (const [track, { frame: last, region }] of this.#memory.lost()) {
      if (last < t - 1) add(track, last, this.#memory.frame(last)!, region);
    }
    for (const { first, second, cosine } of recognise(missed, frame, free)) {
      const { track, last, region } = missed[first];
      linking.put(second, track, { ratio: 0, cosine, gap: t - last - 1 });
      if (last === t - 1) continued.add(region);
      else this.#found(track);
    }
  }

  /** Where a region of an earlier frame is looked for in the one that is being linked. */
  #expected(track: number, last: number, of: RegionFrame, region: number): MissedRegion {
    const t = this.#frames, shift = this.#memory.shift(last, t), age = t - last, middle = of.centroid(region);
    const { row, column } = this.#motion.of(track);
    return {
      ...{ track, of, region, age },
      row: middle.row + shift.row + age * row,
      column: middle.column + shift.column + age * column,
    };
  }

  #beginnings(t: number, linking: FrameLinks, between: FramesBetween): void {
    for (const region of linking.free()) {
      const track = this.#begin(linking, region), { kind, noted } = judgeBeginning(between, region);
      this.#events.note(kind, { frame: t, track, ...noted, ...this.#unknown.has(t - 1) && unseen });
    }
  }

  #endings(t: number, between: FramesBetween, continued: ReadonlySet<number>): void {
    this.#previous.forEach((track, region) => {
      if (continued.has(region)) return;
      const { kind, noted } = judgeEnd(between, region, (size) => this.#sizes.dwindled(track, size));
      const host = noted.partner ?? -1, before = this.#memory.wasOut(track, host, t);
      const event = before && this.#events.reinstate(before.event)
        ? before.event
        : this.#events.note(kind, { frame: t, track, ...noted, ...this.#unknown.has(t) && unseen });
      if (kind === "merge") this.#memory.addGuest(host, track);
      const at = host < 0 ? -1 : this.#previous.indexOf(host);
      if (at >= 0) this.#memory.takeIn(host, { frame: t - 1, region: at });
      const long = host >= 0 || this.#recognises;
      const until = t + (long ? Math.max(this.#gap, this.#remember) : this.#gap);
      this.#memory.lose(track, { frame: t - 1, region, event, host, until });
    });
  }

  #begin(linking: FrameLinks, region: number): number {
    linking.put(region, this.#tracks++);
    return linking.tracks[region];
  }

  /** A lost track came back: its end did not happen. */
  #found(track: number): void {
    const { event, frame } = this.#memory.find(track, this.#frames);
    this.#events.takeBack(event, !this.#unknown.has(frame + 1));
  }
}

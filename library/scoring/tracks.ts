/**
 * How good tracks are, where the truth is known: HOTA with its parts (Luiten et al. 2021, doi:10.1007/s11263-020-01375-2),
 * IDF1 (Ristani et al. 2016, doi:10.1007/978-3-319-48881-3_2) and identity switches. Regions are compared by the overlap of
 * their probes.
 */

import { BadParameter } from "../scan/errors.ts";
import { assignBest } from "./assignment.ts";
import { contingency } from "./contingency.ts";
import { type CoveredFrame, trackingAccuracy } from "./tracking_accuracy.ts";
import { leastProbes } from "./true_events.ts";

/** Overlaps, of what either has, at which HOTA is computed; the mean over them counts. */
const overlaps = Array.from({ length: 19 }, (_, index) => 0.05 * (index + 1));
/** Overlap for identities. */
const sameOverlap = 0.5;

/** Tracks and truth of a series. */
export interface TrackScoreInput {
  /** Probes of a frame. */
  readonly probes: number;
  /** Track of each probe of frame after frame; negative = none. */
  readonly tracks: ArrayLike<number>;
  /** True object of each probe of frame after frame; negative = none. */
  readonly truth: ArrayLike<number>;
}

/** Scores, from 0 to 1 but for the counts. */
export interface TrackScore {
  /** Geometric mean of detection and association, over all overlaps. */
  readonly hota: number;
  /** How many objects and tracks found each other. */
  readonly detection: number;
  /** How far those that did stay together over the series. */
  readonly association: number;
  /** Identities that agree over the whole series, F1. */
  readonly idf1: number;
  /** The tracking measure of the Cell Tracking Challenge without lineages (TRA), see `trackingAccuracy`. */
  readonly trackingAccuracy: number;
  /** How often a true object goes on as another track. */
  readonly identitySwitches: number;
  /** True objects in frames, as many as could be found. */
  readonly objectFrames: number;
  /** Tracks that were counted. */
  readonly tracks: number;
  /** Objects that were counted. */
  readonly objects: number;
}

/** A frame: which numbers are in it, and how far they overlap. */
interface ScoredFrame extends CoveredFrame {
  /** Common probes over those of either, (object, track). */
  readonly overlap: readonly (readonly number[])[];
}

/**
 * Scores tracks.
 *
 * @throws {BadParameter} when the maps are not of one series
 *
 * @example
 * ```ts
 * import { scoreTracks } from "crystallite";
 *
 * const truth = new Int32Array(2 * 32).map((_, i) => i % 32 < 16 ? 0 : 1);
 * console.assert(scoreTracks({ probes: 32, tracks: truth, truth }).hota > 0.999);
 * ```
 */
export function scoreTracks({ probes, tracks, truth }: TrackScoreInput): TrackScore {
  if (
    tracks.length !== truth.length || !(probes > 0) || tracks.length % probes !== 0 || tracks.length === 0
  ) {
    throw new BadParameter("tracks and truth are not maps of one series", {
      expected: `maps of whole frames of ${probes} probes`,
      found: `${tracks.length} and ${truth.length} probes`,
      remedy: "give maps of the same frames",
    });
  }
  const objectPlaces = new Map<number, number>(), trackPlaces = new Map<number, number>();
  const frames = Array.from({ length: tracks.length / probes }, (_, frame) => {
    const from = frame * probes,
      part = (map: ArrayLike<number>) => Array.prototype.slice.call(map, from, from + probes);
    return scoredFrame(part(tracks), part(truth), objectPlaces, trackPlaces);
  });
  const objectFrames = frames.reduce((sum, { objects }) => sum + objects.length, 0);
  const together = alignment(frames, objectPlaces.size, trackPlaces.size);
  const found = overlaps.map((least) => atOverlap(frames, together, least));
  const mean = (of: (one: { detection: number; association: number }) => number) =>
    found.reduce((sum, one) => sum + of(one), 0) / found.length;
  return {
    hota: mean(({ detection, association }) => Math.sqrt(detection * association)),
    detection: mean(({ detection }) => detection),
    association: mean(({ association }) => association),
    ...identities(frames, objectPlaces.size, trackPlaces.size),
    trackingAccuracy: trackingAccuracy(frames),
    objectFrames,
    tracks: trackPlaces.size,
    objects: objectPlaces.size,
  };
}

function scoredFrame(
  tracks: readonly number[],
  truth: readonly number[],
  objectPlaces: Map<number, number>,
  trackPlaces: Map<number, number>,
): ScoredFrame {
  const { first, second, cells } = contingency(truth, tracks);
  const sizesOf = (counts: ReadonlyMap<number, number>) =>
    Array.from(counts, ([label, size]) => ({ label, size }))
      .filter(({ label }) => label >= 0)
      .sort((one, other) => one.label - other.label);
  const objects = sizesOf(first), small = objects.filter(({ size }) => size < leastProbes);
  const counted = objects.filter(({ size }) => size >= leastProbes);
  // A track that lies mostly on what is not counted is not counted either.
  const real = sizesOf(second).filter(({ label, size }) => {
    const onSmall = small.reduce((sum, object) => sum + (cells.get(object.label)?.get(label) ?? 0), 0);
    return onSmall <= size / 2;
  });
  return {
    objects: counted.map(({ label }) => placeOf(objectPlaces, label)),
    tracks: real.map(({ label }) => placeOf(trackPlaces, label)),
    covered: counted.map((object) =>
      real.map((track) => (cells.get(object.label)?.get(track.label) ?? 0) / object.size)
    ),
    overlap: counted.map((object) =>
      real.map((track) => {
        const both = cells.get(object.label)?.get(track.label) ?? 0;
        return both / (object.size + track.size - both);
      })
    ),
  };
}

function placeOf(places: Map<number, number>, label: number): number {
  const place = places.get(label) ?? places.size;
  places.set(label, place);
  return place;
}

/** How well each object and each track go together over the whole series, (object, track), as HOTA matches by it. */
function alignment(frames: readonly ScoredFrame[], objects: number, tracks: number): Float64Array[] {
  const likely = Array.from({ length: objects }, () => new Float64Array(tracks));
  const objectFrames = new Float64Array(objects), trackFrames = new Float64Array(tracks);
  for (const frame of frames) {
    for (const object of frame.objects) objectFrames[object]++;
    for (const track of frame.tracks) trackFrames[track]++;
    const ofTrack = frame.tracks.map((_, j) => frame.overlap.reduce((sum, row) => sum + row[j], 0));
    frame.overlap.forEach((row, i) => {
      const ofObject = row.reduce((sum, overlap) => sum + overlap, 0);
      row.forEach((overlap, j) => {
        if (overlap > 0) {
          likely[frame.objects[i]][frame.tracks[j]] += overlap / (ofObject + ofTrack[j] - overlap);
        }
      });
    });
  }
  return likely.map((row, object) =>
    row.map((sum, track) => sum / Math.max(objectFrames[object] + trackFrames[track] - sum, 1e-9))
  );
}

/** Detection and association at one least overlap. */
function atOverlap(
  frames: readonly ScoredFrame[],
  together: readonly Float64Array[],
  least: number,
): { detection: number; association: number } {
  let matched = 0, missed = 0, extra = 0;
  const matches = new Map<string, number>(), objectFrames = new Map<number, number>();
  const trackFrames = new Map<number, number>();
  const count = <Key>(counts: Map<Key, number>, key: Key) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const { objects, tracks, overlap } of frames) {
    objects.forEach((object) => count(objectFrames, object));
    tracks.forEach((track) => count(trackFrames, track));
    const worth = overlap.map((row, i) => row.map((value, j) => value * together[objects[i]][tracks[j]]));
    let here = 0;
    assignBest(worth).forEach((j, i) => {
      if (j < 0 || overlap[i][j] < least - 1e-9) return;
      here++;
      count(matches, `${objects[i]},${tracks[j]}`);
    });
    matched += here;
    missed += objects.length - here;
    extra += tracks.length - here;
  }
  let association = 0;
  for (const [pair, times] of matches) {
    const [object, track] = pair.split(",").map(Number);
    association += times * times / Math.max(1, objectFrames.get(object)! + trackFrames.get(track)! - times);
  }
  return {
    detection: matched / Math.max(1, matched + missed + extra),
    association: association / Math.max(1, matched),
  };
}

/** IDF1 and identity switches. */
function identities(frames: readonly ScoredFrame[], objects: number, tracks: number) {
  const agree = Array.from({ length: objects }, () => new Array<number>(tracks).fill(0));
  const last = new Map<number, number>();
  let switches = 0, all = 0;
  for (const frame of frames) {
    all += frame.objects.length + frame.tracks.length;
    const same = frame.overlap.map((row) => row.map((overlap) => overlap >= sameOverlap ? overlap : 0));
    same.forEach((row, i) =>
      row.forEach((overlap, j) => overlap > 0 && agree[frame.objects[i]][frame.tracks[j]]++)
    );
    assignBest(same).forEach((j, i) => {
      if (j < 0 || same[i][j] === 0) return;
      const object = frame.objects[i], track = frame.tracks[j];
      if (last.has(object) && last.get(object) !== track) switches++;
      last.set(object, track);
    });
  }
  const kept = assignBest(agree).reduce((sum, j, i) => sum + (j < 0 ? 0 : agree[i][j]), 0);
  return { idf1: 2 * kept / Math.max(1, all), identitySwitches: switches };
}

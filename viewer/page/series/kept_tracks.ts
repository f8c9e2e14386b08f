/** Corrections of tracks that are not kept beside their series yet: the browser has them meanwhile. */

import type { TrackEditLog } from "../../../library/series/editing/track_log.ts";

/** Corrections with what they belong to. */
interface KeptTracks {
  readonly version: 1;
  /** Tells the tracks that they were made on from others. */
  readonly fingerprint: string;
  /** What was kept beside the series when they were made. */
  readonly beside: string;
  readonly edits: TrackEditLog;
}

/** The series that corrections belong to, as it was linked. */
export interface LinkedSeries {
  readonly path: string;
  /** Track of each region. */
  readonly track: Int32Array;
  /** Corrections that are kept beside it. */
  readonly beside: TrackEditLog;
}

const keyOf = (path: string) => `crystallite.tracks:${path}`;

/** A hash (32-bit FNV-1a) of the tracks of all regions. */
function fingerprintOf(track: Int32Array): string {
  let hash = 0x811c9dc5;
  for (const own of track) hash = Math.imul(hash ^ own, 0x01000193);
  return `${track.length}:${(hash >>> 0).toString(16)}`;
}

/** What the browser has for a series; `null` where that is nothing, or was made on other tracks or other corrections. */
export function tracksKeptFor({ path, track, beside }: LinkedSeries): TrackEditLog | null {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(path)) ?? "") as KeptTracks;
    const fits = kept.version === 1 && kept.fingerprint === fingerprintOf(track) &&
      kept.beside === JSON.stringify(beside);
    return fits ? kept.edits : null;
  } catch {
    // A browser that keeps nothing.
    return null;
  }
}

/** Keeps corrections until they are kept beside the series; `null` forgets them. */
export function keepTracks({ path, track, beside }: LinkedSeries, edits: TrackEditLog | null): void {
  try {
    if (!edits) return localStorage.removeItem(keyOf(path));
    const kept: KeptTracks = {
      version: 1,
      fingerprint: fingerprintOf(track),
      beside: JSON.stringify(beside),
      edits,
    };
    localStorage.setItem(keyOf(path), JSON.stringify(kept));
  } catch {
    // A browser that is full or keeps nothing: the page asks before it is left.
  }
}

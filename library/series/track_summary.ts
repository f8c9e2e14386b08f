/** What became of each track: gathered frame by frame, so that nothing grows with the frames but the tracks. */

import type { Drift } from "./drift.ts";
import type { TrackEvent } from "./events.ts";
import type { TrackLink } from "./frame_links.ts";

/** A track in one frame. */
export interface TrackedRegion extends TrackLink {
  /** The frame. */
  readonly frame: number;
  /** Cluster of the frame that it is. */
  readonly region: number;
  /** Probes. */
  readonly size: number;
  /** Middle in scan steps of the frame. */
  readonly row: number;
  /** See `row`. */
  readonly column: number;
  /** Whether it reaches the rim of the frame: its size is that of a part. */
  readonly touchesRim: boolean;
}

/** A track as a whole. Lengths are in scan steps, areas in probes. */
export interface TrackSummary {
  /** Number of the track. */
  readonly track: number;
  /** First frame in which it was seen. */
  readonly first: number;
  /** Last frame in which it was seen. */
  readonly last: number;
  /** Frames in which it was seen. */
  readonly frames: number;
  /** How it began and ended: a kind of event, or `start` and `end` of the series. */
  readonly began: string;
  /** See `began`. */
  readonly ended: string;
  /** Track that it split from, and that took it in; -1 = none. */
  readonly parent: number;
  /** See `parent`. */
  readonly into: number;
  /** Area in its first frame. */
  readonly firstArea: number;
  /** Area in its last frame. */
  readonly lastArea: number;
  /** Area in the frame in which it was largest. */
  readonly largestArea: number;
  /**
   * Growth of the radius of the disk of equal area, per frame, with its standard error: least squares over the frames in
   * which it is whole and alone; NaN below four.
   */
  readonly radiusRate: number;
  /** See `radiusRate`. */
  readonly radiusRateError: number;
  /** Length of its path, and distance from where it began to where it ended, without the drift. */
  readonly path: number;
  /** See `path`. */
  readonly displacement: number;
  /** Mean cosine of its pattern with that of the frame before; NaN where there is none. */
  readonly cosine: number;
}

/** Frames that a rate needs. */
const leastFrames = 4;

/** Gathers tracks. */
export class TrackSummaries {
  readonly #tracks: GatheredTrack[] = [];

  /** Adds the regions of a frame. */
  add(regions: readonly TrackedRegion[], drift: Drift): void {
    for (const region of regions) {
      const place = { row: region.row - drift.row, column: region.column - drift.column };
      const known = this.#tracks[region.track];
      if (known) known.add(region, place);
      else this.#tracks[region.track] = new GatheredTrack(region, place);
    }
  }

  /** First and last frame of all tracks, and their largest area, by number. */
  lives(): { readonly first: number; readonly last: number; readonly largestArea: number }[] {
    return this.#tracks.map(({ firstFrame, lastFrame, largestArea }) => ({
      ...{ first: firstFrame, last: lastFrame, largestArea },
    }));
  }

  /**
   * All tracks by number.
   *
   * @param frames of the series, so that it is known whether a track is there at its end
   */
  list(events: readonly TrackEvent[], frames: number): TrackSummary[] {
    const began = new Map<number, TrackEvent>(), ended = new Map<number, TrackEvent>();
    for (const event of events) {
      const begins = event.kind === "split" || event.kind === "birth" || event.kind === "enter";
      (begins ? began : ended).set(event.track, event);
    }
    return this.#tracks.map((gathered, track) => {
      const start = began.get(track), end = ended.get(track);
      return {
        track,
        ...gathered.summary(),
        began: start?.kind ?? (gathered.firstFrame === 0 ? "start" : "unknown"),
        ended: end?.kind ?? (gathered.lastFrame === frames - 1 ? "end" : "unknown"),
        parent: start?.kind === "split" ? start.partner : -1,
        into: end?.kind === "merge" || end?.kind === "vanish" ? end.partner : -1,
      };
    });
  }
}

class GatheredTrack {
  readonly firstFrame: number;
  lastFrame: number;
  #frames = 0;
  readonly #firstArea: number;
  #lastArea = 0;
  largestArea = 0;
  readonly #start: Drift;
  #at: Drift;
  #path = 0;
  #cosines = 0;
  #cosineSum = 0;
  readonly #rate = new LineFit();

  constructor(region: TrackedRegion, place: Drift) {
    this.firstFrame = this.lastFrame = region.frame;
    this.#firstArea = region.size;
    this.#start = this.#at = place;
    this.add(region, place);
  }

  add({ frame, size, cosine, guests, touchesRim }: TrackedRegion, place: Drift): void {
    this.#frames++;
    this.lastFrame = frame;
    this.#lastArea = size;
    this.largestArea = Math.max(this.largestArea, size);
    this.#path += distance(this.#at, place);
    this.#at = place;
    if (!Number.isNaN(cosine)) this.#cosines++, this.#cosineSum += cosine;
    if (guests === 0 && !touchesRim) this.#rate.add(frame, Math.sqrt(size / Math.PI));
  }

  summary(): Omit<TrackSummary, "track" | "began" | "ended" | "parent" | "into"> {
    const { slope, error } = this.#rate.fit();
    return {
      first: this.firstFrame,
      last: this.lastFrame,
      frames: this.#frames,
      firstArea: this.#firstArea,
      lastArea: this.#lastArea,
      largestArea: this.largestArea,
      radiusRate: slope,
      radiusRateError: error,
      path: this.#path,
      displacement: distance(this.#start, this.#at),
      cosine: this.#cosineSum / this.#cosines,
    };
  }
}

/** A straight line through points that come one by one. */
class LineFit {
  #n = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #xy = 0;
  #yy = 0;

  add(x: number, y: number): void {
    this.#n++;
    const dx = x - this.#x, dy = y - this.#y;
    this.#x += dx / this.#n;
    this.#y += dy / this.#n;
    this.#xx += dx * (x - this.#x);
    this.#yy += dy * (y - this.#y);
    this.#xy += dx * (y - this.#y);
  }

  fit(): { slope: number; error: number } {
    if (this.#n < leastFrames) return { slope: NaN, error: NaN };
    const slope = this.#xy / this.#xx;
    const residual = Math.max(0, this.#yy - slope * this.#xy) / (this.#n - 2);
    return { slope, error: Math.sqrt(residual / this.#xx) };
  }
}

function distance(one: Drift, other: Drift): number {
  return Math.hypot(one.row - other.row, one.column - other.column);
}

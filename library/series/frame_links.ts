/** The links of a frame in the making. */

/** How a region of a frame came to its track. */
export interface TrackLink {
  /** Number of the track. */
  readonly track: number;
  /** Overlap ratio and cosine with the region that it continues; NaN where it is new. */
  readonly ratio: number;
  /** See `ratio`. */
  readonly cosine: number;
  /** Frames in between in which the track was not seen. */
  readonly gap: number;
  /** Tracks that are inside this one. */
  readonly guests: number;
}

/** Which track each region of a frame has, and how it came to it. */
export class FrameLinks {
  readonly tracks: Int32Array<ArrayBuffer>;
  readonly how: (Pick<TrackLink, "ratio" | "cosine" | "gap"> | undefined)[];

  constructor(count: number) {
    this.tracks = new Int32Array(count).fill(-1);
    this.how = new Array(count).fill(undefined);
  }

  put(region: number, track: number, how?: Pick<TrackLink, "ratio" | "cosine" | "gap">): void {
    this.tracks[region] = track;
    this.how[region] = how;
  }

  /** Regions without a track, ascending. */
  free(): number[] {
    return Array.from(this.tracks.keys()).filter((region) => this.tracks[region] < 0);
  }

  /** The region of each track. */
  regions(): Map<number, number> {
    return new Map(
      Array.from(this.tracks.entries()).flatMap(([region, track]) => track < 0 ? [] : [[track, region]]),
    );
  }

  clear(region: number): void {
    this.put(region, -1);
  }
}

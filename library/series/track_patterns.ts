/**
 * Whether the patterns of tracks stay what they are. That a pattern is not found says nothing of a crystal that turns, but it
 * does of one whose pattern was the same from frame to frame so far.
 */

import type { FrameLinks } from "./frame_links.ts";

/** Links that are remembered of each track. */
const remembered = 3;
/** A cosine may be lower than the least of those by so much. */
const allowance = 0.3;
/** Weight of what is lacking beyond that, beside the overlap: as that of the pattern itself. */
const lackWeight = 0.5;

/** What the pattern of a track takes from the weight of a link with a region, by its cosine with it. */
export type Lacks = (track: number, cosine: number) => number;

/** Follows the patterns of tracks from frame to frame. */
export class TrackPatterns {
  readonly #cosines: number[][] = [];

  /** See {@link Lacks}; 0 of tracks that were not linked so far, and where there are no patterns. */
  readonly lacks: Lacks = (track, cosine) => {
    const known = this.#cosines[track];
    if (!known) return 0;
    let least = 1;
    for (const value of known) least = Math.min(least, value);
    return lackWeight * Math.max(0, least - allowance - Math.max(0, cosine));
  };

  /** Notes the links of a frame. */
  note({ tracks, how }: FrameLinks): void {
    for (let region = 0; region < tracks.length; region++) {
      const link = how[region];
      if (!link) continue;
      const known = this.#cosines[tracks[region]] ??= [];
      known.push(link.cosine);
      if (known.length > remembered) known.shift();
    }
  }
}

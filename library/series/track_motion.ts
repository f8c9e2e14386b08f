/** How crystals move by themselves, beside the drift of the specimen. */

import type { Drift } from "./drift.ts";
import type { RegionFrame } from "./region_frame.ts";

/** A region whose size changed by more than this part has a new outline, whose middle says nothing of motion. */
const sameOutline = 0.7;

/** Where a track was last. */
interface LastPlace {
  readonly frame: number;
  readonly size: number;
  /** Without the drift. */
  readonly row: number;
  readonly column: number;
  readonly velocity: Drift;
}

const still: Drift = { row: 0, column: 0 };

/** Follows the middles of tracks. */
export class TrackMotion {
  #last = new Map<number, LastPlace>();

  /** Scan steps a frame, from the last two times that a track was seen whole; none where that is not known. */
  of(track: number): Drift {
    return this.#last.get(track)?.velocity ?? still;
  }

  /** The same in whole steps. */
  steps(track: number): Drift {
    const { row, column } = this.of(track);
    return { row: Math.floor(row + 0.5), column: Math.floor(column + 0.5) };
  }

  /** Notes where the tracks of a frame are. */
  note(t: number, frame: RegionFrame, drift: Drift, tracks: ArrayLike<number>): void {
    for (let region = 0; region < tracks.length; region++) {
      const size = frame.sizes[region],
        middle = frame.centroid(region),
        before = this.#last.get(tracks[region]);
      const row = middle.row - drift.row, column = middle.column - drift.column;
      const alike = before && Math.min(size, before.size) >= sameOutline * Math.max(size, before.size);
      const velocity = alike && !frame.reachesRim(region)
        ? {
          row: (row - before.row) / (t - before.frame),
          column: (column - before.column) / (t - before.frame),
        }
        : before?.velocity ?? still;
      this.#last.set(tracks[region], { frame: t, size, row, column, velocity });
    }
  }
}

/** Pictures of a linked series: film strip, kymograph. */

import { assignColours } from "../../library/report/colours.ts";
import type { RgbImage } from "../../library/report/image.ts";
import {
  alongLine,
  kymographImage,
  longestLine,
  type SpecimenLine,
  type TrackEnds,
} from "../../library/report/kymograph.ts";
import { mapMagnification, renderLabelMap } from "../../library/report/map_image.ts";
import type { AreaCurve } from "../../library/report/track_plots.ts";
import type { LinkedSeries } from "../../library/results/series/link_stored.ts";
import { trackMaps } from "../../library/results/series/track_maps.ts";

/** Frames in the film strip at most. */
const shownFrames = 24;

/** Frames of a series as pictures. */
export interface Pictures {
  readonly frames: readonly number[];
  readonly images: readonly RgbImage[];
  /** Palette index of each track. */
  readonly colours: Uint32Array;
}

/** Up to 24 frames, evenly from the first to the last. */
export function spreadFrames(frames: number): Set<number> {
  const count = Math.min(frames, shownFrames);
  return new Set(
    Array.from({ length: count }, (_, index) => Math.round(index * (frames - 1) / Math.max(1, count - 1))),
  );
}

/** The kept frames in colours of their tracks: tracks that touch in any of them differ. */
export function drawFrames({ kept, shape, summaries }: LinkedSeries): Pictures {
  const { rows, columns } = shape, frames = Array.from(kept.keys());
  // The frames below each other, with an empty row in between.
  const stacked = new Int32Array(frames.length * (rows + 1) * columns).fill(-1);
  frames.forEach((frame, place) => stacked.set(kept.get(frame)!, place * (rows + 1) * columns));
  const sizes = summaries.map(({ largestArea }) => largestArea);
  const colours = assignColours(stacked, { rows: frames.length * (rows + 1), columns }, sizes);
  const magnification = Math.max(
    1,
    Math.min(mapMagnification(shape), Math.floor(256 / Math.max(rows, columns))),
  );
  const mask = new Uint8Array(rows * columns).fill(1);
  const images = frames.map((frame) =>
    renderLabelMap({ shape, labels: kept.get(frame)!, mask, colours }, magnification, "light")
  );
  return { frames, images, colours };
}

/** Pictures in rows of up to six, with a white gap. */
export function besideEachOther(images: readonly RgbImage[]): RgbImage {
  const gap = 8, across = Math.min(6, images.length), down = Math.ceil(images.length / across);
  const { width, height } = images[0];
  const whole = {
    width: across * (width + gap) - gap,
    height: down * (height + gap) - gap,
  };
  const data = new Uint8Array(whole.width * whole.height * 3).fill(255);
  images.forEach((image, index) => {
    const left = index % across * (width + gap), top = Math.floor(index / across) * (height + gap);
    for (let row = 0; row < height; row++) {
      data.set(
        image.data.subarray(row * width * 3, (row + 1) * width * 3),
        ((top + row) * whole.width + left) * 3,
      );
    }
  });
  return { ...whole, data };
}

/** Areas of each track, frame by frame. */
export function areaCurves({ frames }: LinkedSeries): AreaCurve[] {
  const curves = new Map<number, [number, number][]>();
  for (const { regions } of frames) {
    for (const { track, frame, size } of regions) {
      const points = curves.get(track);
      if (points) points.push([frame, size]);
      else curves.set(track, [[frame, size]]);
    }
  }
  return Array.from(curves, ([track, points]) => ({ track, points }));
}

/** A kymograph, and the line that it is along. */
export interface Kymograph {
  readonly line: SpecimenLine;
  readonly image: RgbImage;
}

/**
 * Draws the tracks along the line on which most happened.
 *
 * @param path of the int32 `tracks.npy` of the series
 */
export function drawKymograph(path: string, linked: LinkedSeries, colours: Uint32Array): Kymograph {
  const { shape, frames, summaries } = linked, ends = new Map<number, TrackEnds>();
  for (const { regions, drift } of frames) {
    for (const { track, row, column, touchesRim } of regions) {
      if (touchesRim) continue;
      const place = { row: row - drift.row, column: column - drift.column };
      ends.set(track, { track, first: ends.get(track)?.first ?? place, last: place });
    }
  }
  const line = longestLine(summaries, ends, shape);
  const maps = trackMaps(path, frames.length, shape.rows * shape.columns);
  const lines = maps.map((tracks, frame) => alongLine(tracks, shape, line, frames[frame].drift)).toArray();
  return { line, image: kymographImage(lines, colours) };
}

/** In which order tracks are listed. */

import type { Track } from "./tracks.ts";

/** By what tracks are sorted, and which way. */
export interface TrackOrder {
  readonly by: "birth" | "size" | "length";
  readonly rising: boolean;
}

const keys: Readonly<Record<TrackOrder["by"], (track: Track) => number>> = {
  birth: ({ first }) => first,
  size: ({ largest }) => largest,
  length: ({ regions }) => regions.length,
};

/** Sorted tracks; equal ones by number. */
export function sortTracks(tracks: Iterable<Track>, { by, rising }: TrackOrder): Track[] {
  const key = keys[by], sign = rising ? 1 : -1;
  return [...tracks].sort((one, other) => sign * (key(one) - key(other)) || one.track - other.track);
}

/** Areas over time as the path of a line, `width` by `height`; a gap is a frame in which the track was not seen. */
export function sparkline(
  areas: readonly (readonly [frame: number, area: number])[],
  frames: number,
  most: number,
  { width, height }: { readonly width: number; readonly height: number },
): string {
  let before = -2;
  return areas.map(([frame, area]) => {
    const x = frames > 1 ? width * frame / (frames - 1) : 0, y = height * (1 - area / most);
    const move = frame === before + 1 ? "L" : "M";
    before = frame;
    // A track of one frame is a dot: a line of no length with round ends.
    return `${move}${x.toFixed(1)} ${y.toFixed(1)}${move === "M" ? "h0" : ""}`;
  }).join("");
}

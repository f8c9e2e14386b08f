/** The average over the patterns of the followed track in the frame that is shown. */

import { formatCount } from "../../drawing/format.ts";
import { call } from "../client.ts";
import { frame, series } from "../series/time.ts";
import { followed, regionIn, table, trackColour } from "../series/tracks.ts";
import type { ShownPattern } from "../state.ts";
import { keepAverage, knownAverage, sumOf } from "./group_average.ts";
import type { PatternSource } from "./pattern_source.ts";

/** Whether there is a track whose average could be shown. */
const hasTracks = () => table.value !== null;

export const trackAverage: PatternSource = {
  name: "track",
  there: hasTracks,
  followsTime: true,
  label: () => followed.value < 0 ? "Track average" : `Track ${followed.value} average`,
  colour: () => followed.value < 0 ? null : trackColour(followed.value),
  note: () => {
    const region = regionIn(followed.value, frame.value);
    return region < 0 ? "" : `frame ${frame.value}, of ${formatCount(table.value!.size[region])} patterns`;
  },
  missing: () => {
    if (followed.value < 0) return "Click a track to see its average.";
    return regionIn(followed.value, frame.value) < 0
      ? `Track ${followed.value} is not seen in frame ${frame.value}.`
      : "…";
  },
  meant: () => {
    const region = meant();
    return region && keyOf(region);
  },
  known: knownAverage,
  load: (_, key, signal) => averageOf(meant()!, key, signal),
};

/** The region that is meant. */
function meant(): Region | null {
  const opened = series.value, wanted = frame.value, region = regionIn(followed.value, wanted);
  if (!opened || region < 0) return null;
  return { id: opened.series, frame: wanted, cluster: table.value!.cluster[region] };
}

/** A cluster of a frame of a series. */
interface Region {
  readonly id: string;
  readonly frame: number;
  readonly cluster: number;
}

const keyOf = ({ id, frame, cluster }: Region) => `track:${id}:${frame}:${cluster}`;

async function averageOf(region: Region, key: string, signal: AbortSignal): Promise<ShownPattern> {
  const { header, arrays } = await call("GET /api/series/:id/average", { ...region }, undefined, signal);
  const values = arrays.pattern as Float32Array;
  return keepAverage({ of: key, values, sum: sumOf(values), note: header.kind });
}

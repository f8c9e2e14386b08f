/** A stored series of four frames of 3 x 6 probes, written by hand, so that everything about its tracks is known. */

import { join } from "node:path";
import { encodeNpy } from "../../library/formats/npy_writer.ts";

/** Tracks of each probe, `.` = none: 1 goes into 0 in frame 2, 2 is new in frame 1, and misses frame 2. */
export const storedMaps = [
  "00..11" + "00..11" + "00....",
  "00..11" + "00..11" + "00..22",
  "000000" + "000000" + "00....",
  "000000" + "000000" + "00..22",
] as const;

/** Rows and columns of a frame. */
export const storedShape = { rows: 3, columns: 6 } as const;

/** Cluster of each track in each frame, in the order of the lines of `tracks.csv`. */
const clusters = [[0, 1], [0, 1, 2], [0], [0, 2]] as const;

const regionHeader =
  "track,frame,value,cluster,size,row,column,row_corrected,column_corrected,overlap,cosine,gap," +
  "touches_rim,guests,mean_similarity,new_column";
const eventHeader = "event,frame,value,track,partner,size,partner_size,weight,cosine,row,column,provisional";

/** Writes the series; returns its folder. */
export function writeStoredSeries(folder: string, name = "stored"): string {
  const directory = join(folder, name);
  Deno.mkdirSync(directory);
  const write = (file: string, text: string) => Deno.writeTextFileSync(join(directory, file), text);
  const maps = storedMaps.join("").split("").map((track) => track === "." ? -1 : Number(track));
  const shape = [storedMaps.length, storedShape.rows, storedShape.columns];
  Deno.writeFileSync(join(directory, "tracks.npy"), encodeNpy("i32", shape, Int32Array.from(maps)));
  const lines = clusters.flatMap((tracks, frame) =>
    tracks.map((track, cluster) => {
      const probes = storedMaps[frame].split("").flatMap((own, probe) =>
        own === String(track) ? [probe] : []
      );
      const mean = (of: (probe: number) => number) =>
        probes.reduce((sum, probe) => sum + of(probe), 0) / probes.length;
      const row = mean((probe) => Math.floor(probe / 6)), column = mean((probe) => probe % 6);
      const linked = frame > 0 && track !== 2, gap = track === 2 && frame === 3 ? 1 : 0;
      return [
        ...[
          track,
          frame,
          frame / 2,
          cluster,
          probes.length,
          row,
          column,
          row - frame,
          column,
          linked ? 0.5 : "",
        ],
        ...[linked ? 0.75 : "", gap, 1, track === 0 && frame > 1 ? 1 : 0, 0.9, "kept"],
      ].join(",");
    })
  );
  write("tracks.csv", `${[regionHeader, ...lines].join("\n")}\n`);
  write(
    "events.csv",
    `${
      [
        eventHeader,
        "birth,1,0.5,2,-1,2,0,,,2,4.5,0",
        "merge,2,1,1,0,4,14,0.9,0.25,0.5,4.5,1",
      ].join("\n")
    }\n`,
  );
  write(
    "series.json",
    JSON.stringify({
      ...{ program: "crystallite", kind: "series", version: "0", command: [], started: "" },
      ...{ axis: { name: "time", unit: "s" }, shape: storedShape, linking: {}, tracks: 3 },
      frames: storedMaps.map((_, frame) => ({ frame, path: "scan.npy", index: frame, value: frame / 2 })),
      ...{ events: { birth: 1, merge: 1 }, restlessness: 0.01, warnings: [] },
      drift: { row: 3, column: 0, untrusted: 0 },
    }),
  );
  return directory;
}

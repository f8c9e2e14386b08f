/** What tracks can be written as besides tables: a graph, or labels as the Cell Tracking Challenge has them. */

import { join } from "node:path";
import type { TrackEvent } from "../../series/events.ts";
import { statIfThere } from "../directory.ts";
import type { Output } from "../output_files.ts";
import { cellLabels, cellTableName, cellTrackingName, writeCellTracking } from "./cell_tracking.ts";
import { type GraphFrame, writeGeff } from "./geff.ts";

/** Names of the exports. */
export const trackExports = ["geff", "ctc"] as const;
/** One of them. */
export type TrackExport = typeof trackExports[number];

const folderNames = { geff: "tracks.geff", ctc: cellTrackingName } as const;

/** Tracks to be exported. */
export interface ExportedTracks {
  readonly frames: readonly GraphFrame[];
  readonly events: readonly TrackEvent[];
  readonly shape: { readonly rows: number; readonly columns: number };
  /** Path of the `tracks.npy` with them. */
  readonly maps: string;
}

/** The exports that a folder has already. */
export async function exportsIn(folder: string): Promise<TrackExport[]> {
  const there = await Promise.all(trackExports.map((name) => statIfThere(join(folder, folderNames[name]))));
  return trackExports.filter((_, place) => there[place] !== null);
}

/**
 * The folders that exports are, in the order of {@link trackExports}.
 *
 * @param folder where they are written
 * @param tracks asked for when they are written: then the maps are there
 */
export function trackExportOutputs(
  folder: string,
  exports: ReadonlySet<TrackExport>,
  tracks: () => ExportedTracks,
  signal: AbortSignal | undefined,
): Output[] {
  const outputs: Readonly<Record<TrackExport, Output>> = {
    geff: {
      path: join(folder, folderNames.geff),
      folder: true,
      write: (path) => writeGeff(path, tracks().frames, tracks().events),
    },
    ctc: {
      path: join(folder, folderNames.ctc),
      folder: true,
      marks: [cellTableName],
      write: async (path) => {
        const { frames, events, shape, maps } = tracks();
        await writeCellTracking(path, cellLabels(frames, events), shape, maps, signal);
      },
    },
  };
  return trackExports.filter((name) => exports.has(name)).map((name) => outputs[name]);
}

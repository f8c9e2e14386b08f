/** What follows from the linked frames of a series, written whole or not at all. */

import { join } from "node:path";
import { encodePng } from "../../library/report/png.ts";
import { renderSeriesPage } from "../../library/report/series_page.ts";
import { areaPlot, lineagePlot, type TrackDrawing } from "../../library/report/track_plots.ts";
import {
  exportsIn,
  type TrackExport,
  trackExportOutputs,
} from "../../library/results/series/track_exports.ts";
import { averagesFit, writeTrackAverages } from "../../library/results/series/track_averages.ts";
import { type LinkedSeries, linkStoredFrames } from "../../library/results/series/link_stored.ts";
import {
  type RecordedFrame,
  type SeriesRecord,
  seriesRecordName,
} from "../../library/results/series/record.ts";
import { eventTable, lineage, napariTable, summaryTable } from "../../library/results/series/tables.ts";
import { writeOutputs } from "../../library/results/output_files.ts";
import { removeIfThere } from "../../library/results/partial_folder.ts";
import { version } from "../../library/results/version.ts";
import { pixelCount, type ScanShape } from "../../library/scan/shape.ts";
import type { LinkingOptions } from "../../library/series/series_linker.ts";
import { renewTrackCrystals } from "./each_frame.ts";
import { afterFrames } from "./unwritable.ts";
import type { CommandRun } from "../console/command_context.ts";
import {
  areaCurves,
  besideEachOther,
  drawFrames,
  drawKymograph,
  type Kymograph,
  type Pictures,
  spreadFrames,
} from "./series_drawings.ts";

const averagesName = "track_averages.npy";

/** A series whose frames are clustered. */
export interface SeriesToWrite {
  readonly directory: string;
  readonly name: string;
  readonly frames: readonly RecordedFrame[];
  readonly shape: ScanShape;
  readonly axis: SeriesRecord["axis"];
  readonly linking: LinkingOptions;
  /** Whether frames were found with the help of those before. */
  readonly hint: "auto" | "none";
  readonly command: readonly string[];
  readonly started: Date;
  readonly warnings: readonly string[];
  /** Whether the mean pattern of each track is written: a series that goes on leaves that to the end. */
  readonly averages?: boolean;
  /** What tracks are written as too, beside what is there of those before. */
  readonly exports?: ReadonlySet<TrackExport>;
}

/**
 * Links the frames and writes tracks, tables, pictures and the record.
 *
 * @throws as `linkStoredFrames` and `writeOutputs`
 */
export async function writeSeries(run: CommandRun, series: SeriesToWrite): Promise<SeriesRecord> {
  try {
    return await linkAndWrite(run, series);
  } catch (cause) {
    throw afterFrames(cause);
  }
}

async function linkAndWrite(run: CommandRun, series: SeriesToWrite): Promise<SeriesRecord> {
  const { directory, frames, shape, linking } = series;
  const values = frames.map(({ value }) => value);
  const stored = frames.map((frame) => ({
    directory: frame.directory && join(directory, frame.directory),
    value: frame.value,
  }));
  const keep = spreadFrames(frames.length);
  let linked: LinkedSeries | undefined, record: SeriesRecord | undefined, pictures: Pictures | undefined;
  let kymograph: Kymograph | undefined, drawing: TrackDrawing | undefined, maps = "";
  const text = (name: string, content: () => string | readonly string[]) => ({
    path: join(directory, name),
    write: (path: string) => Deno.writeTextFile(path, [content()].flat().join("")),
  });
  await writeOutputs(
    [
      {
        path: join(directory, "tracks.npy"),
        write: async (path) => {
          linked = await linkStoredFrames(stored, shape, path, keep, linking, run.options);
          maps = path;
          pictures = drawFrames(linked);
          kymograph = drawKymograph(path, linked, pictures.colours);
          drawing = {
            ...linked,
            frames: frames.length,
            colours: pictures.colours,
            curves: areaCurves(linked),
          };
          record = recordOf(series, linked);
        },
      },
      text("tracks.csv", () => linked!.trackTable),
      text("track_summary.csv", () => summaryTable(linked!.summaries)),
      text("events.csv", () => eventTable(linked!.events, values)),
      text("drift.csv", () => linked!.driftTable),
      text("lineage.json", () => lineage(linked!.events)),
      text("tracks_napari.csv", () => napariTracks(linked!)),
      {
        path: join(directory, "filmstrip.png"),
        write: (path) => Deno.writeFile(path, encodePng(besideEachOther(pictures!.images))),
      },
      {
        path: join(directory, "kymograph.png"),
        write: (path) => Deno.writeFile(path, encodePng(kymograph!.image)),
      },
      text("areas.svg", () => String(areaPlot(drawing!) ?? emptyDrawing)),
      text("lineage.svg", () => String(lineagePlot(drawing!) ?? emptyDrawing)),
      ...series.averages
        ? [{
          path: join(directory, averagesName),
          write: (path: string) => averageTracks(path, stored, linked!, shape, run),
        }]
        : [],
      ...trackExportOutputs(
        directory,
        new Set([...series.exports ?? [], ...await exportsIn(directory)]),
        () => ({ ...linked!, maps }),
        run.options.signal,
      ),
      text("report.html", () => pageOf(series, linked!, record!, pictures!, drawing!, kymograph!)),
      text(seriesRecordName, () => `${JSON.stringify(record, null, 2)}\n`),
    ],
    true,
    run.options.signal,
  );
  // What was joined with the tracks before is joined with these, and no averages are left that are of others.
  await renewTrackCrystals(run, directory, series);
  if (!series.averages) await removeIfThere(join(directory, averagesName));
  return record!;
}

/** Where there are too many tracks the file holds none. */
async function averageTracks(
  path: string,
  stored: readonly { readonly directory?: string }[],
  { frames, summaries }: LinkedSeries,
  shape: ScanShape,
  run: CommandRun,
): Promise<void> {
  const tracked = frames.map(({ regions }, frame) => ({ directory: stored[frame].directory, regions }));
  const count = averagesFit(summaries.length, pixelCount(shape)) ? summaries.length : 0;
  await writeTrackAverages(path, tracked, count, shape, run.options);
}

function napariTracks({ frames, events }: LinkedSeries): string {
  const places = frames.flatMap(({ regions }) =>
    regions.map(({ track, frame, row, column }) => [track, frame, row, column] as const)
  );
  const parents = events.flatMap(({ kind, track, partner }) =>
    kind === "split" ? [[track, partner] as const] : []
  );
  return napariTable(places, new Map(parents));
}

function recordOf(series: SeriesToWrite, linked: LinkedSeries): SeriesRecord {
  const { drift, gap = 2, remember = 10, largestStep } = series.linking;
  const events: Record<string, number> = {}, doubtful: Record<string, number> = {};
  for (const event of linked.events) {
    for (const counts of event.doubtful ? [events, doubtful] : [events]) {
      counts[event.kind] = (counts[event.kind] ?? 0) + 1;
    }
  }
  const { row, column } = linked.frames.at(-1)!.drift;
  return {
    program: "crystallite",
    kind: "series",
    version,
    command: series.command,
    started: series.started.toISOString(),
    axis: series.axis,
    frames: series.frames,
    shape: linked.shape,
    linking: {
      drift: typeof drift === "string" || drift === undefined ? drift ?? "auto" : "given",
      ...{ hint: series.hint, gap, remember },
      ...largestStep !== undefined && { largestStep },
    },
    tracks: linked.summaries.length,
    events,
    doubtful,
    restlessness: linked.restlessness,
    drift: { row, column, untrusted: linked.frames.filter(({ step }) => !step.trusted).length },
    warnings: series.warnings,
  };
}

function pageOf(
  series: SeriesToWrite,
  linked: LinkedSeries,
  record: SeriesRecord,
  pictures: Pictures,
  drawing: TrackDrawing,
  kymograph: Kymograph,
): string {
  return renderSeriesPage({
    ...linked,
    ...{ name: series.name, version, started: series.started, command: series.command, axis: series.axis },
    frames: series.frames.length,
    shown: pictures.frames.map((frame, place) => ({
      frame,
      value: series.frames[frame].value,
      image: pictures.images[place],
    })),
    ...{ colours: pictures.colours, curves: drawing.curves, kymograph },
    drift: record.drift,
    warnings: series.warnings,
  });
}

/** A drawing where there is nothing to draw. */
const emptyDrawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 20"></svg>\n';

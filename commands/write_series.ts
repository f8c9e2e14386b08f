/** What follows from the linked frames of a series, written whole or not at all. */

import { join } from "node:path";
import { assignColours } from "../library/report/colours.ts";
import { mapMagnification, renderLabelMap } from "../library/report/map_image.ts";
import type { RgbImage } from "../library/report/image.ts";
import { encodePng } from "../library/report/png.ts";
import { type AreaCurve, renderSeriesPage } from "../library/report/series_page.ts";
import { type LinkedSeries, linkStoredFrames } from "../library/results/series/link_stored.ts";
import { type RecordedFrame, type SeriesRecord, seriesRecordName } from "../library/results/series/record.ts";
import { eventTable, lineage, napariTable, summaryTable } from "../library/results/series/tables.ts";
import { writeOutputs } from "../library/results/output_files.ts";
import { version } from "../library/results/version.ts";
import type { ScanShape } from "../library/scan/shape.ts";
import type { LinkingOptions } from "../library/series/series_linker.ts";
import { hasOrientations, writeTrackCrystals } from "./each_frame.ts";
import type { CommandRun } from "./command_context.ts";

/** Frames in the film strip at most. */
const shownFrames = 24;

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
}

/** Links the frames and writes tracks, tables, pictures and the record. */
export async function writeSeries(run: CommandRun, series: SeriesToWrite): Promise<SeriesRecord> {
  const { directory, frames, shape, linking } = series;
  const values = frames.map(({ value }) => value);
  const stored = frames.map((frame) => ({
    directory: frame.directory && join(directory, frame.directory),
    value: frame.value,
  }));
  const keep = spreadFrames(frames.length);
  let linked: LinkedSeries | undefined, record: SeriesRecord | undefined, pictures: Pictures | undefined;
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
          pictures = drawFrames(linked);
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
      text("report.html", () => pageOf(series, linked!, record!, pictures!)),
      text(seriesRecordName, () => `${JSON.stringify(record, null, 2)}\n`),
    ],
    true,
    run.options.signal,
  );
  // What was joined with the tracks before is joined with these.
  if (await hasOrientations(directory, series)) await writeTrackCrystals(run, directory, series);
  return record!;
}

/** Up to 24 frames, evenly from the first to the last. */
function spreadFrames(frames: number): Set<number> {
  const count = Math.min(frames, shownFrames);
  return new Set(
    Array.from({ length: count }, (_, index) => Math.round(index * (frames - 1) / Math.max(1, count - 1))),
  );
}

interface Pictures {
  readonly frames: readonly number[];
  readonly images: readonly RgbImage[];
  readonly colours: Uint32Array;
}

/** The kept frames in colours of their tracks: tracks that touch in any of them differ. */
function drawFrames({ kept, shape, summaries }: LinkedSeries): Pictures {
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
function besideEachOther(images: readonly RgbImage[]): RgbImage {
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
  const events: Record<string, number> = {};
  for (const { kind } of linked.events) events[kind] = (events[kind] ?? 0) + 1;
  const { row, column } = linked.frames.at(-1)!.drift;
  return {
    program: "crystallite",
    kind: "series",
    version,
    command: series.command,
    started: series.started.toISOString(),
    axis: series.axis,
    frames: series.frames,
    shape: { rows: linked.shape.rows, columns: linked.shape.columns },
    linking: {
      drift: typeof drift === "string" || drift === undefined ? drift ?? "auto" : "given",
      ...{ hint: series.hint, gap, remember },
      ...largestStep !== undefined && { largestStep },
    },
    tracks: linked.summaries.length,
    events,
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
): string {
  const curves = new Map<number, [number, number][]>();
  for (const { regions } of linked.frames) {
    for (const { track, frame, size } of regions) {
      curves.set(track, [...curves.get(track) ?? [], [frame, size]]);
    }
  }
  return renderSeriesPage({
    ...linked,
    ...{ name: series.name, version, started: series.started, command: series.command, axis: series.axis },
    frames: series.frames.length,
    shown: pictures.frames.map((frame, place) => ({
      frame,
      value: series.frames[frame].value,
      image: pictures.images[place],
    })),
    colours: pictures.colours,
    curves: Array.from(curves, ([track, points]): AreaCurve => ({ track, points })),
    drift: record.drift,
    warnings: series.warnings,
  });
}

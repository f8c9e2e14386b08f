/** The tracks of a stored series, read back: where each is in each frame, and what happened to it. */

import { join } from "node:path";
import { BadParameter, CorruptFile } from "../../scan/errors.ts";
import type { EventKind } from "../../series/events.ts";
import { frameStarts } from "../../series/editing/edit_events.ts";
import type { SeriesRegions } from "../../series/editing/edit_tracks.ts";
import type { TrackPlace } from "../../series/editing/track_log.ts";
import { NpyReader } from "../npy_reader.ts";
import { type CsvTable, readCsvTable } from "./csv_table.ts";
import { readSeriesRecord, type SeriesRecord } from "./record.ts";

/** Columns of `tracks.csv` and `events.csv` that are relied upon. */
const regionColumns = [
  ...["track", "frame", "cluster", "size", "row", "column", "row_corrected", "column_corrected"],
  ...["overlap", "cosine", "gap", "touches_rim", "guests"],
];
const eventColumns = ["event", "frame", "track", "partner", "size", "row", "column", "cosine", "provisional"];

/** Files of tracks in a series. */
export const trackFiles = { map: "tracks.npy", regions: "tracks.csv", events: "events.csv" } as const;

/** An event as its table has it. */
export interface StoredEvent {
  readonly kind: EventKind;
  readonly frame: number;
  readonly track: number;
  readonly partner: number;
}

/** The tracks of a series as they were linked. Close it. */
export class StoredTracks implements SeriesRegions {
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly frames: number;
  readonly frame: Int32Array<ArrayBuffer>;
  readonly track: Int32Array<ArrayBuffer>;
  /** Cluster of its frame that each region is. */
  readonly cluster: Int32Array<ArrayBuffer>;
  /** Probes of each region. */
  readonly size: Int32Array<ArrayBuffer>;
  readonly events: readonly StoredEvent[];
  /** First region of each frame. */
  readonly starts: Int32Array;

  private constructor(
    readonly directory: string,
    readonly record: SeriesRecord,
    readonly regionTable: CsvTable,
    readonly eventTable: CsvTable,
    readonly map: NpyReader,
  ) {
    this.shape = record.shape;
    this.frames = record.frames.length;
    const numbers = (name: string) => this.column(name, new Int32Array(regionTable.lines.length));
    this.frame = numbers("frame");
    this.track = numbers("track");
    this.cluster = numbers("cluster");
    this.size = numbers("size");
    const ordered = this.frame.every((at, region) => at >= (this.frame[region - 1] ?? 0) && at < this.frames);
    if (!ordered || this.track.some((track) => track < 0)) {
      throw stray(directory, "lines in the order of frames");
    }
    this.starts = frameStarts(this.frame, this.frames);
    const [event, at, track, partner] = ["event", "frame", "track", "partner"].map(eventTable.place);
    this.events = eventTable.lines.map((line) => {
      const fields = line.split(",");
      return {
        kind: fields[event] as EventKind,
        frame: Number(fields[at]),
        track: Number(fields[track]),
        partner: fields[partner] === "" ? -1 : Number(fields[partner]),
      };
    });
  }

  /**
   * Opens the tracks of a series.
   *
   * @param directory of `crystallite series`
   * @throws {BadParameter} when the folder is no series of ours
   * @throws {FileUnavailable | CorruptFile} when files of it are missing or do not belong together
   */
  static async open(directory: string): Promise<StoredTracks> {
    const record = await readSeriesRecord(directory);
    if (!record) throw noSeries(directory);
    const at = (name: string) => join(directory, name);
    const regions = await readCsvTable(at(trackFiles.regions), regionColumns);
    const events = await readCsvTable(at(trackFiles.events), eventColumns);
    const { frames, shape: { rows, columns } } = record;
    const map = NpyReader.open(at(trackFiles.map), "i32", [frames.length, rows, columns]);
    try {
      return new StoredTracks(directory, record, regions, events, map);
    } catch (cause) {
      map.close();
      throw cause;
    }
  }

  /** Numbers of a column of `tracks.csv`, by region; NaN where there is none. */
  column<Numbers extends Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
    name: string,
    numbers: Numbers,
  ): Numbers {
    const place = this.regionTable.place(name);
    this.regionTable.lines.forEach((line, region) => {
      const field = line.split(",", place + 1)[place];
      numbers[region] = field === "" ? NaN : Number(field);
    });
    return numbers;
  }

  /** Track of each probe of a frame, (row, column), as it was linked; -1 = none. */
  frameTracks(frame: number): Int32Array<ArrayBuffer> {
    const probes = this.shape.rows * this.shape.columns;
    return this.map.read(frame * probes, probes) as Int32Array<ArrayBuffer>;
  }

  /** The region of a track, as it was linked, in a frame; -1 = none. */
  regionOf(frame: number, track: number): number {
    for (let region = this.starts[frame]; region < this.starts[frame + 1]; region++) {
      if (this.track[region] === track) return region;
    }
    return -1;
  }

  /** The region at a place; -1 where there is none. */
  readonly at = ([frame, row, column]: TrackPlace): number => {
    const { rows, columns } = this.shape;
    if (frame >= this.frames || row >= rows || column >= columns) return -1;
    const [track] = this.map.read((frame * rows + row) * columns + column, 1);
    return track < 0 ? -1 : this.regionOf(frame, track);
  };

  /**
   * A place in a region: its first probe.
   *
   * @throws {CorruptFile} when table and map do not belong together
   */
  placeOf(region: number): TrackPlace {
    const frame = this.frame[region], probe = this.frameTracks(frame).indexOf(this.track[region]);
    if (probe < 0) throw stray(this.directory, `track ${this.track[region]} in frame ${frame}`);
    const { columns } = this.shape;
    return [frame, Math.floor(probe / columns), probe % columns];
  }

  /** Closes the files. */
  close(): void {
    this.map.close();
  }
}

function noSeries(directory: string): BadParameter {
  return new BadParameter(`${directory} is no series of crystallite`, {
    file: directory,
    expected: "a folder that crystallite series has written",
    remedy: "name the folder of a series",
  });
}

function stray(directory: string, expected: string): CorruptFile {
  return new CorruptFile(`the tables of ${directory} do not belong together`, {
    file: directory,
    expected,
    found: "something else",
    remedy: "link the series again, with crystallite series",
  });
}

/** Series: frames in time with the tracks of their regions, corrections of these, and runs over all frames. */

import {
  array,
  boolean,
  custom,
  literal,
  maxLength,
  minLength,
  number,
  object,
  optional,
  pipe,
  regex,
  string,
  transform,
  union,
} from "valibot";
import { parseTrackEditLog } from "../../library/series/editing/parse_track_log.ts";
import type { TrackEditLog } from "../../library/series/editing/track_log.ts";
import type { EventKind } from "../../library/series/events.ts";
import { wholeNumber } from "../../library/scan/schema.ts";
import type { Failure } from "./failure.ts";
import type { Given } from "./checked.ts";
import { path, words } from "./words.ts";

/** A frame of a series, and how it is opened: its result, or else its scan. */
export interface SeriesFrame {
  /** What is opened, and with which flags; absent where there is nothing to open. */
  readonly open?: { readonly path: string; readonly input: readonly string[]; readonly scan?: string };
  /** Time, dose, or what the axis says. */
  readonly value?: number;
  readonly clusters?: number;
  /** Why there is no result. */
  readonly error?: string;
}

/** An open series. */
export interface OpenedSeries {
  readonly series: string;
  readonly path: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly frames: readonly SeriesFrame[];
  /** What differs from frame to frame. */
  readonly axis: { readonly name: string; readonly unit?: string };
  /** Whether its regions are linked to tracks. */
  readonly linked: boolean;
  /** How far tracks are to be trusted, where there are some. */
  readonly restlessness?: number;
  /** The run over its frames that goes on. */
  readonly run?: string;
}

const wholeText = pipe(string(), regex(/^\d{1,9}$/, "a whole number of at least 0"), transform(Number));

/** A frame, by number. */
export const frameQuery = object({ frame: wholeText });
/** A region: a cluster of a frame. */
export const regionQuery = object({ frame: wholeText, cluster: wholeText });

/**
 * The regions of a series as they were linked; arrays by region, in the order of frames
 * - `frame`, `track`, `cluster`, `size` i32;
 * - `row`, `column` f32: middle in scan steps of the frame;
 * - `rim` u8: whether it reaches the rim of the frame;
 * and `colours` u8: palette index of each track; `drift` f32 (frame, 2): where the specimen has moved to since the first.
 */
export interface SeriesTableHeader {
  /** Corrections that are kept beside the series. */
  readonly edits: TrackEditLog;
}

/** A log of corrections; the library says itself what is wrong with one. */
const trackEdits = pipe(
  custom<TrackEditLog>(() => true),
  transform((log) => parseTrackEditLog(log, "the request")),
);

/** Regions that one correction names at most. */
const mostRegions = 10_000;

/** A correction to be put behind a log; regions by their places in the table. */
const newTrackEdit = union([
  object({
    kind: literal("join"),
    regions: pipe(
      array(wholeNumber(0)),
      minLength(2, "two regions or more"),
      maxLength(mostRegions, `at most ${mostRegions} regions`),
    ),
  }),
  object({ kind: literal("cut"), region: wholeNumber(0) }),
  object({ kind: literal("assign"), region: wholeNumber(0), to: union([literal("new"), wholeNumber(0)]) }),
]);

/** Corrections whose tracks are wanted. */
export const tracksRequest = object({ edits: trackEdits, add: optional(newTrackEdit) });

/** A correction as the page asks for it. */
export type NewTrackEdit = Given<typeof newTrackEdit>;

/** An event, with numbers of tracks after the corrections. */
export interface SeriesEvent {
  readonly kind: EventKind;
  readonly frame: number;
  readonly track: number;
  /** -1 = none. */
  readonly partner: number;
  /** Whether corrections made it. */
  readonly byHand: boolean;
  /** Whether the track might have come back later. */
  readonly provisional: boolean;
  /** Cosine of the patterns of region and partner, where they were compared. */
  readonly cosine?: number;
  /** Whether what was joined looks like one crystal before. */
  readonly doubtful?: boolean;
}

/** Tracks after corrections; array `tracks`, i32 by region. */
export interface TracksHeader {
  readonly edits: TrackEditLog;
  readonly events: readonly SeriesEvent[];
}

/** Tracks of a frame as they were linked: `tracks`, i32 (row, column), -1 for none. */
export interface FrameTracksHeader {
  readonly frame: number;
}

/** Average of a region: `pattern`, f32 (row, column). */
export interface RegionAverageHeader {
  readonly kind: "raw" | "filtered";
}

/** A line over the frames, in scan steps. */
export const kymographRequest = object({
  from: object({ row: number(), column: number() }),
  to: object({ row: number(), column: number() }),
  // Whether it moves with the specimen.
  corrected: boolean(),
});

/** Where a kymograph is taken. */
export type KymographRequest = Given<typeof kymographRequest>;

/** Tracks along a line, as they were linked: `tracks`, i32 (frame, place); -1 = none, -2 = outside the scan. */
export interface KymographHeader {
  readonly places: number;
}

/** Corrections to be kept beside the series. */
export const keepRequest = object({ edits: trackEdits });

/** Corrected tracks to be written into a folder. */
export const saveTracksRequest = object({
  edits: trackEdits,
  folder: path,
  replace: optional(boolean(), false),
});

/** A clustering of all frames. */
export const seriesRunRequest = object({
  // Words of `cluster` about the method, for the item that shows one of the frames.
  words,
  item: string(),
  // Folder of the series that is made.
  folder: path,
});

/** What is told of a run over frames; the last piece is `done`, `failed` or `cancelled`. */
export type SeriesRunMessage =
  | { readonly kind: "progress"; readonly frame: number; readonly stage: string; readonly part: number }
  /** A frame is done, or has failed. */
  | { readonly kind: "frame"; readonly frame: number; readonly is: SeriesFrame }
  | { readonly kind: "done"; readonly path: string }
  | { readonly kind: "failed"; readonly error: Failure["error"] }
  | { readonly kind: "cancelled" };

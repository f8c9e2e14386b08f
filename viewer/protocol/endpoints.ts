/**
 * What server and page say to each other: every address with its method, what is asked and what is answered. An
 * endpoint is named by both, `GET /api/items/:id/map`; whoever calls or answers one writes that name, and the types
 * follow from this table. Pages import it as a type only, so that no schema is sent to a browser. Every address needs
 * the session cookie; whatever is not GET needs our Origin too. Failures are JSON, see failure.ts.
 */

import { type GenericSchema, object, optional, pipe, regex, string, transform } from "valibot";
import { analysisRequest, type CrystalChoice } from "./analyses.ts";
import type { Checked, Given } from "./checked.ts";
import { type CommandAnswer, type SavedFiles, saveRequest } from "./exports.ts";
import {
  type KeyHeader,
  keyQuery,
  type OrientationsHeader,
  type SpotsAnswer,
  spotsQuery,
  type StrainHeader,
} from "./crystals.ts";
import type { FolderListing } from "./folders.ts";
import { type OpenedItem, openRequest } from "./items.ts";
import { type DeflectionHeader, deflectionRequest } from "./deflections.ts";
import { correctionsRequest } from "./corrections.ts";
import { labelView } from "./label_views.ts";
import type { ForestHeader, LabelsHeader, MapHeader, SimilarityHeader } from "./maps.ts";
import type { Parts } from "./parts.ts";
import {
  type AverageHeader,
  averagesRequest,
  type BadPixelsHeader,
  type LikenessHeader,
  likenessRequest,
  type PatternHeader,
  type WholeHeader,
} from "./patterns.ts";
import { type EstimateAnswer, type RunMessage, runRequest, type StartedRun } from "./runs.ts";
import {
  frameQuery,
  type FrameTracksHeader,
  keepRequest,
  type KymographHeader,
  kymographRequest,
  type OpenedSeries,
  type RegionAverageHeader,
  regionQuery,
  saveTracksRequest,
  type SeriesRunMessage,
  seriesRunRequest,
  type SeriesTableHeader,
  type TracksHeader,
  tracksRequest,
} from "./series.ts";
import { noteRequest, type NotesAnswer } from "./notes.ts";
import type { OpenedSession } from "./sessions.ts";
import { pieceRequest, type StartedUpload, type UploadAnswer, uploadRequest } from "./uploads.ts";
import { type VirtualHeader, virtualRequest } from "./virtual_images.ts";

/**
 * How an endpoint answers: `json`; `parts` (`Parts`); `late`, the same where it may take long, so that it can fail after
 * its status was sent and stops when nobody waits; `messages`, a stream of pieces that are `Parts`; `file`, for a download.
 */
export interface Answer<Kind extends "json" | "parts" | "late" | "messages" | "file", Value> {
  readonly kind: Kind;
  /** What travels: the JSON, or the header of the parts. Only a type. */
  readonly value?: Value;
}

/** One endpoint. */
export interface Endpoint {
  /** Parameters behind the question mark, as texts. */
  readonly query?: GenericSchema;
  /** JSON that is asked with. */
  readonly body?: GenericSchema;
  /** `Parts` that are asked with: their header. */
  readonly parts?: GenericSchema;
  readonly answers: Answer<"json" | "parts" | "late" | "messages" | "file", unknown>;
}

const json = <Value>(): Answer<"json", Value> => ({ kind: "json" });
const parts = <Header>(): Answer<"parts", Header> => ({ kind: "parts" });
const late = <Header>(): Answer<"late", Header> => ({ kind: "late" });
const messages = <Header>(): Answer<"messages", Header> => ({ kind: "messages" });
const file = (): Answer<"file", never> => ({ kind: "file" });

const wholeText = pipe(string(), regex(/^\d{1,9}$/, "a whole number of at least 0"), transform(Number));

/** The run whose clustering is meant; default: the last one. Of an older run, whatever is asked is answered or refused. */
const ofRun = object({ revision: optional(wholeText) });

/** All endpoints. */
export const endpoints = {
  /** A folder below a served root; without a path, the roots. */
  "GET /api/files": { query: object({ path: optional(string()) }), answers: json<FolderListing>() },
  /**
   * Opens a scan, a result, a session, or several scans: a series. Opening the same thing again gives the same item. A file that does not say its
   * shape fails with `ShapeUnknown`.
   */
  "POST /api/open": { body: openRequest, answers: json<OpenedItem | OpenedSession | OpenedSeries>() },
  "GET /api/items/:id": { answers: json<OpenedItem>() },
  "GET /api/items/:id/map": { query: ofRun, answers: parts<MapHeader>() },
  "GET /api/items/:id/forest": { query: ofRun, answers: parts<ForestHeader>() },
  "GET /api/items/:id/similarity": { query: ofRun, answers: parts<SimilarityHeader>() },
  "GET /api/items/:id/pattern": {
    query: object({ row: wholeText, column: wholeText }),
    answers: parts<PatternHeader>(),
  },
  /** Mean and maximum; `recorded=1` takes bad pixels as they are. */
  "GET /api/items/:id/whole": {
    query: object({ ...ofRun.entries, recorded: optional(wholeText) }),
    answers: late<WholeHeader>(),
  },
  "GET /api/items/:id/bad-pixels": { query: ofRun, answers: late<BadPixelsHeader>() },
  /** Averages of groups of probes, one piece for each as it is ready. */
  "POST /api/items/:id/averages": {
    query: ofRun,
    parts: averagesRequest,
    answers: messages<AverageHeader>(),
  },
  /** What tells how alike the averages of clusters are; one pass over the scan. */
  "POST /api/items/:id/likeness": {
    query: ofRun,
    parts: likenessRequest,
    answers: late<LikenessHeader>(),
  },
  /** Orientations of the clusters of a result, and strain of its probes, as its files have them. */
  "GET /api/items/:id/orientations": { query: ofRun, answers: parts<OrientationsHeader>() },
  "GET /api/items/:id/strain": { query: ofRun, answers: parts<StrainHeader>() },
  /** What the colours of orientation maps mean. */
  "GET /api/items/:id/key": { query: keyQuery, answers: parts<KeyHeader>() },
  /** Peaks and spots on the average of the cluster at a probe. */
  "GET /api/items/:id/spots": { query: spotsQuery, answers: json<SpotsAnswer>() },
  "POST /api/items/:id/virtual": { query: ofRun, body: virtualRequest, answers: late<VirtualHeader>() },
  /** Shifts of the centre of mass of the patterns. */
  "POST /api/items/:id/deflection": {
    query: ofRun,
    body: deflectionRequest,
    answers: late<DeflectionHeader>(),
  },
  "POST /api/items/:id/labels": { query: ofRun, body: labelView, answers: parts<LabelsHeader>() },
  /** What reproduces a view. */
  "POST /api/items/:id/command": { query: ofRun, body: labelView, answers: json<CommandAnswer>() },
  /** Writes files into a folder below a served root. */
  "POST /api/items/:id/save": { query: ofRun, body: saveRequest, answers: json<SavedFiles>() },
  /** One file. */
  "POST /api/items/:id/download": { query: ofRun, body: saveRequest, answers: file() },
  /** Keeps corrections by hand for whoever opens the same next; those of an older run are not kept. */
  "POST /api/items/:id/corrections": {
    query: ofRun,
    body: correctionsRequest,
    answers: json<Record<string, never>>(),
  },
  /** Keeps a note on a cluster, in its result where that is on disk. */
  "POST /api/items/:id/notes": { query: ofRun, body: noteRequest, answers: json<NotesAnswer>() },
  /** What a run would take. */
  "POST /api/items/:id/estimate": { body: runRequest, answers: json<EstimateAnswer>() },
  /** Starts a clustering; while another goes on it fails with `Busy`. */
  "POST /api/items/:id/runs": { body: runRequest, answers: json<StartedRun>() },
  /** Crystals that can be chosen for a result. */
  "GET /api/items/:id/crystals": { answers: json<CrystalChoice>() },
  /** Finds orientations or strain of a result and adds them to it; watched and cancelled like any run. */
  "POST /api/items/:id/analyses": { body: analysisRequest, answers: json<StartedRun>() },
  /** Stops a run; what the item had before stays. */
  "POST /api/runs/:id/cancel": { answers: json<Record<string, never>>() },
  /** A run to its end; `row` is the first row whose similarities are still wanted, for who was cut off. */
  "GET /api/runs/:id/stream": {
    query: object({ row: optional(wholeText, "0") }),
    answers: messages<RunMessage>(),
  },
  /** Begins to copy a file of the browser into a served folder, where nothing of that name may be. */
  "POST /api/uploads": { body: uploadRequest, answers: json<StartedUpload>() },
  /** The next piece of it. */
  "POST /api/uploads/:id/pieces": { parts: pieceRequest, answers: json<UploadAnswer>() },
  /** Gives it up; nothing of it stays. */
  "POST /api/uploads/:id/cancel": { answers: json<Record<string, never>>() },
  "GET /api/series/:id": { answers: json<OpenedSeries>() },
  /** The regions of all frames, as they were linked. */
  "GET /api/series/:id/table": { answers: parts<SeriesTableHeader>() },
  /** Tracks after corrections. */
  "POST /api/series/:id/tracks": { body: tracksRequest, answers: parts<TracksHeader>() },
  "GET /api/series/:id/frame": { query: frameQuery, answers: parts<FrameTracksHeader>() },
  "GET /api/series/:id/average": { query: regionQuery, answers: parts<RegionAverageHeader>() },
  "POST /api/series/:id/kymograph": { body: kymographRequest, answers: parts<KymographHeader>() },
  /** Keeps corrections beside the series. */
  "POST /api/series/:id/edits": { body: keepRequest, answers: json<SavedFiles>() },
  /** Writes corrected tracks into a folder below a served root. */
  "POST /api/series/:id/save": { body: saveTracksRequest, answers: json<SavedFiles>() },
  /** Starts a clustering of all frames; while another goes on it fails with `Busy`. */
  "POST /api/series/:id/runs": { body: seriesRunRequest, answers: json<StartedRun>() },
  /** Stops it; frames that are done stay done. */
  "POST /api/series-runs/:id/cancel": { answers: json<Record<string, never>>() },
  /** A run over frames from its beginning to its end. */
  "GET /api/series-runs/:id/stream": { answers: messages<SeriesRunMessage>() },
} as const satisfies Readonly<Record<`${"GET" | "POST"} /api/${string}`, Endpoint>>;

/** The table, for those who need its types alone. */
export type Endpoints = typeof endpoints;

/** Method and address of an endpoint. */
export type EndpointName = keyof Endpoints;

/** `id` of `GET /api/items/:id/map`. */
type PathNames<Name extends string> = Name extends `${string}:${infer Rest}`
  ? (Rest extends `${infer Own}/${infer More}` ? Own | PathNames<More> : Rest)
  : never;

type PathParameters<Name extends string> = { readonly [Own in PathNames<Name>]: string };

/** Parameters of an address and behind its question mark, as the caller gives them. */
export type GivenParameters<Name extends EndpointName> =
  & PathParameters<Name>
  & (Endpoints[Name] extends { readonly query: infer Query extends GenericSchema }
    ? { readonly [Own in keyof Given<Query>]: Given<Query>[Own] | number }
    : unknown);

/** The same, checked. */
export type CheckedParameters<Name extends EndpointName> =
  & PathParameters<Name>
  & (Endpoints[Name] extends { readonly query: infer Query extends GenericSchema } ? Checked<Query>
    : unknown);

/** What an endpoint is asked with, as the caller gives it. */
export type GivenBody<Name extends EndpointName> = Endpoints[Name] extends
  { readonly body: infer Body extends GenericSchema } ? Given<Body>
  : Endpoints[Name] extends { readonly parts: infer Header extends GenericSchema } ? Parts<Given<Header>>
  : undefined;

/** The same, checked. Parts are read when the handler has said how many bytes they may have at most. */
export type CheckedBody<Name extends EndpointName> = Endpoints[Name] extends
  { readonly body: infer Body extends GenericSchema } ? Checked<Body>
  : Endpoints[Name] extends { readonly parts: infer Header extends GenericSchema }
    ? (mostBytes: number) => Promise<Parts<Checked<Header>>>
  : undefined;

/** Which way an endpoint answers. */
export type AnswerKind<Name extends EndpointName> = Endpoints[Name]["answers"]["kind"];

/** The JSON of an answer, or the header of its parts. */
export type AnswerValue<Name extends EndpointName> = Endpoints[Name]["answers"] extends
  Answer<AnswerKind<Name>, infer Value> ? Value : never;

/** Endpoints that answer in one of some ways. */
export type EndpointsThatAnswer<Kind extends string> = {
  [Name in EndpointName]: AnswerKind<Name> extends Kind ? Name : never;
}[EndpointName];

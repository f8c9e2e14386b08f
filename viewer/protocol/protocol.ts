/**
 * What server and page say to each other. Every address lies below /api and needs the session cookie; whatever is not
 * GET needs our Origin too. Failures are JSON ({@link Failure}) with a status of 400 and above. Pure: the browser uses it.
 */

import type { EditLog } from "../../library/cluster/editing/log.ts";
import type { Cluster } from "../../library/cluster/cluster.ts";
import type { RegionEvidence } from "../../library/cluster/clustering.ts";
import type { Method } from "../../library/cluster/parameters.ts";
import type { Calibration } from "../../library/scan/calibration.ts";
import type { ErrorDetails } from "../../library/scan/errors.ts";
import type { ScanShape } from "../../library/scan/shape.ts";

/**
 * Any answer that is a failure. Binary answers that take long, and streams of pieces, may fail after their status was
 * sent: then the header of the answer, or of the last piece, is this.
 */
export interface Failure {
  readonly error: {
    /** `ErrorKind` of the library, or `Unexpected`, `NotFound`, `Busy`, `Refused`. */
    readonly kind: string;
    readonly message: string;
    readonly details: ErrorDetails;
  };
}

/** Whether a header is a failure that came late. */
export function isFailure(header: unknown): header is Failure {
  return typeof header === "object" && header !== null && "error" in header && !("kind" in header);
}

/** `GET /api/files?path=P`: a folder below a served root; without a path, the roots. */
export interface FolderListing {
  /** Absolute path; empty for the list of roots. */
  readonly path: string;
  /** The folder above, if it is served too. */
  readonly parent?: string;
  readonly entries: readonly FolderEntry[];
  /** Whether more entries were left out. */
  readonly truncated: boolean;
}

/** One file or folder; of files only those whose name suggests a scan, and our session files. */
export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: "folder" | "result" | "scan" | "session";
  readonly bytes?: number;
  /** Milliseconds since 1970. */
  readonly modified?: number;
}

/**
 * `POST /api/open` (JSON): opens a scan or a result; answers {@link OpenedItem}. Opening the same thing again gives the
 * same item. A file that does not say its shape fails with `ShapeUnknown`.
 */
export interface OpenRequest {
  readonly path: string;
  /** Flags about reading the file, as on the command line: `--scan-shape`, `--dataset`, `--frames`, `--roi`, ... */
  readonly input?: readonly string[];
}

/** `GET /api/items/ID`, and the answer of everything that opens one. */
export interface OpenedItem {
  readonly id: string;
  /** Grows with every finished run. */
  readonly revision: number;
  readonly path: string;
  readonly name: string;
  readonly shape: ScanShape;
  readonly dtype: string;
  readonly calibration: Calibration;
  /** Uncompressed bytes of all patterns. */
  readonly bytes: number;
  readonly warnings: readonly string[];
  /** Whether patterns can be read; `false` for a result whose scan is not where it was, with why. */
  readonly scan: { readonly readable: true; readonly path: string } | {
    readonly readable: false;
    readonly why: string;
  };
  /** Flags about reading the file. */
  readonly input: readonly string[];
  /** The clustering that there is: of the result, or of the last run. */
  readonly clustering?: ClusteringFacts;
  /** The run that goes on. */
  readonly run?: string;
}

/** What a clustering says about itself. */
export interface ClusteringFacts {
  readonly method: Method;
  /** The words of `cluster` that gave it, without command, input, `--out` and `--edits`. */
  readonly words: readonly string[];
  /** The threshold that was applied; `null` for regions. */
  readonly threshold: number | null;
  readonly minimumSize: number;
  readonly average: "raw" | "filtered" | "none";
  /** What the automatic choice would be, where there is a forest. */
  readonly automaticThreshold?: number;
  /** Agreement of the maps from two halves of the electrons, and what else speaks for or against regions. */
  readonly regions?: Pick<RegionEvidence, "stability" | "borderlinePairs" | "bendingPairs">;
  readonly center: { readonly row: number; readonly column: number };
  /** Corrections by hand that the result has. */
  readonly edits?: EditLog;
  readonly warnings: readonly string[];
  /** Seconds of the run. */
  readonly seconds: number;
}

/**
 * `GET /api/items/ID/map`: {@link Parts} with this header and the arrays
 * - `labels` i32 (row, column): as the method gave them, before any edit;
 * - `mean` f32 (row, column): mean similarity;
 * - `mask` u8 (row, column);
 * - `probes` u32 (edge, 2) and `similarity` f32 (edge): the merge forest; absent with the border rule of py4DSTEM;
 * - `margin` f32 (row, column): where regions were found.
 */
export interface MapHeader {
  readonly revision: number;
  readonly clusters: readonly Cluster[];
}

/** `GET /api/items/ID/similarity`: {@link Parts} with `forward`, f32 (row, column, 4) to (0,1) (1,-1) (1,0) (1,1). */
export interface SimilarityHeader {
  readonly revision: number;
}

/** `GET /api/items/ID/pattern?row=R&column=C`: {@link Parts} with `pattern`, f32 (qy, qx), counts. */
export interface PatternHeader {
  readonly row: number;
  readonly column: number;
  /** Sum of counts. */
  readonly sum: number;
}

/** `GET /api/items/ID/whole`: {@link Parts} with `mean` and `maximum`, f32 (qy, qx), over all probes; may take long. */
export interface WholeHeader {
  readonly probes: number;
}

/**
 * `POST /api/items/ID/averages`, body {@link Parts} with this header and `probes` u32: flat indices of the probes of each
 * cluster, one cluster after the other. Answers a stream of {@link encodeMessage} pieces, one for each cluster as it is
 * ready: header {@link AverageHeader}, `pattern` f32 (qy, qx).
 */
export interface AveragesRequest {
  /** Probes of each cluster; at most {@link mostAverages} clusters. */
  readonly sizes: readonly number[];
  /** Patterns are summed into `bin` x `bin` pixels, for thumbnails; default 1. */
  readonly bin?: number;
}
export const mostAverages = 64;

/** Header of one average. */
export interface AverageHeader {
  /** Place of the cluster in the request. */
  readonly place: number;
  /** `filtered` only where the run averaged filtered patterns and still has their weights. */
  readonly kind: "raw" | "filtered";
}

/**
 * `POST /api/items/ID/virtual` (JSON): {@link Parts} with `image`, f32 (row, column), sums of counts. While a detector is
 * dragged, `draft: true` allows an image from binned patterns; the answer says whether it is exact. Exact images of
 * large scans take as long as reading them. A request that is dropped is stopped.
 */
export interface VirtualRequest {
  readonly detector: Detector;
  readonly draft?: boolean;
}

/** A detector in pixels: a disk (`inner` = 0 and left out) or a ring, inner <= r <= outer, about a centre. */
export interface Detector {
  readonly row: number;
  readonly column: number;
  readonly inner?: number;
  readonly outer: number;
}

/** Header of a virtual image. */
export interface VirtualHeader {
  readonly exact: boolean;
  /** Detector pixels, per side, that were summed into one for a draft. */
  readonly bin: number;
}

/**
 * `POST /api/items/ID/runs` (JSON): starts a clustering; answers {@link StartedRun}. One run at a time on the whole
 * server: another fails with `Busy`. `POST /api/runs/ID/cancel` stops it; what the item had before stays.
 */
export interface RunRequest {
  /** Words of `cluster` about the method, such as `--blur 3 --threshold auto`. */
  readonly words: readonly string[];
  /** A mask drawn by hand: probes that may be clustered; together with `--mask` of the words, those in both. */
  readonly mask?: DrawnMask;
}

/** A map of zeros and ones: lengths of its runs, row-major, beginning with zeros. */
export interface DrawnMask {
  readonly runs: readonly number[];
}

export interface StartedRun {
  readonly run: string;
}

/** `POST /api/items/ID/estimate` (JSON, {@link RunRequest}): what a run would take. */
export interface EstimateAnswer {
  readonly seconds: number;
  readonly bytes: number;
}

/**
 * `GET /api/runs/ID/stream?row=R`: a body of {@link encodeMessage} pieces that ends with `done`, `failed` or `cancelled`.
 * `row` is the first row whose similarities are still wanted, so that a dropped connection can go on where it was.
 */
export type RunMessage =
  | {
    readonly kind: "progress";
    readonly stage: string;
    readonly done: number;
    readonly total: number;
    /** Seconds since the start. */
    readonly elapsed: number;
    /** Estimated; absent while unknown. */
    readonly left?: number;
  }
  /** Array `forward`, f32 (row, column, 4), of `count` rows from `first` on; NaN where there is no neighbour (yet). */
  | { readonly kind: "rows"; readonly first: number; readonly count: number }
  | { readonly kind: "done"; readonly item: OpenedItem }
  | { readonly kind: "failed"; readonly error: Failure["error"] }
  | { readonly kind: "cancelled" };

/** Which labels the page shows; the server makes the same from it. */
export interface LabelView {
  /** `method`: labels as the method gave them; `threshold`: the forest cut at `threshold`. */
  readonly source: "method" | "threshold";
  readonly threshold?: number;
  readonly minimumSize?: number;
  /** Corrections by hand on top. */
  readonly edits?: EditLog;
  /** A mask drawn by hand, in place of the run's. */
  readonly mask?: DrawnMask;
}

/** `POST /api/items/ID/labels` (JSON, {@link LabelView}): {@link Parts} with `labels`, i32 (row, column). */
export interface LabelsHeader {
  readonly clusters: number;
}

/** Files that can be saved or downloaded. */
export type ExportKind =
  | "picture"
  | "table"
  | "averages"
  | "tiff"
  | "labels"
  | "report"
  | "session"
  | "result";

/**
 * `POST /api/items/ID/save` (JSON): writes files into a folder below a served root; answers {@link SavedFiles}.
 * `POST /api/items/ID/download` (JSON, one kind, not `result`): the file itself.
 */
export interface SaveRequest {
  readonly view: LabelView;
  readonly kinds: readonly ExportKind[];
  readonly folder?: string;
  /** Files are called `NAME_map.png`, `NAME_clusters.csv` and so on. */
  readonly name?: string;
  /** Replace files that are there already; otherwise that is an error. */
  readonly replace?: boolean;
  /** Picture: index of the palette for each cluster, as the page shows them; else dealt anew. */
  readonly colours?: readonly number[];
  /** Session: what the page wants back when it is opened again. */
  readonly page?: Readonly<Record<string, string>>;
}

export interface SavedFiles {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/** A session file: JSON. Opening one answers {@link OpenedSession} instead of an item. */
export interface OpenedSession {
  readonly item: OpenedItem;
  readonly view: LabelView;
  readonly page: Readonly<Record<string, string>>;
  /** The run that gave the clustering, where it is not on disk and must be done again. */
  readonly run?: RunRequest;
}

/** `POST /api/items/ID/command` (JSON, {@link LabelView}): what reproduces the view. */
export interface CommandAnswer {
  /** For a shell, quoted, `\` at line ends. */
  readonly shell: string;
  /** TypeScript with the library. */
  readonly code: string;
  /** Files that the command needs beside it, such as a drawn mask; `save` of `session` or `result` writes them. */
  readonly needs: readonly string[];
}

/** A piece of a stream: its length in bytes (uint32, little-endian), then {@link Parts}. */
export const messageLimit = 64 * 2 ** 20;

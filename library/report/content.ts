/** What a report is made from. */

import type { ClusterNote } from "../cluster/notes.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Clustering } from "../cluster/clustering.ts";
import type { Scan } from "../scan/scan.ts";

/** What a report needs to know of a scan; its patterns are not read again. */
export type ScanFacts = Pick<Scan, "shape" | "dtype" | "calibration" | "source" | "warnings">;

/** How a result came about. */
export interface RunFacts {
  /** Version of crystallite. */
  readonly version: string;
  /** The command line that gives this result, word by word; empty where a program called the library. */
  readonly command: readonly string[];
  /** The folder that relative paths start from. */
  readonly workingDirectory?: string;
  /** When the run began. */
  readonly started: Date;
  /** Which frames of its series a frame takes over from: what is prepared for all, and the regions that are expected. */
  readonly series?: FrameOrigin;
  /** Notes of people on clusters. */
  readonly clusterNotes?: readonly ClusterNote[];
}

/** Frames of a series that the result of another rests on, by number. */
export interface FrameOrigin {
  /** The frame that bad pixels, beam and threshold were found in; absent where it is this one. */
  readonly preparedBy?: number;
  /** The frame whose clusters said which regions to expect; absent where none did. */
  readonly hintedBy?: number;
  /** How far the specimen moved since, down and to the right, in whole scan steps. */
  readonly shift?: readonly [row: number, column: number];
  /** SHA-256 of what was taken over from these frames: they may be made again, and be others. */
  readonly basis?: string;
}

/** The average of a cluster beside the raw pattern at its seed; both (qy, qx) row-major, in counts. */
export interface PatternPair {
  /** The cluster. */
  readonly cluster: Cluster;
  /** Its average pattern. */
  readonly average: ArrayLike<number>;
  /** The raw pattern at its seed; absent where the scan cannot be read any more. */
  readonly seedPattern?: ArrayLike<number>;
}

/** Everything a report shows. */
export interface ReportContent {
  /** What was found. */
  readonly clustering: Clustering;
  /** What was clustered. */
  readonly scan: ScanFacts;
  /** How the result came about. */
  readonly run: RunFacts;
  /** The largest clusters, largest first; `null` when no averages were computed. */
  readonly patterns: readonly PatternPair[] | null;
  /** Bytes of the scan's patterns, uncompressed. */
  readonly bytesIn: number;
  /** Bytes of the result's data files. */
  readonly bytesOut: number;
  /** Palette index of each cluster, from `assignColours`; default: worked out. */
  readonly colours?: Uint32Array;
  /** Seconds spent so far, by stage. */
  readonly timings: Readonly<Record<string, number>>;
}

/** Number of clusters whose patterns a report shows. */
export const reportedPatterns = 12;

/** The clusters by size, largest first, ties by id. */
export function largestClusters(clusters: readonly Cluster[], count: number): Cluster[] {
  return [...clusters].sort((a, b) => b.size - a.size || a.id - b.id).slice(0, count);
}

/** Share of the probes that are in a cluster, 0 to 1. */
export function coveredFraction(clustering: Pick<Clustering, "clusters" | "shape">): number {
  const covered = clustering.clusters.reduce((sum, cluster) => sum + cluster.size, 0);
  return covered / (clustering.shape.rows * clustering.shape.columns);
}

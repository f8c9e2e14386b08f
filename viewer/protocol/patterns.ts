/** Patterns: of one probe, of the whole scan, averages of groups of probes. All as `Parts`, in counts. */

import { array, maxLength, object, optional, pipe } from "valibot";
import { wholeNumber } from "../../library/scan/schema.ts";
import type { Checked, Given } from "./checked.ts";
import { mostAverages, mostLikened } from "./limits.ts";

/** One pattern: `pattern`, f32 (qy, qx). */
export interface PatternHeader {
  readonly row: number;
  readonly column: number;
  /** Sum of counts; `null`, as JSON has it, where one is no number. */
  readonly sum: number | null;
}

/** `mean` and `maximum`, f32 (qy, qx), over all probes; may take long. */
export interface WholeHeader {
  readonly probes: number;
}

/** Bad detector pixels: `filled` and `masked`, u32, flat indices. */
export interface BadPixelsHeader {
  /** Where they are known from. */
  readonly source: string;
}

/**
 * Header of a request for averages; the array `probes`, u32, has the flat indices of the probes of each cluster, one
 * cluster after the other.
 */
export const averagesRequest = object({
  // Probes of each cluster.
  sizes: pipe(
    array(wholeNumber(1)),
    maxLength(mostAverages, `at most ${mostAverages} numbers of probes`),
  ),
  // Patterns are summed into `bin` x `bin` pixels, for thumbnails.
  bin: optional(wholeNumber(1), 1),
});

/** Asks for averages of clusters of these sizes, in patterns binned by `bin`. */
export type AveragesRequest = Given<typeof averagesRequest>;

/** Header of a request for the likeness of clusters; `probes` as of averages. */
export const likenessRequest = object({
  sizes: pipe(
    array(wholeNumber(1)),
    maxLength(mostLikened, `at most ${mostLikened} numbers of probes`),
  ),
  // That of vectors which these are to be compared with; default: as small as answers allow.
  bin: optional(wholeNumber(1)),
});

/** Asks for vectors of the averages of clusters. */
export type LikenessRequest = Checked<typeof likenessRequest>;

/** `vectors`, f32 (cluster, pixel), of unit length: the inner product of two is how alike their averages are. */
export interface LikenessHeader {
  /** Patterns were summed into `bin` x `bin` pixels. */
  readonly bin: number;
}

/** Header of one average: `pattern`, f32 (qy, qx). */
export interface AverageHeader {
  /** Place of the cluster in the request. */
  readonly place: number;
  /** `filtered` only where the run averaged filtered patterns and still has their weights. */
  readonly kind: "raw" | "filtered";
}

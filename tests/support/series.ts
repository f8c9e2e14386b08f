/** Series with the results of the research code (tests/data/series_golden.json), and simulated ones with drift. */

import type { RegionFrameInput } from "../../library/series/region_frame.ts";

/** Frames of labels with features, and what the research tracker made of them. */
export interface GoldenSeries {
  readonly rows: number;
  readonly columns: number;
  readonly frames: readonly {
    /** A digit in base 36 for each probe, `.` = none. */
    readonly labels: string;
    readonly features: readonly (readonly number[])[];
    readonly noise: readonly number[];
  }[];
  readonly drift: readonly (readonly [row: number, column: number])[];
  readonly tracks: readonly (readonly number[])[];
  readonly events: readonly (readonly [kind: string, frame: number, track: number, partner: number])[];
}

/** Tracks and truth of a series, and its scores. */
export interface GoldenScores {
  readonly truth: string;
  readonly tracks: string;
  readonly probes: number;
  readonly want: Readonly<Record<"HOTA" | "DetA" | "AssA" | "IDF1" | "IDS" | "objects" | "truths", number>>;
}

/** What the research code gave. */
export function readSeriesGolden(): { links: GoldenSeries[]; scores: GoldenScores[] } {
  return JSON.parse(Deno.readTextFileSync(new URL("../data/series_golden.json", import.meta.url)));
}

/** The frames of a series as the tracker takes them. */
export function goldenFrames({ rows, columns, frames }: GoldenSeries): RegionFrameInput[] {
  return frames.map(({ labels, features, noise }) => ({
    rows,
    columns,
    labels: readLabels(labels),
    count: noise.length,
    features: Float64Array.from(features.flat()),
    noise: Float64Array.from(noise),
  }));
}

/** Labels from their digits. */
export function readLabels(digits: string): Int32Array {
  return Int32Array.from(digits, (digit) => digit === "." ? -1 : parseInt(digit, 36));
}

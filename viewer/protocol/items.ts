/** Scans and results that are open. */

import { boolean, object, optional } from "valibot";
import type { ClusterNote } from "../../library/cluster/notes.ts";
import type { RegionEvidence } from "../../library/cluster/clustering.ts";
import type { EditLog } from "../../library/cluster/editing/log.ts";
import type { Method } from "../../library/cluster/parameters.ts";
import type { Calibration } from "../../library/scan/calibration.ts";
import type { ScanShape } from "../../library/scan/shape.ts";
import type { Given } from "./checked.ts";
import type { CrystalFacts } from "./crystals.ts";
import { path, words } from "./words.ts";

/** Where a scan or result is, and how it is read. */
export const sourceEntries = {
  path,
  // Flags about reading the file, as on the command line: `--scan-shape`, `--dataset`, `--frames`, `--roi`, ...
  input: optional(words, []),
  // Of a result: its scan, where that is not where the result says.
  scan: optional(path),
} as const;

/** What to open: a scan, a result or a session. */
export const openRequest = object({
  ...sourceEntries,
  // Whether several scans, in a file or a folder, are opened as a series.
  frames: optional(boolean(), false),
});

/** Opens a path; `input` has flags about reading the file, as on the command line. */
export type OpenRequest = Given<typeof openRequest>;

/** An open scan or result. */
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
  /** Flags about reading the scan, also where a result says them. */
  readonly input: readonly string[];
  /** What opens the same again, beside the path. */
  readonly asked: { readonly input: readonly string[]; readonly scan?: string };
  /** The clustering that there is: of the result, or of the last run. */
  readonly clustering?: ClusteringFacts;
  /** The run that goes on. */
  readonly run?: string;
  /** Corrections by hand as a page kept them last, see `Kept` in viewer/page/editing/kept.ts. */
  readonly corrections?: string;
  /** Notes on clusters; absent where none can be kept. */
  readonly notes?: readonly ClusterNote[];
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
  /** How far the regions can be trusted, and pairs of them to look at. */
  readonly regions?: Pick<RegionEvidence, "stability" | "borderlinePairs" | "bendingPairs">;
  readonly center: { readonly row: number; readonly column: number };
  /** Corrections by hand that the result has. */
  readonly edits?: EditLog;
  /** Orientations and strain that the result has. */
  readonly crystals?: CrystalFacts;
  readonly warnings: readonly string[];
  /** Seconds of the run. */
  readonly seconds: number;
  /** Tells clusterings apart: equal for the same labels before corrections. */
  readonly fingerprint: string;
  /** Whether it was read from a result; what a run of the server found is gone with the server. */
  readonly onDisk: boolean;
}

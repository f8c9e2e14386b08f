/** What a result knows of its crystals: orientations of its clusters and strain of its probes. */

import { object, optional, picklist, pipe, regex, string, transform } from "valibot";
import type { DetectorSpot } from "../../library/mapping/matched_spots.ts";
import type { OrientationLine } from "../../library/results/orientation_table.ts";

const wholeText = pipe(string(), regex(/^\d{1,9}$/, "a whole number of at least 0"), transform(Number));

/** What a result with orientations has beside them. */
export interface CrystalFacts {
  readonly strain: boolean;
}

/**
 * Orientations of the clusters of a result, as its files say them; arrays
 * - `labels` i32 (row, column): the clusters that they are of;
 * - `inPlane`, `outOfPlane` u8 (cluster, 3): colours of the crystal directions down the detector and towards the source.
 */
export interface OrientationsHeader {
  /** Names of the crystals. */
  readonly phases: readonly string[];
  /** By cluster; `null` where none was found. */
  readonly clusters: readonly (ClusterCrystal | null)[];
}

/** The crystal of a cluster. */
export interface ClusterCrystal extends OrientationLine {
  /** Place of its crystal among the phases. */
  readonly phase: number;
}

/** Strain, NaN where it was not measured: `strain` and `error` f32 (row, column, 4), `dilation` f32 (row, column). */
export interface StrainHeader {
  /** What counts as no strain, in words. */
  readonly reference: string;
  /** Where the axes lie, in words; empty for x down the detector. */
  readonly axes: string;
}

/** Asks for the colour key of a crystal, on the background of a theme. */
export const keyQuery = object({
  revision: optional(wholeText),
  phase: wholeText,
  theme: picklist(["dark", "light"]),
});

/** The colour key: `pixels`, u8 (row, column, 3). */
export interface KeyHeader {
  readonly width: number;
  readonly height: number;
  /** Pixels around the wedge. */
  readonly margin: number;
  readonly laueClass: string;
  /** Names of the corners, such as `[0 1 1]`. */
  readonly corners: readonly string[];
}

/** Asks for the spots of the cluster at a probe. */
export const spotsQuery = object({ revision: optional(wholeText), row: wholeText, column: wholeText });

/** Peaks measured on the average of a cluster, and spots of its crystal, all in detector pixels. */
export interface SpotsAnswer {
  readonly cluster: number;
  /** Radius of the disks. */
  readonly diskRadius: number;
  readonly measured: readonly { readonly row: number; readonly column: number }[];
  /** The direct beam is among them; none where no orientation was found. */
  readonly spots: readonly DetectorSpot[];
  /** Name of the crystal with its zone axis; `null` where no orientation was found. */
  readonly crystal:
    | (Pick<ClusterCrystal, "zoneAxis" | "ambiguous" | "score"> & { readonly name: string })
    | null;
}

/** What the files of orientations are made of. */

import type { Crystal } from "../crystal/crystal.ts";
import type { ClusterOrientations } from "../mapping/orient_clusters.ts";
import type { PixelSize } from "../scan/calibration.ts";

/** What the files are made of. */
export interface OrientationContent {
  readonly found: ClusterOrientations;
  readonly crystals: readonly Crystal[];
  /** CIF text of each crystal; `undefined` for a built-in one. */
  readonly cifTexts: readonly (string | undefined)[];
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly labels: Int32Array;
  readonly pixelSize?: PixelSize;
}

/** A name without what separates the fields of a table. */
export function plain(name: string): string {
  return name.replace(/[",\t\n]/g, " ");
}

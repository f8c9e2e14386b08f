/** Grains and boundaries of clusters with orientations, in the unit that lengths are given in. */

import type { LaueGroup } from "../crystal/point_group.ts";
import type { Crystal } from "../crystal/crystal.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { conversion } from "../scan/units.ts";
import { type Boundary, clusterBoundaries, type Steps } from "./boundaries.ts";
import { type GrainShape, grainShapes } from "./grain_shapes.ts";
import type { ClusterOrientation } from "./strain_spots.ts";

/** What the tables say. */
export interface GrainTables {
  readonly boundaries: readonly Boundary[];
  /** Of each cluster. */
  readonly grains: readonly GrainShape[];
  /** `nm` where the step is known, otherwise `step`. */
  readonly unit: "nm" | "step";
}

/**
 * Works out the tables.
 *
 * @param labels int32 (row, column): cluster of each probe, -1 for none
 * @param orientations of each cluster; `undefined` where none was found
 */
export function grainTables(
  labels: Int32Array,
  shape: { readonly rows: number; readonly columns: number },
  orientations: readonly (ClusterOrientation | undefined)[],
  phases: readonly { readonly crystal: Crystal; readonly group: LaueGroup }[],
  pixelSize: PixelSize | undefined,
): GrainTables {
  const { steps, unit } = stepsOf(pixelSize);
  const boundaries = clusterBoundaries(labels, shape, orientations, phases, steps);
  const grains = grainShapes(labels, shape.columns, orientations.length, boundaries, steps);
  return { boundaries, grains, unit };
}

/** Steps of the scan in nm, or in steps where they are unknown. */
function stepsOf(pixelSize: PixelSize | undefined): { steps: Steps; unit: "nm" | "step" } {
  const factor = pixelSize && conversion(pixelSize.unit, "nm");
  if (!pixelSize || factor === undefined) return { steps: { row: 1, column: 1 }, unit: "step" };
  return { steps: { row: pixelSize.row * factor, column: pixelSize.column * factor }, unit: "nm" };
}

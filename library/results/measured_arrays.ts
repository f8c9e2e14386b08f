/** The table of arrays that analyses of a result add to it: what `clusters.h5` needs to know of them. */

import { type AxisName, knownLength, type Sizes } from "./axes.ts";
import type { DType } from "../scan/dtype.ts";

/** An array that was measured on a clustered scan; the file has the name of the node with `.npy`. */
export interface MeasuredArray {
  readonly name: string;
  readonly type: DType;
  /** Axes of the scan by name; others by their length and what their values are. */
  readonly axes: readonly (AxisName | readonly [length: number, meaning: string])[];
  /** Unit of the values; empty where they have none. */
  readonly unit: string;
}

const map = ["row", "column"] as const;
const place = [2, "row, column on the detector"] as const;
const crystalAxes = [3, "x, y, z of the crystal"] as const;
const sampleAxes = [3, "x, y, z of the laboratory"] as const;
const components = [4, "e_xx, e_yy, e_xy, rotation (rad)"] as const;

/** All of them. */
export const measuredArrays: readonly MeasuredArray[] = [
  { name: "measured_origin", type: "f32", axes: [...map, place], unit: "pixels" },
  { name: "fitted_origin", type: "f32", axes: [...map, place], unit: "pixels" },
  { name: "orientation_matrices", type: "f64", axes: ["cluster", crystalAxes, sampleAxes], unit: "" },
  { name: "strain", type: "f32", axes: [...map, components], unit: "" },
  { name: "strain_error", type: "f32", axes: [...map, components], unit: "" },
  { name: "dilation", type: "f32", axes: map, unit: "" },
  { name: "origin", type: "f32", axes: [...map, place], unit: "pixels" },
  { name: "probe_orientation_matrices", type: "f32", axes: [...map, crystalAxes, sampleAxes], unit: "" },
  { name: "probe_phases", type: "i32", axes: map, unit: "phase" },
  { name: "probe_scores", type: "f32", axes: map, unit: "" },
  { name: "probe_reliability", type: "f32", axes: map, unit: "%" },
  { name: "kam", type: "f32", axes: map, unit: "degrees" },
  { name: "grod", type: "f32", axes: map, unit: "degrees" },
];

/** Lengths of the axes of such an array, slowest first. */
export function measuredShape({ name, axes }: MeasuredArray, sizes: Sizes): number[] {
  return axes.map((axis) => {
    const length = typeof axis === "string" ? knownLength(axis, sizes) : axis[0];
    if (length === null) throw new RangeError(`the length of an axis of ${name} is not known`);
    return length;
  });
}

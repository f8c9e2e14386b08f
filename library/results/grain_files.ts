/** Tables of grains and of the boundaries between them. */

import { directionName } from "../mapping/euler.ts";
import { type Boundary, clusterBoundaries, type Steps } from "../mapping/boundaries.ts";
import { type GrainShape, grainShapes } from "../mapping/grain_shapes.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { conversion } from "../scan/units.ts";
import { type OrientationContent, plain } from "./orientation_content.ts";

/** Names of the tables. */
export const grainFiles = { boundaries: "boundaries.csv", grains: "grains.csv" } as const;

/** Grains and boundaries in the unit that lengths are given in. */
export interface GrainTables {
  readonly boundaries: readonly Boundary[];
  readonly grains: readonly GrainShape[];
  /** `nm` where the step is known, otherwise `step`. */
  readonly unit: "nm" | "step";
}

/** Works out what the tables say. */
export function grainTables(
  { found, shape, labels, pixelSize }: OrientationContent,
): GrainTables {
  const { steps, unit } = stepsOf(pixelSize);
  const orientations = found.matches.map(([match]) => match);
  const boundaries = clusterBoundaries(labels, shape, orientations, found.plans, steps);
  const grains = grainShapes(labels, shape.columns, found.matches.length, boundaries, steps);
  return { boundaries, grains, unit };
}

/** Steps of the scan in nm, or in steps where they are unknown. */
function stepsOf(pixelSize: PixelSize | undefined): { steps: Steps; unit: "nm" | "step" } {
  const factor = pixelSize && conversion(pixelSize.unit, "nm");
  if (!pixelSize || factor === undefined) return { steps: { row: 1, column: 1 }, unit: "step" };
  return { steps: { row: pixelSize.row * factor, column: pixelSize.column * factor }, unit: "nm" };
}

/** The tables as files, by name. */
export function encodeGrains(content: OrientationContent, tables: GrainTables): Map<string, Uint8Array> {
  const text = new TextEncoder();
  return new Map([
    [grainFiles.boundaries, text.encode(boundaryTable(content, tables))],
    [grainFiles.grains, text.encode(grainTable(content, tables))],
  ]);
}

function boundaryTable({ crystals }: OrientationContent, { boundaries, unit }: GrainTables): string {
  const lines = boundaries.map(({ clusters, phases, angle, axis, name, deviation, length }) =>
    [
      ...clusters,
      ...(phases ?? ["", ""]).map((phase) => phase === "" ? "" : plain(crystals[phase as number].name)),
      angle?.toFixed(2) ?? "",
      axis && phases ? directionName(crystals[phases[0]].cell, axis) : "",
      name ?? "",
      deviation?.toFixed(2) ?? "",
      length.toFixed(2),
      unit,
    ].join(",")
  );
  return [
    "cluster,other,phase,other_phase,angle,axis,name,deviation,length,unit",
    ...lines,
    "",
  ].join("\n");
}

function grainTable({ found, crystals }: OrientationContent, { grains, unit }: GrainTables): string {
  const lines = grains.map(({ area, equivalentDiameter, aspectRatio, neighbours }, cluster) => {
    const [match] = found.matches[cluster];
    return [
      ...[cluster, match ? plain(crystals[match.phase].name) : ""],
      ...[area, equivalentDiameter, aspectRatio].map((value) => value.toFixed(2)),
      ...[neighbours, unit],
    ].join(",");
  });
  return ["cluster,phase,area,equivalent_diameter,aspect_ratio,neighbours,unit", ...lines, ""].join("\n");
}

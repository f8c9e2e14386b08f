/** Tables of grains and of the boundaries between them. */

import { directionName } from "../mapping/euler.ts";
import { type GrainTables, grainTables } from "../mapping/grain_tables.ts";
import { type OrientationContent, plain } from "./orientation_content.ts";

/** Names of the tables. */
export const grainFiles = { boundaries: "boundaries.csv", grains: "grains.csv" } as const;

/** What the tables of a result say. */
export function tablesOf({ found, shape, labels, pixelSize }: OrientationContent): GrainTables {
  return grainTables(labels, shape, found.matches.map(([match]) => match), found.plans, pixelSize);
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

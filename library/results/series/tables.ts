/** The tables of a series. Numbers are the shortest that give the same float64 back; what is not known is empty. */

import type { TrackEvent } from "../../series/events.ts";
import type { LinkedFrame } from "../../series/series_linker.ts";
import type { TrackSummary } from "../../series/track_summary.ts";

type Cell = number | string | boolean | undefined;

/** Lines of a table as text. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(formatCell).join(",")}\n`).join("");
}

function formatCell(cell: Cell): string {
  if (cell === undefined || typeof cell === "number" && !Number.isFinite(cell)) return "";
  return typeof cell === "boolean" ? String(Number(cell)) : String(cell);
}

/** Columns of `tracks.csv`; positions are (row, column) in scan steps, `corrected` ones without the drift. */
export const trackColumns = [
  ...["track", "frame", "value", "cluster", "size", "area_nm2", "equivalent_diameter_nm"],
  ...["row", "column", "row_corrected", "column_corrected"],
  ...["overlap", "cosine", "gap", "touches_rim", "guests", "mean_similarity"],
];

/**
 * The lines of a frame.
 *
 * @param meanSimilarity by cluster
 * @param probeArea in nm^2; areas and diameters are left out where it is not known
 */
export function trackLines(
  { regions, drift }: LinkedFrame,
  value: number | undefined,
  meanSimilarity: readonly number[],
  probeArea?: number,
): string {
  return csvLines(regions.map((region) => [
    ...[region.track, region.frame, value, region.region, region.size],
    ...probeArea === undefined ? [undefined, undefined] : areaAndDiameter(region.size * probeArea),
    ...[region.row, region.column, region.row - drift.row, region.column - drift.column],
    ...[region.ratio, region.cosine, region.gap, region.touchesRim, region.guests],
    meanSimilarity[region.region],
  ]));
}

/** An area, and the diameter of the disk that has it. */
function areaAndDiameter(area: number): number[] {
  return [area, 2 * Math.sqrt(area / Math.PI)].map((value) => Number(value.toPrecision(7)));
}

/** `track_summary.csv`. */
export function summaryTable(tracks: readonly TrackSummary[]): string {
  return csvLines([
    [
      ...["track", "first", "last", "frames", "began", "ended", "parent", "into"],
      ...["area_first", "area_last", "area_max", "radius_rate", "radius_rate_error", "path", "displacement"],
      "mean_cosine",
    ],
    ...tracks.map((track) => [
      ...[
        track.track,
        track.first,
        track.last,
        track.frames,
        track.began,
        track.ended,
        track.parent,
        track.into,
      ],
      ...[track.firstArea, track.lastArea, track.largestArea, track.radiusRate, track.radiusRateError],
      ...[track.path, track.displacement, track.cosine],
    ]),
  ]);
}

/** `events.csv`. */
export function eventTable(events: readonly TrackEvent[], values: readonly (number | undefined)[]): string {
  return csvLines([
    [
      ...["event", "frame", "value", "track", "partner", "size", "partner_size"],
      ...["weight", "cosine", "row", "column", "provisional", "union_cosine", "border_before", "area_passed"],
      ...["seen", "covered", "light", "doubtful", "border_now"],
    ],
    ...events.map((event) => [
      ...[event.kind, event.frame, values[event.frame], event.track, event.partner, event.size],
      ...[event.partnerSize, event.weight, event.cosine, event.row, event.column, event.provisional],
      ...[event.unionCosine, event.borderBefore, event.areaPassed],
      ...[event.seen, event.covered, event.light, event.doubtful, event.borderNow],
    ]),
  ]);
}

/** Columns of `drift.csv`, in scan steps. */
export const driftColumns = [
  "frame",
  "value",
  "step_row",
  "step_column",
  "row",
  "column",
  "agreement",
  "trusted",
];

/** The line of a frame. */
export function driftLine({ step, drift }: LinkedFrame, frame: number, value: number | undefined): string {
  return csvLines([[
    ...[frame, value, step.row, step.column, drift.row, drift.column, step.agreement, step.trusted],
  ]]);
}

/** Tracks as napari's layer and Ultrack take them: one parent each. */
export function napariTable(
  lines: readonly (readonly [track: number, frame: number, row: number, column: number])[],
  parents: ReadonlyMap<number, number>,
): string {
  return csvLines([
    ["track_id", "t", "y", "x", "parent_track_id"],
    ...lines
      .toSorted(([one, a], [other, b]) => one - other || a - b)
      .map(([track, frame, row, column]) => [track, frame, row, column, parents.get(track) ?? -1]),
  ]);
}

/** `lineage.json`: the tracks that each one came from: what it split from, and what it took in. */
export function lineage(events: readonly TrackEvent[]): string {
  const parents: Record<string, number[]> = {};
  for (const { kind, track, partner } of events) {
    if (kind === "split") (parents[track] ??= []).push(partner);
    if (kind === "merge") (parents[partner] ??= []).push(track);
  }
  return `${JSON.stringify(parents)}\n`;
}

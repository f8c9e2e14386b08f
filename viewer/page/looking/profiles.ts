/** Profiles of what is shown: along the line of the ruler, and over rings about the direct beam. */

import { computed, signal } from "@preact/signals";
import {
  formatCounts,
  formatFixed,
  formatLength,
  formatSimilarity,
  formatUnit,
  readScattering,
} from "../../drawing/format.ts";
import { lineProfile } from "../../../library/measuring/line_profile.ts";
import { radialProfile } from "../../../library/measuring/radial_profile.ts";
import { badPixels } from "./bad_pixels.ts";
import { directBeam } from "./direct_beam.ts";
import { mapRuler, patternRuler, type Ruled } from "./ruler.ts";
import { item, map, probePattern, type ShownPattern, upperPattern } from "../state.ts";
import { upperSource } from "../sources/pattern_sources.ts";
import { realView } from "../views/real_views.ts";

/** One curve with its name. */
export interface Curve {
  readonly name: string;
  readonly values: Float64Array;
}

/** Curves over one axis, with what their numbers mean. */
export interface Profile {
  readonly curves: readonly Curve[];
  /** A place on the axis in words, and a value. */
  readonly place: (at: number) => string;
  readonly value: (value: number) => string;
  /** Values with what they are of. */
  readonly read: (values: string) => string;
  /** Whether values are counts, which the intensity scale of the patterns holds for. */
  readonly counts: boolean;
  /** From one value to the next, in the unit of the axis, for tables. */
  readonly step: number;
  readonly unit: string;
}

/** What the line lies on. */
export type Ground = "map" | "patterns";

/** What was measured on last. */
export const lineGround = signal<Ground>("map");

/** Says what the line lies on, and where: from the middle of pixels. */
export function ruleLine(on: Ground, { from, to }: Ruled): void {
  const half = ({ row, column }: Ruled["from"]) => ({ row: row + 0.5, column: column + 0.5 });
  lineGround.value = on;
  (on === "map" ? mapRuler : patternRuler).show({ from: half(from), to: half(to) });
}

/** The line as pixels are counted: (0, 0) is the middle of the first. */
export const ruledLine = computed<Ruled | null>(() => {
  const ruled = (lineGround.value === "map" ? mapRuler : patternRuler).ruled.value;
  if (!ruled) return null;
  const half = ({ row, column }: Ruled["from"]) => ({ row: row - 0.5, column: column - 0.5 });
  return { from: half(ruled.from), to: half(ruled.to) };
});

/** Patterns that are shown, with their names. */
function shownPatterns(): readonly (readonly [string, ShownPattern])[] {
  const probe = probePattern.value, upper = upperPattern.value;
  return [
    ...upper ? [[upperSource.value.label(), upper] as const] : [],
    ...probe ? [[`Probe (${probe.probe.row}, ${probe.probe.column})`, probe] as const] : [],
  ].filter(([, pattern]) => !pattern.transformed);
}

/** Values along the line; `null` while there is no line, or nothing under it. */
export const alongLine = computed<Profile | null>(() => {
  const line = ruledLine.value, opened = item.value;
  if (!line || !opened) return null;
  const { shape, calibration: { pixelSize, qPixelSize } } = opened, onMap = lineGround.value === "map";
  const size = onMap ? pixelSize : qPixelSize;
  const down = (line.to.row - line.from.row) * (size?.row ?? 1);
  const right = (line.to.column - line.from.column) * (size?.column ?? 1), length = Math.hypot(down, right);
  const grounds = onMap ? shownMap() : shownPatterns().map(([name, { values }]) => ({ name, values }));
  const { rows, columns } = onMap ? shape : { rows: shape.patternRows, columns: shape.patternColumns };
  const curves = grounds.map(({ name, values }) => ({
    name,
    values: lineProfile(values, { rows, columns }, line).values,
  }));
  if (curves.length === 0 || curves[0].values.length < 2) return null;
  const step = length / (curves[0].values.length - 1), bare = onMap ? "probes" : "px";
  return {
    curves,
    place: (at) => size ? formatLength(at * step, size.unit) : `${formatFixed(at * step, 1)} ${bare}`,
    value: onMap ? mapFormat() : formatCounts,
    read: onMap ? (values) => `${grounds[0].name} ${values}` : inCounts,
    counts: !onMap || realView.value.name === "virtual",
    ...{ step, unit: size?.unit ?? bare },
  };
});

/** The map that is shown, where it is one of numbers, else the similarity. */
function shownMap(): readonly { readonly name: string; readonly values: Float32Array }[] {
  const view = realView.value, picture = view.picture.value;
  if (picture?.kind === "scalar") return [{ name: view.label, values: picture.values }];
  return map.value ? [{ name: "Similarity", values: map.value.mean }] : [];
}

/** Numbers as the colour bar of the map has them. */
function mapFormat(): (value: number) => string {
  const legend = realView.value.legend.value;
  return legend?.kind === "values" && legend.contrast ? legend.contrast.format : formatSimilarity;
}

const inCounts = (values: string) => `${values} counts`;

/** Azimuthal means of the patterns that are shown. */
export const overRings = computed<Profile | null>(() => {
  const opened = item.value, patterns = shownPatterns();
  if (!opened || patterns.length === 0) return null;
  const { shape: { patternRows: rows, patternColumns: columns }, calibration } = opened;
  const { qPixelSize, beamEnergy } = calibration, center = directBeam(opened), bad = badPixels.value;
  const masked = bad ? [...bad.filled, ...bad.masked] : [];
  const profiles = patterns.map(([name, { values }]) => ({
    name,
    ...radialProfile({ values, rows, columns, center, pixelSize: qPixelSize, masked }),
  }));
  const { step } = profiles[0], across = qPixelSize ? qPixelSize.column : 1;
  return {
    curves: profiles.map(({ name, mean }) => ({ name, values: mean })),
    place: (at) => {
      const { q, d } = readScattering(
        { row: center.row, column: center.column + at * step / across },
        center,
        qPixelSize,
        beamEnergy,
      );
      return d && at > 0 ? `${q}, ${d}` : q;
    },
    value: formatCounts,
    read: inCounts,
    counts: true,
    ...{ step, unit: qPixelSize ? formatUnit(qPixelSize.unit) : "px" },
  };
});

/** Where the handle stands on the profile of rings, in steps; -1 for nowhere. */
export const ringAt = signal(-1);

/** The ring there as a disk on the patterns; `null` for none. */
export const markedRing = computed(() => {
  const opened = item.value, profile = overRings.value;
  if (!opened || !profile || ringAt.value <= 0) return null;
  return {
    ...directBeam(opened),
    outer: ringAt.value * profile.step / (opened.calibration.qPixelSize?.column ?? 1),
  };
});

/** A profile as a table: a line for each value, its place first. */
export function tableOf({ curves, step, unit }: Profile): string {
  const names = [unit, ...curves.map(({ name }) => `"${name.replaceAll('"', '""')}"`)];
  const lines = Array.from(curves[0].values, (_, at) => {
    const cells = curves.map(({ values }) => Number.isFinite(values[at]) ? String(values[at]) : "");
    return [Number((at * step).toPrecision(9)), ...cells].join(",");
  });
  return [names.join(","), ...lines, ""].join("\n");
}

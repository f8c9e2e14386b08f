/** Shifts of the centre of mass of all patterns: fetched while they are looked at, once the detector rests. */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { signedRange } from "../../drawing/pattern_scale.ts";
import { formatFixed, formatNumber, formatUnit } from "../../drawing/format.ts";
import type { Detector } from "../../protocol/virtual_images.ts";
import { AtRest } from "../at_rest.ts";
import { call } from "../client.ts";
import { complain } from "../errors.ts";
import { repaired } from "./bad_pixels.ts";
import { detector, detectorKind, item, reconnections, run } from "../state.ts";
import { rangeOf } from "../value_range.ts";
import type { ScalarMap } from "../views/scalar_view.ts";

/** How long a detector must rest before the scan is read for it, in milliseconds. */
const restFor = 250;

/** Maps of what was fetched last, in detector pixels. */
interface Deflection {
  readonly key: string;
  /** The part of the patterns that counted; `null` for all of it. */
  readonly of: Detector | null;
  readonly row: Float32Array;
  readonly column: Float32Array;
  readonly magnitude: Float32Array;
  readonly integrated: Float32Array;
}

const found = signal<Deflection | null>(null);

/** What is to be shown: a detector is meant where one is drawn. */
const wanted = computed(() => {
  const opened = item.value, of = detectorKind.value === "none" ? null : detector.value;
  return {
    of,
    key: `${opened?.id}:${opened?.revision}:${repaired.value}:${of ? JSON.stringify(of) : "all"}`,
  };
});

/** Follows the detector; of shifts that are of another scan nothing is shown. */
export function followDeflection(looked: ReadonlySignal<boolean>): () => void {
  const rest = new AtRest(restFor);
  return effect(() => {
    const opened = item.value, { of, key } = wanted.value, going = run.value !== null;
    reconnections.value;
    rest.stop();
    if (found.peek() && !found.peek()!.key.startsWith(`${opened?.id}:${opened?.revision}:`)) {
      found.value = null;
    }
    if (!opened?.scan.readable || !looked.value || going || found.peek()?.key === key) return;
    const { id, revision } = opened, recorded = !repaired.peek();
    rest.begin(async (signal) => {
      try {
        const { arrays } = await call(
          "POST /api/items/:id/deflection",
          { id, revision },
          { ...of && { detector: of }, recorded },
          signal,
        );
        if (signal.aborted) return;
        const [row, column, integrated] = ["row", "column", "integrated"].map((name) =>
          arrays[name] as Float32Array
        );
        const magnitude = row.map((down, probe) => Math.hypot(down, column[probe]));
        found.value = { key, of, row, column, magnitude, integrated };
      } catch (cause) {
        if (!signal.aborted) complain(cause);
      }
    });
  });
}

/** What can be shown of a shift. */
export type DeflectionPart = "row" | "column" | "magnitude" | "integrated";

/** Size of a detector pixel where it is known, and its unit. */
function pixel(): { readonly size: number; readonly unit: string } {
  const known = item.value?.calibration.qPixelSize;
  return known ? { size: known.column, unit: formatUnit(known.unit) } : { size: 1, unit: "px" };
}

/** The map of a part with its colours' ends: about zero but for magnitudes. */
export function deflectionMap(part: DeflectionPart): ReadonlySignal<ScalarMap | null> {
  return computed(() => {
    const values = found.value?.[part];
    if (!values) return null;
    if (part === "magnitude") return { values, range: rangeOf(values) };
    const { low, high } = signedRange(values.filter((value) => !Number.isNaN(value)));
    return { values, range: high > 0 ? [low, high] : [-1, 1] };
  });
}

/** A shift in words, without unit. */
export function formatDeflection(value: number, part: DeflectionPart): string {
  if (Number.isNaN(value)) return "no counts";
  const { size, unit } = pixel();
  if (part === "integrated") return formatNumber(value * size, 3);
  return unit === "px" ? formatFixed(value, 3) : formatNumber(value * size, 3);
}

/** Its unit. */
export function deflectionUnit(part: DeflectionPart): string {
  return part === "integrated" ? `${pixel().unit} × probes` : pixel().unit;
}

/** Of what the shifts are that are shown. */
export function deflectionNote(): readonly string[] {
  const { of, key } = found.value!, { size, unit } = pixel();
  const format = (radius: number) => formatFixed(radius * size, unit === "px" ? 1 : 3);
  const { inner = 0, outer = 0 } = of ?? {};
  const part = of
    ? `${inner > 0 ? `${format(inner)} to ` : "up to "}${format(outer)} ${unit}`
    : "whole pattern";
  const late = key === wanted.value.key
    ? []
    : [run.value ? "detector before; updated after the run" : "updating…"];
  return [part, "less the mean", ...late];
}

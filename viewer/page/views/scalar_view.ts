/** Views of one number for each probe: all that they need is the numbers, their unit and their colours. */

import { computed, type ReadonlySignal } from "@preact/signals";
import type { ColourMapName, Picture } from "../../drawing/map_scene.ts";
import type { ValueRange } from "../../drawing/pattern_scale.ts";
import { item } from "../state.ts";
import { chooseContrast, chosenContrast, symmetryOf } from "../looking/contrast.ts";
import type { Legend, RealView } from "./view.ts";

/** Numbers over all probes. */
export interface ScalarMap {
  /** float32 (row, column). */
  readonly values: Float32Array;
  /** Lowest and highest value. */
  readonly range: readonly [low: number, high: number];
}

/** What a view of numbers is made of. */
export interface ScalarEntry
  extends Pick<RealView, "name" | "label" | "key" | "group" | "needs" | "alwaysRead" | "follow" | "missing"> {
  /** `null` while there are none. */
  readonly values: ReadonlySignal<ScalarMap | null>;
  readonly map: ColourMapName;
  /** What a number is called in the read-out, where it needs a name. */
  readonly quantity?: string;
  /** Behind numbers, such as `counts`. */
  readonly unit?: string | (() => string);
  /** A number in the read-out. */
  readonly format: (value: number) => string;
  /** A number at an end of the colour bar; default: as in the read-out. */
  readonly formatEnd?: (value: number) => string;
  /** Beside the colour bar, as {@link Legend} has it. What it reads of signals is followed. */
  readonly note?: () => readonly string[];
  /** What the histogram of the contrast reaches over; default: over all values. */
  readonly span?: (range: readonly [low: number, high: number]) => ValueRange;
  /** From a value to the number that is written for it; default: 1. */
  readonly factor?: number;
  /** Why some have no value, where that has to be said. */
  readonly none?: string;
}

/** A view of numbers. */
export function scalarView(
  { values, map, quantity, unit, format, formatEnd = format, note, span, factor, none, ...entry }:
    ScalarEntry,
): RealView {
  const rangeOf = ({ range: [low, high] }: ScalarMap) => chosenContrast(entry.name) ?? { low, high };
  return {
    ...entry,
    picture: computed((): Picture | null => {
      const found = values.value, shape = item.value?.shape;
      if (!found || !shape || found.values.length !== shape.rows * shape.columns) return null;
      const { rows, columns } = shape, range = rangeOf(found);
      return {
        ...{ rows, columns, map },
        kind: "scalar",
        values: found.values,
        range,
        scale: "linear",
      };
    }),
    legend: computed((): Legend | null => {
      if (!values.value) return null;
      const found = values.value, range = rangeOf(found), named = nameOf(unit);
      const [low, high] = [range.low, range.high].map((value) => formatEnd(value));
      const contrast = {
        values: [found.values],
        range,
        scale: "linear",
        format: formatEnd,
        byHand: chosenContrast(entry.name) !== null,
        choose: (wanted: ValueRange | null) => chooseContrast(entry.name, wanted),
        ...factor !== undefined && { factor },
        ...span && { span: span(found.range) },
        ...map === "diverging" && { symmetric: symmetryOf(entry.name, range) },
      } as const;
      const words = { low, high: named ? `${high} ${named}` : high, note: note?.() };
      return { kind: "values", map, ...words, ...none && { none }, contrast };
    }),
    read: (place) => {
      const value = values.value?.values[place];
      return value === undefined ? null : { before: quantity, value: format(value), after: nameOf(unit) };
    },
  };
}

function nameOf(unit: ScalarEntry["unit"]): string | undefined {
  return typeof unit === "function" ? unit() : unit;
}

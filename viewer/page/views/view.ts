/** What a view of real space is. To add one, write an entry and put it into the list of real_views.ts. */

import type { ReadonlySignal } from "@preact/signals";
import type { IntensityScale, ValueRange } from "../../drawing/pattern_scale.ts";
import type { ColourMapName, Picture } from "../../drawing/map_scene.ts";

/** What a view can depend on: a clustering, a run that goes on, patterns that can be read, files of the result, a linked series. */
export type Need = "clustering" | "run" | "patterns" | "orientations" | "strain" | "tracks";

/** Views that are offered side by side. */
export type ViewGroup = "clusters" | "deflection" | "orientation" | "strain" | "tracks";

/** Colour of what has no value, in CSS. */
export const noValue = "#5a5c61";

/** Lines and dots over probes that are in no cluster, in CSS. */
export const textureInk = "var(--texture)";

/** What lies outside the mask, in CSS: as maps have it. */
export const outsideMask = `repeating-linear-gradient(-45deg, ${textureInk} 0 1px, var(--outside) 1px 4px)`;

/** A view of real space: what it shows over all probes, (row, column), and in which words. */
export interface RealView {
  /** Its name in addresses and sessions. */
  readonly name: string;
  readonly label: string;
  readonly group: ViewGroup;
  /** The key that chooses it while its group is shown. */
  readonly key: string;
  /** Any one of these must be there; where none is named, it can always be chosen. */
  readonly needs: readonly Need[];
  /** What is drawn, one pixel a probe; `null` while there is nothing to show. */
  readonly picture: ReadonlySignal<Picture | null>;
  /** Said in place of the picture while there is none. What it reads of signals is followed. */
  readonly missing?: () => string;
  /** What its colours mean. */
  readonly legend: ReadonlySignal<Legend | null>;
  /** What it says about the probe at a flat index; `null` for nothing. What it reads of signals is followed. */
  readonly read?: (place: number) => Reading | null;
  /** Whether that is read out under every view, not only under its own. */
  readonly alwaysRead?: boolean;
  /** Whether rows that a run has not done yet are hatched. */
  readonly grows?: boolean;
  /** Whether it is light in the light theme, so that what lies on it must be dark. */
  readonly followsTheme?: boolean;
  /** What choosing a probe at a flat index means, in place of selecting its cluster. */
  readonly choose?: (place: number, add: boolean) => void;
  /** Keeps its values up to date while it is shown; returns what ends that. */
  readonly follow?: (shown: ReadonlySignal<boolean>) => () => void;
}

/** What contrast is chosen for. */
export interface ContrastOf {
  /** All values; what is no number does not count. */
  readonly values: readonly ArrayLike<number>[];
  /** The ends of the colours as they are. */
  readonly range: ValueRange;
  /** How colours rise. */
  readonly scale: IntensityScale;
  readonly format: (value: number) => string;
  /** From a value to the number that is written for it, such as 100 for percent; default: 1. */
  readonly factor?: number;
  /** Whether the range was chosen by hand. */
  readonly byHand: boolean;
  /** `null` for what fits the values. */
  readonly choose: (range: ValueRange | null) => void;
  /** What the histogram reaches over, where a few values lie far from all others; default: over all of them. */
  readonly span?: ValueRange;
  /** Where colours have a middle: whether both ends are as far from zero. */
  readonly symmetric?: { readonly locked: boolean; readonly lock: (locked: boolean) => void };
}

/** What colours mean: of categories each by itself, of values the two ends of their colour map, of directions the keys of the crystals. */
export type Legend =
  | { readonly kind: "categories"; readonly categories: readonly Category[] }
  | {
    readonly kind: "values";
    readonly map: ColourMapName;
    readonly low: string;
    readonly high: string;
    /** What the values are of, and what else is to be said: each part is whole by itself, the first is the first to give way. */
    readonly note?: readonly string[];
    /** How the ends of the colours are chosen; absent where they are not. */
    readonly contrast?: ContrastOf;
    /** Why some have no value, where that has to be said. */
    readonly none?: string;
  }
  | { readonly kind: "directions"; readonly note: string };

/** A colour in CSS with its meaning. */
export interface Category {
  readonly colour: string;
  readonly name: string;
}

/** One part of the read-out: words, the value between them in bold, and a colour in CSS before all. */
export interface Reading {
  readonly colour?: string;
  readonly before?: string;
  readonly value?: string;
  readonly after?: string;
}

/** What the page knows, as signals; islands draw from them, everything else in this folder changes them. */

import { computed, signal } from "@preact/signals";
import { type EditLog, emptyEditLog } from "../../library/cluster/editing/log.ts";
import type { Failure } from "../protocol/failure.ts";
import type { OpenedItem } from "../protocol/items.ts";
import type { DrawnMask, LabelView } from "../protocol/label_views.ts";
import type { Detector, ImageStep } from "../protocol/virtual_images.ts";
import type { Evidence, LabelledMap } from "../labels/labelling.ts";
import type { ColourMapName, IntensityScale } from "../drawing/pattern_scale.ts";

/** The maps of an item that do not change with the threshold. */
export interface LoadedMap {
  readonly revision: number;
  readonly labels: Int32Array;
  /** Mean similarity. */
  readonly mean: Float32Array;
  readonly mask: Uint8Array;
  readonly hasForest: boolean;
  /** Lowest and highest mean similarity. */
  readonly meanRange: readonly [number, number];
}

export const item = signal<OpenedItem | null>(null);
export const map = signal<LoadedMap | null>(null);

// Which labels are shown.
export const source = signal<LabelView["source"]>("method");
export const threshold = signal(0.9);
export const minimumSize = signal(4);
export const log = signal<EditLog>(emptyEditLog);
/** A mask drawn by hand in place of the run's. */
export const drawnMask = signal<DrawnMask | null>(null);
/** The drawn mask that the run of the shown map was given; the next run gets it too. */
export const runMask = signal<DrawnMask | null>(null);
/** The map that is drawn. While a threshold is dragged it has no figures of its clusters. */
export const drawnMap = signal<LabelledMap | null>(null);
/** The last map with figures: what the list and everything that is fetched go by. */
export const labelled = signal<LabelledMap | null>(null);
/** What speaks for a threshold, and the view that it is of. */
export const curves = signal<Evidence & { readonly of: LabelView } | null>(null);
/** Clusters by size, in half-octaves, at the threshold. */
export const sizes = signal<Uint32Array | null>(null);

/** The view as the server understands it. */
export const labelView = computed<LabelView>(() => ({
  source: source.value,
  ...(source.value === "threshold" && { threshold: threshold.value, minimumSize: minimumSize.value }),
  ...(log.value.operations.length > 0 && { edits: log.value }),
  ...(drawnMask.value && { mask: drawnMask.value }),
}));

// Real space.
export type Tool = "select" | "move" | "ruler" | "rectangle" | "polygon" | "brush";
export const outlines = signal(false);
/** By what clusters are coloured; see looking/cluster_colouring.ts. */
export type Colouring = "own" | "like" | "size" | "similarity";
export const colouring = signal<Colouring>("own");
export const tool = signal<Tool>("select");
export const probe = signal<{ readonly row: number; readonly column: number }>({ row: 0, column: 0 });
/** Name of the cluster under the pointer, -1 for none. */
export const hovered = signal(-1);
/** Probe position under the pointer. */
export const pointed = signal<{ readonly row: number; readonly column: number } | null>(null);

// Reciprocal space.
/** Pattern data with the words for its caption. */
export interface ShownPattern {
  /** Of what it is: a picture is never shown under the caption of another. */
  readonly of: string;
  readonly values: Float32Array;
  readonly sum: number;
  readonly note: string;
  /** Whether values lie on both sides of zero: they are shown by colours about zero, in their own contrast. */
  readonly signed?: boolean;
  /** Whether it is the transform of a pattern: its pixels are no directions, and it has its own contrast. */
  readonly transformed?: boolean;
}
export const upperPattern = signal<ShownPattern | null>(null);
export const probePattern = signal<
  ShownPattern & { readonly probe: { readonly row: number; readonly column: number } } | null
>(null);
export const patternScale = signal<IntensityScale>("log");
export const patternColours = signal<ColourMapName>("inferno");
/** Percentile of the counts that gets the brightest colour. */
export const brightest = signal(99.85);
export const detectorKind = signal<"none" | "disk" | "annulus">("none");
export const detector = signal<Detector>({ row: 0, column: 0, outer: 1 });
export const virtualImage = signal<
  {
    /** The detector that it is of. */
    readonly of: Detector;
    readonly values: Float32Array;
    readonly exact: boolean;
    readonly bin: number;
    /** What one probe stands for in a coarse image. */
    readonly step?: ImageStep;
    readonly range: readonly [number, number];
  } | null
>(null);

// Runs.
export interface RunState {
  readonly id: string;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly left?: number;
  /** Rows whose similarities have come. */
  readonly rows: number;
}
export const run = signal<RunState | null>(null);
/** Whether a run goes on. */
export const running = computed(() => run.value !== null);

// The window.
export type Tab = "tracks" | "clusters" | "parameters" | "crystal" | "export";
export const tab = signal<Tab>("clusters");
export const drawerOpen = signal(false);
export const shortcutsOpen = signal(false);
export type Theme = "dark" | "light";
export const theme = signal<Theme>("dark");
/** Said in the footer of real space for a while, with the undo that goes with it. */
export const notice = signal<{ readonly text: string; readonly undo: boolean } | null>(null);
/** Read out by screen readers. */
export const announcement = signal("");
/** Seconds until the next try, while the server does not answer. */
export const offline = signal<number | null>(null);
/** Whether the server was started anew, so that its address must be opened once more. */
export const sessionEnded = signal(false);
/** How often the server was found again; what was asked for before is asked for again. */
export const reconnections = signal(0);
/** Something failed while the page went on. */
export const problem = signal<Failure["error"] | null>(null);

/** Whether patterns can be read. */
export const readable = computed(() => item.value?.scan.readable === true);

/** What the labelling worker does with each request: one clustering at rest, one that is running. Pure. */

import type { Edit } from "../../library/cluster/editing/log.ts";
import { CrystalliteError, type PlainError } from "../../library/scan/errors.ts";
import { type WithFigures, withFigures } from "./cluster_figures.ts";
import { GrowingLabelling, type GrowingMap, type GrowingView } from "./growing_labelling.ts";
import { labelledScan } from "./label_view.ts";
import { type Detail, type Evidence, type LabelledMap, Labelling, type MapPreview } from "./labelling.ts";
import type { Parts } from "../protocol/parts.ts";
import type { ClusteringFacts } from "../protocol/items.ts";
import type { LabelView } from "../protocol/label_views.ts";
import type { ForestHeader, MapHeader } from "../protocol/maps.ts";
import type { EditAttempt } from "./try_edit.ts";

/** Rows and columns of a scan. */
export interface MapShape {
  readonly rows: number;
  readonly columns: number;
}

/** What each request asks, by its name. */
export interface LabellingCalls {
  /** Begins with another clustering: the answer of `GET map`. */
  open(
    map: Parts<MapHeader>,
    shape: MapShape,
    facts: Pick<ClusteringFacts, "threshold" | "minimumSize">,
  ): void;
  /** The answer of `GET forest`. */
  setForest(forest: Parts<ForestHeader>): void;
  /** The answer of `GET similarity`. */
  setForward(forward: Float32Array): void;
  /** A map, with the figures of its clusters for them. */
  view(view: LabelView, detail: Detail): WithFigures<LabelledMap>;
  preview(view: LabelView, longest: number): MapPreview;
  /** Works out what views at other thresholds need. */
  prepare(): void;
  curves(view: LabelView): Evidence;
  sizes(view: LabelView): Uint32Array<ArrayBuffer>;
  tryEdit(view: LabelView, edit: Edit): EditAttempt;
  /** Begins with a run; mask uint8 (row, column) where it is known. */
  grow(shape: MapShape, mask?: Uint8Array): void;
  addRows(first: number, count: number, forward: Float32Array): void;
  /** `null` where the run is over: its result has come while this waited. */
  growingView(view: GrowingView): GrowingMap | null;
  /** Mean similarity of each probe so far, NaN where no row has come. */
  growingSimilarity(): Float32Array<ArrayBuffer>;
  /** The threshold that would be chosen from the rows so far. */
  growingThreshold(): number;
}

/** A call on its way to the worker. */
export interface LabellingRequest<Name extends keyof LabellingCalls = keyof LabellingCalls> {
  readonly id: number;
  readonly name: Name;
  readonly values: Parameters<LabellingCalls[Name]>;
}

/** Its answer. */
export type LabellingAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: PlainError | { readonly message: string } };

/** The clusterings that a worker keeps. */
export class LabellingService {
  #labelling: Labelling | undefined;
  #growing: GrowingLabelling | undefined;
  readonly #calls: LabellingCalls = {
    open: (map, shape, facts) => {
      this.#labelling = new Labelling(labelledScan(map, shape, facts));
      this.#growing = undefined;
    },
    setForest: (forest) => this.#open.setForest(forest),
    setForward: (forward) => this.#open.setForward(forward),
    view: (view, detail) => withFigures(this.#open.view(view, detail)),
    preview: (view, longest) => this.#open.preview(view, longest),
    prepare: () => this.#open.prepare(),
    curves: (view) => this.#open.curves(view),
    sizes: (view) => this.#open.sizes(view),
    tryEdit: (view, edit) => this.#open.tryEdit(view, edit),
    grow: (shape, mask) => {
      this.#growing = new GrowingLabelling(shape, mask);
    },
    addRows: (first, count, forward) => this.#running.addRows(first, count, forward),
    growingView: (view) => this.#growing?.view(view) ?? null,
    growingSimilarity: () => this.#running.meanSimilarity(),
    growingThreshold: () => this.#running.automatic(),
  };

  /** Does what a request asks; failures are answers too. */
  answer({ id, name, values }: LabellingRequest): LabellingAnswer {
    try {
      const call = this.#calls[name] as (...values: unknown[]) => unknown;
      return { id, result: call(...values) };
    } catch (error) {
      if (error instanceof CrystalliteError) return { id, error: error.toJSON() };
      return { id, error: { message: error instanceof Error ? error.message : String(error) } };
    }
  }

  get #open(): Labelling {
    if (this.#labelling === undefined) throw new TypeError("no clustering has been opened");
    return this.#labelling;
  }

  get #running(): GrowingLabelling {
    if (this.#growing === undefined) throw new TypeError("no clustering is running");
    return this.#growing;
  }
}

/** Memory of an answer that can be given away instead of copied. */
export function transferable(result: unknown): ArrayBuffer[] {
  const values = ArrayBuffer.isView(result)
    ? [result]
    : typeof result === "object" && result !== null
    ? Object.values(result)
    : [];
  const buffers = values.filter((value) => ArrayBuffer.isView(value)).map(({ buffer }) => buffer);
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}

/** Averages of a figure's clusters, with the peaks and spots on them; kept while the composer is open. */

import type { SpotsAnswer } from "../../protocol/crystals.ts";
import type { OpenedItem } from "../../protocol/items.ts";
import type { LabelledMap } from "../../labels/labelling.ts";
import { call } from "../client.ts";
import { fetchAverages } from "../looking/averages.ts";
import { clusterKey, probesOf } from "../looking/clusters.ts";

/** Averages that are kept at most: those of two full figures. */
const most = 48;

/** Of one open item and run. */
export class FigurePatterns {
  #of = "";
  readonly #averages = new Map<string, Float32Array>();
  readonly #spots = new Map<string, SpotsAnswer>();

  /** Averages of clusters, float32 (qy, qx), in their order; those that are not known are asked for at once. */
  async averages(
    opened: OpenedItem,
    shown: LabelledMap,
    ids: readonly number[],
    signal: AbortSignal,
  ): Promise<Float32Array[]> {
    this.#begin(opened);
    const keys = ids.map((id) => clusterKey(shown, id));
    const missing = ids.filter((_, place) => !this.#averages.has(keys[place]));
    if (missing.length > 0) {
      const groups = missing.map((id) => probesOf(shown, id));
      for await (const { header, arrays } of fetchAverages(opened, groups, 1, signal)) {
        this.#averages.set(clusterKey(shown, missing[header.place]), arrays.pattern as Float32Array);
      }
    }
    const found = keys.map((key) => this.#averages.get(key)!);
    for (const key of this.#averages.keys()) {
      if (this.#averages.size <= most) break;
      if (!keys.includes(key)) this.#averages.delete(key);
    }
    return found;
  }

  /** Peaks and spots on them, in their order. */
  async spots(
    opened: OpenedItem,
    shown: LabelledMap,
    ids: readonly number[],
    signal: AbortSignal,
  ): Promise<SpotsAnswer[]> {
    this.#begin(opened);
    const { id, revision } = opened;
    return await Promise.all(ids.map(async (cluster) => {
      const key = clusterKey(shown, cluster), known = this.#spots.get(key);
      if (known) return known;
      const { row, column } = shown.clusters[cluster].seed;
      const spots = await call("GET /api/items/:id/spots", { id, revision, row, column }, undefined, signal);
      this.#spots.set(key, spots);
      return spots;
    }));
  }

  /** What is known of another run says nothing of this one. */
  #begin({ id, revision }: OpenedItem): void {
    const of = `${id}:${revision}`;
    if (of === this.#of) return;
    this.#of = of;
    this.#averages.clear();
    this.#spots.clear();
  }
}

/** What the frames of a series that are done say to the next one: how it is prepared, and where its regions are expected. */

import {
  type FrameMaps,
  type FrameOfSeries,
  type SharedPreparation,
  sharedPreparation,
} from "../library/cluster/frame_of_series.ts";
import type { ClusterParameters } from "../library/cluster/parameters.ts";
import type { FrameOrigin } from "../library/report/content.ts";
import { linkStored } from "../library/results/series/link_stored.ts";
import type { StoredResult } from "../library/results/read.ts";
import type { ScanShape } from "../library/scan/shape.ts";
import { type LinkingOptions, SeriesLinker } from "../library/series/series_linker.ts";

/** Grows with the frames. */
export class SeriesSoFar {
  readonly #linking: LinkingOptions | undefined;
  #frames = 0;
  #prepared:
    | { readonly frame: number; readonly shared: SharedPreparation; readonly shape: ScanShape }
    | undefined;
  #linker: SeriesLinker | undefined;

  /** @param linking how tracks are found that hint at regions; absent: nothing is expected of a frame */
  constructor(linking: LinkingOptions | undefined) {
    this.#linking = linking;
  }

  /** What the next frame takes over. Only regions are found with the help of what is expected. */
  next({ method }: Pick<ClusterParameters, "method">): FrameOfSeries & FrameOrigin {
    const prepared = this.#prepared, linker = this.#linker;
    const hinted = method === "regions" && linker?.expects === true;
    return {
      ...prepared && { shared: prepared.shared, preparedBy: prepared.frame },
      ...hinted && {
        hintedBy: this.#frames - 1,
        expected: (maps: FrameMaps) => linker.expected(maps),
      },
    };
  }

  /** Notes a frame that is done, or one that failed. */
  async add(result: StoredResult | undefined): Promise<void> {
    const frame = this.#frames++;
    if (result && !this.#prepared) {
      this.#prepared = { frame, shared: sharedPreparation(result.run), shape: result.run.shape };
      if (result.run.parameters.method === "regions" && this.#linking) {
        this.#linker = new SeriesLinker(result.run.shape, this.#linking);
        for (let lost = 0; lost < frame; lost++) await linkStored(this.#linker, result.run.shape, undefined);
      }
    }
    if (this.#linker) await linkStored(this.#linker, this.#prepared!.shape, result);
  }
}

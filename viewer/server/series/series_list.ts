/** The series that are open: the same for the same request, and no more than a few. */

import { join } from "node:path";
import { seriesRecordName } from "../../../library/results/series/record.ts";
import { statIfThere } from "../../../library/results/directory.ts";
import { ServingError } from "../failures.ts";
import type { Roots } from "../files/roots.ts";
import { OpenSeries } from "./open_series.ts";
import { framesOf, type SeriesContent, seriesOfFolder } from "./series_content.ts";

/** Series that stay open; more close the one that was not used for longest. */
const mostSeries = 4;

/** Open series by id. */
export class SeriesList {
  /** In the order in which they were used, the latest last. */
  readonly #open = new Map<string, { readonly series: OpenSeries; readonly key: string }>();

  constructor(readonly roots: Roots) {}

  /**
   * Opens a folder as a series; `undefined` where it is none.
   *
   * @param path real path of something served
   */
  async openFolder(path: string, input: readonly string[]): Promise<OpenSeries | undefined> {
    return await this.#openOnce(path, input, () => seriesOfFolder(this.roots, path, input));
  }

  /** Opens a file of several scans. */
  async openFile(path: string, input: readonly string[]): Promise<OpenSeries> {
    return (await this.#openOnce(path, input, () => framesOf(this.roots, path, input)))!;
  }

  async #openOnce(
    path: string,
    input: readonly string[],
    open: () => Promise<SeriesContent | undefined>,
  ): Promise<OpenSeries | undefined> {
    const whole = await Deno.stat(path);
    const record = whole.isDirectory ? await statIfThere(join(path, seriesRecordName)) : null;
    const { mtime, size } = record ?? whole;
    const key = JSON.stringify([path, input, mtime?.getTime(), size]);
    for (const { series, key: known } of this.#open.values()) {
      if (known === key) return this.get(series.id);
    }
    const content = await open();
    if (!content) return undefined;
    const series = new OpenSeries(content);
    this.#open.set(series.id, { series, key });
    this.#shrink();
    return series;
  }

  /** @throws {ServingError} when there is no such series, or not any more */
  get(id: string): OpenSeries {
    const entry = this.#open.get(id);
    if (!entry) {
      throw new ServingError("NotFound", "that series is not open any more", { remedy: "open it again" });
    }
    this.#open.delete(id);
    this.#open.set(id, entry);
    return entry.series;
  }

  #shrink(): void {
    for (const [id, { series }] of this.#open) {
      if (this.#open.size <= mostSeries) return;
      if (series.run !== undefined || series.uses > 0) continue;
      this.#open.delete(id);
      series.close();
    }
  }

  close(): void {
    for (const { series } of this.#open.values()) series.close();
    this.#open.clear();
  }
}

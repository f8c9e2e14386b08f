/** What patterns of open items are added up to: means, averages of groups, images of detectors, centres of mass. */

import type { DeflectionHeader, DeflectionRequest } from "../../protocol/deflections.ts";
import type { Parts } from "../../protocol/parts.ts";
import type {
  AverageHeader,
  AveragesRequest,
  BadPixelsHeader,
  LikenessHeader,
  LikenessRequest,
  WholeHeader,
} from "../../protocol/patterns.ts";
import type { VirtualHeader, VirtualRequest } from "../../protocol/virtual_images.ts";
import type { ItemNamed, ItemsInUse } from "../items/items_in_use.ts";
import { malformed } from "../requests.ts";
import type { Engines } from "../runs/engines.ts";
import { deflectionParts } from "./deflections.ts";
import { checkAnswerSize, groupAverages, groupsOf } from "./group_averages.ts";
import { likenessBin, likenessVectors } from "./likeness.ts";
import type { VirtualImages } from "./virtual_images.ts";
import { WholeScans } from "./whole_scans.ts";

/** Sums over patterns, each read by the engines of the server. */
export class PatternSums {
  readonly #engines: Engines;
  readonly #items: ItemsInUse;
  readonly #virtualImages: VirtualImages;
  readonly #wholes: WholeScans;

  constructor(engines: Engines, items: ItemsInUse, virtualImages: VirtualImages) {
    this.#engines = engines;
    this.#items = items;
    this.#virtualImages = virtualImages;
    this.#wholes = new WholeScans(engines);
  }

  /** Mean and maximum of all patterns; worked out once. */
  async whole(named: ItemNamed, recorded: boolean, signal?: AbortSignal): Promise<Parts<WholeHeader>> {
    return await this.#items.using(
      named,
      (item, signal) => this.#wholes.parts(item, recorded, signal),
      signal,
    );
  }

  /** Bad pixels, looked for where that was not done before. */
  async badPixels(named: ItemNamed, signal?: AbortSignal): Promise<Parts<BadPixelsHeader>> {
    return await this.#items.using(named, async (item, signal) => {
      const { source, filled, masked } = item.knownBadPixels ??
        (await this.#engines.answer((engine) => item.prepare(engine, signal), signal)).badPixels;
      return {
        header: { source },
        arrays: { filled: Uint32Array.from(filled), masked: Uint32Array.from(masked) },
      };
    }, signal);
  }

  /** Averages of groups of probes as they are ready. What is wrong with the request is thrown before the first. */
  averages(
    { id, revision }: ItemNamed,
    { header, arrays: { probes } }: Parts<Required<AveragesRequest>>,
    signal: AbortSignal,
  ): AsyncGenerator<Parts<AverageHeader>> {
    const item = this.#items.get(id, revision);
    if (!(probes instanceof Uint32Array)) throw malformed("probes as u32", typeof probes);
    checkAnswerSize(item.shape, header);
    const groups = groupsOf(item.shape, header.sizes, probes);
    return this.#items.whileUsed(
      item,
      groupAverages(this.#engines, item, groups, header.bin, this.#items.until(signal)),
    );
  }

  /** Vectors that tell how alike averages of groups are. */
  async likeness(
    named: ItemNamed,
    { header, arrays: { probes } }: Parts<LikenessRequest>,
    signal?: AbortSignal,
  ): Promise<Parts<LikenessHeader>> {
    return await this.#items.using(named, async (item, signal) => {
      if (!(probes instanceof Uint32Array)) throw malformed("probes as u32", typeof probes);
      const bin = likenessBin(item.shape, header);
      return await likenessVectors(
        this.#engines,
        item,
        groupsOf(item.shape, header.sizes, probes),
        bin,
        signal,
      );
    }, signal);
  }

  /** The image of a virtual detector. */
  async virtual(
    named: ItemNamed,
    { detector, draft = false, coarse = false, recorded = false }: VirtualRequest,
    signal?: AbortSignal,
  ): Promise<Parts<VirtualHeader>> {
    const { inner = 0, ...disk } = detector;
    return await this.#items.using(
      named,
      (item, signal) =>
        this.#virtualImages.image(item, { inner, ...disk }, { draft, coarse, recorded }, signal),
      signal,
    );
  }

  /** Shifts of the centre of mass. */
  async deflection(
    named: ItemNamed,
    { detector, recorded = false }: DeflectionRequest,
    signal?: AbortSignal,
  ): Promise<Parts<DeflectionHeader>> {
    const wanted = detector ? { ...detector, inner: detector.inner ?? 0 } : null;
    return await this.#items.using(
      named,
      (item, signal) => deflectionParts(this.#engines, item, wanted, recorded, signal),
      signal,
    );
  }

  /** Forgets what was kept of patterns. */
  drop(): void {
    this.#virtualImages.drop();
  }
}

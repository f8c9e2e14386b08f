/** Virtual images: exact ones by reading the scan, and quick ones while a detector is dragged. */

import { runPasses } from "../../../library/engine/run_passes.ts";
import {
  detectorMaskPixels,
  type FixedDetectorMask,
} from "../../../library/passes/detector/detector_mask.ts";
import { VirtualImagePass } from "../../../library/passes/virtual_image.ts";
import type { Parts } from "../../protocol/parts.ts";
import type { Detector, VirtualHeader } from "../../protocol/virtual_images.ts";
import { throwIfAborted } from "../../../library/scan/errors.ts";
import { InTurn } from "../../../library/scan/in_turn.ts";
import { type Engines, orAborted } from "../runs/engines.ts";
import { asRecorded, type Item } from "../items/item.ts";
import type { OpenFile } from "../items/open_file.ts";
import { coarseImage } from "./coarse_image.ts";
import { fittingBin, VirtualCache } from "./virtual_cache.ts";

/** A cache never takes more than this, nor more than a third of the memory. */
const mostCacheBytes = 320 * 2 ** 20;

/** The images of one server, which has at most one cache. */
export class VirtualImages {
  readonly #engines: Engines;
  #cache: CacheInMaking | null = null;
  /** Images are updated one after the other. */
  readonly #turns = new InTurn();
  /** Whether a run needs the memory. */
  #paused = false;

  constructor(engines: Engines) {
    this.#engines = engines;
  }

  /**
   * @throws {BadParameter} when the detector has no pixel
   * @throws {FileUnavailable} when the scan cannot be read
   * @throws {Aborted} when the signal fires
   */
  async image(
    item: Item,
    wanted: Required<Detector>,
    { draft, coarse = false, recorded }: {
      readonly draft: boolean;
      readonly coarse?: boolean;
      readonly recorded: boolean;
    },
    signal: AbortSignal,
  ): Promise<Parts<VirtualHeader>> {
    const scan = item.demandScan(), wantedCache = { item, recorded };
    if (coarse && !this.#built(wantedCache)) {
      this.#cacheFor(wantedCache);
      const bad = recorded ? undefined : item.knownBadPixels;
      const detector = maskOf(item, wanted, bad ? [...bad.masked, ...bad.filled] : []);
      const { image, step } = await coarseImage(scan, detector, signal);
      return { header: { exact: false, bin: 1, step }, arrays: { image } };
    }
    const ready = draft ? this.#cacheFor(wantedCache) : this.#exactCache(wantedCache);
    if (ready) {
      const cache = await orAborted(ready, signal);
      if (draft || cache.exact) {
        const masked = recorded ? [] : await this.#masked(item, signal);
        const detector = maskOf(item, wanted, masked);
        return {
          header: { exact: cache.exact, bin: cache.bin },
          arrays: { image: await this.#update(cache, detector, signal) },
        };
      }
    }
    const image = await this.#engines.answer(async (engine) => {
      const { fill, badPixels } = recorded ? asRecorded : await item.prepare(engine, signal);
      const pass = new VirtualImagePass(scan, maskOf(item, wanted, badPixels.masked));
      return (await runPasses(engine, scan, { fill }, [pass], { signal }))[0];
    }, signal);
    return { header: { exact: true, bin: 1 }, arrays: { image: Float32Array.from(image) } };
  }

  async #masked(item: Item, signal: AbortSignal): Promise<readonly number[]> {
    const known = item.knownBadPixels;
    if (known) return known.masked;
    return (await this.#engines.answer((engine) => item.prepare(engine, signal), signal)).badPixels.masked;
  }

  #update(cache: VirtualCache, detector: Uint8Array | null, signal: AbortSignal) {
    return this.#turns.run(() => {
      throwIfAborted(signal);
      return cache.image(detector, signal);
    });
  }

  /** The cache of an item, in the making where there is none; `null` where there is no room for one. */
  #cacheFor(wanted: CacheOf): Promise<VirtualCache> | null {
    const current = this.#cache, { item, recorded } = wanted;
    if (current && samePatterns(current, wanted)) return current.built;
    if (this.#paused) return null;
    const { memory, spareBytes } = this.#engines;
    const room = Math.min(mostCacheBytes, memory / 3, spareBytes);
    const bin = fittingBin(item.shape, room);
    if (bin === null) return null;
    this.drop();
    const stop = new AbortController(), { signal } = stop, scan = item.demandScan();
    const built = this.#engines.answer(async (engine) => {
      const { fill } = recorded ? asRecorded : await item.prepare(engine, signal);
      return await VirtualCache.build(engine, scan, fill, bin, signal);
    }, signal);
    const cache: CacheInMaking = this.#cache = { ...wanted, stop, built, ready: false };
    built.then(() => cache.ready = true, () => {
      if (this.#cache === cache) this.#cache = null;
    });
    return built;
  }

  /** Whether the cache is there already. */
  #built(wanted: CacheOf): boolean {
    const current = this.#cache;
    return current?.ready === true && samePatterns(current, wanted);
  }

  /** A cache that is there and exact serves exact images too. */
  #exactCache(wanted: CacheOf): Promise<VirtualCache> | null {
    const current = this.#cache;
    return current && samePatterns(current, wanted) ? current.built : null;
  }

  /** Gives the memory of the cache back: of a file, or whosever it is. */
  drop(file?: OpenFile): void {
    const cache = this.#cache;
    if (!cache || (file && cache.item.file !== file)) return;
    this.#cache = null;
    cache.stop.abort();
    // An update that goes on ends first.
    cache.built.then((built) => this.#turns.run(() => built.drop()), () => {});
  }

  /** While a run goes on there is no cache. */
  async pause(): Promise<void> {
    this.#paused = true;
    const built = this.#cache?.built;
    this.drop();
    await built?.catch(() => {});
    await this.#turns.ended();
  }

  resume(): void {
    this.#paused = false;
  }
}

/** What a cache is of: an item, its bad pixels repaired or as recorded. */
interface CacheOf {
  readonly item: Item;
  readonly recorded: boolean;
}

/** A cache that is made, or ready. */
interface CacheInMaking extends CacheOf {
  readonly stop: AbortController;
  readonly built: Promise<VirtualCache>;
  ready: boolean;
}

/** Whether patterns are the same: of one file, where nothing is repaired or two runs took the same pixels for bad. */
function samePatterns(
  { item: first, recorded }: CacheOf,
  { item: second, recorded: alsoRecorded }: CacheOf,
): boolean {
  if (recorded !== alsoRecorded || first.file !== second.file) return false;
  if (recorded || first === second) return true;
  const one = first.knownBadPixels, other = second.knownBadPixels;
  return one !== undefined && other !== undefined &&
    one.largestBelieved === other.largestBelieved &&
    one.filled.join() === other.filled.join() && one.masked.join() === other.masked.join();
}

/** The pixels of a detector that are believed; `null` for all. */
export function maskOf(item: Item, wanted: Required<Detector>, masked: readonly number[]): Uint8Array | null {
  const { inner, outer } = wanted;
  const mask: FixedDetectorMask = inner > 0
    ? { kind: "annulus", inner, outer }
    : { kind: "disk", radius: outer };
  return detectorMaskPixels(mask, item.shape, wanted, masked);
}

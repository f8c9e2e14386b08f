/**
 * Binned patterns of a whole scan in memory, one image for each binned pixel, so that a detector that moves a little
 * costs only the pixels that it leaves and enters. Sums are of whole numbers below 2^53: exact, whatever the way the
 * detector came.
 */

import type { Engine } from "../../../library/engine/engine.ts";
import type { FillTable } from "../../../library/engine/loaded_scan.ts";
import { runPasses } from "../../../library/engine/run_passes.ts";
import { turn } from "../../../library/engine/turn.ts";
import { binnedPixels, BinningPass } from "./binning_pass.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { probeCount, type ScanShape } from "../../../library/scan/shape.ts";

/** Binned pixels whose lines are read together when patterns become images. */
const linePixels = 16;

/** Largest number of each kind of cache. */
const largest = { unsigned: 65535, signed: 32767 } as const;

/** The smallest binning, a power of two, whose images fit into so many bytes; `null` where none does. */
export function fittingBin(shape: ScanShape, bytes: number): number | null {
  for (let bin = 1; bin <= Math.min(shape.patternRows, shape.patternColumns); bin *= 2) {
    if (cacheBytes(shape, bin) <= bytes) return bin;
  }
  return null;
}

/** Bytes of a cache. */
function cacheBytes(shape: ScanShape, bin: number): number {
  return 2 * binnedPixels(shape, bin) * probeCount(shape);
}

/** Images of binned pixels, and the virtual image of the detector that was asked for last. */
export class VirtualCache {
  /** (binned pixel, probe): counts times {@link #scale}, rounded where that is not 1. */
  #values: Uint16Array<ArrayBuffer> | Int16Array<ArrayBuffer>;
  /** A power of two. */
  #scale = 1;
  readonly #probes: number;
  readonly #pixels: number;
  /** Detector pixels of each bin that are summed, for the image that there is. */
  #weights: Int32Array;
  #image: Float64Array;
  readonly #whole: boolean;

  private constructor(readonly scan: Scan, readonly bin: number) {
    const { shape, dtype } = scan;
    this.#probes = probeCount(shape);
    this.#pixels = binnedPixels(shape, bin);
    this.#whole = dtype !== "f32" && dtype !== "f64";
    const unsigned = dtype.startsWith("u");
    this.#values = new (unsigned ? Uint16Array : Int16Array)(this.#pixels * this.#probes);
    this.#weights = new Int32Array(this.#pixels);
    this.#image = new Float64Array(this.#probes);
  }

  /**
   * Reads the scan once.
   *
   * @throws {Aborted} when the signal fires
   */
  static async build(
    engine: Engine,
    scan: Scan,
    fill: FillTable,
    bin: number,
    signal: AbortSignal,
  ): Promise<VirtualCache> {
    const cache = new VirtualCache(scan, bin);
    try {
      await cache.#read(engine, fill, signal);
      return cache;
    } catch (cause) {
      cache.drop();
      throw cause;
    }
  }

  /** Whether images are those of all counts. */
  get exact(): boolean {
    return this.bin === 1 && this.#whole && this.#scale === 1;
  }

  async #read(engine: Engine, fill: FillTable, signal: AbortSignal): Promise<void> {
    const pass = new BinningPass(
      this.scan,
      this.bin,
      (sums, first, probes) => this.#take(sums, first, probes, signal),
    );
    await runPasses(engine, this.scan, { fill }, [pass], { signal });
  }

  /** Takes binned patterns, of whole rows, as parts of the images. */
  async #take(sums: Float32Array, first: number, probes: number, signal: AbortSignal): Promise<void> {
    let most = 0;
    for (let i = 0; i < sums.length; i++) most = Math.max(most, Math.abs(sums[i]));
    await this.#makeRoom(most, first, signal);
    const values = this.#values, pixels = this.#pixels, all = this.#probes, scale = this.#scale;
    const round = !this.#whole || scale !== 1;
    for (let pixel = 0; pixel < pixels; pixel += linePixels) {
      const end = Math.min(pixels, pixel + linePixels);
      await turn(signal);
      for (let probe = 0; probe < probes; probe++) {
        const from = probe * pixels, to = first + probe;
        for (let q = pixel; q < end; q++) {
          const value = sums[from + q] * scale;
          values[q * all + to] = round ? Math.round(value) : value;
        }
      }
    }
  }

  /** Chooses a scale for counts up to `most`; what is there of the first probes is scaled again. */
  async #makeRoom(most: number, probes: number, signal: AbortSignal): Promise<void> {
    const limit = this.#values instanceof Uint16Array ? largest.unsigned : largest.signed;
    let factor = 1;
    while (most * this.#scale * factor > limit) factor /= 2;
    if (!this.#whole && probes === 0 && most > 0) {
      // Fractions get what room there is, with a factor of four for brighter patterns to come.
      while (most * this.#scale * factor * 8 <= limit) factor *= 2;
    }
    this.#scale *= factor;
    if (factor === 1 || probes === 0) return;
    for (let pixel = 0; pixel < this.#pixels; pixel++) {
      const start = pixel * this.#probes;
      await turn(signal);
      for (let i = start; i < start + probes; i++) this.#values[i] = Math.round(this.#values[i] * factor);
    }
  }

  /**
   * The image of a detector, sums of counts, float32 (row, column). One at a time.
   *
   * @param detector 1 where a detector pixel is summed; `null` = all
   * @throws {Aborted} when the signal fires
   */
  async image(detector: Uint8Array | null, signal: AbortSignal): Promise<Float32Array<ArrayBuffer>> {
    const wanted = this.#weightsOf(detector);
    let changed = 0, present = 0;
    for (let pixel = 0; pixel < wanted.length; pixel++) {
      if (wanted[pixel] !== this.#weights[pixel]) changed++;
      if (wanted[pixel] !== 0) present++;
    }
    if (present < changed) {
      this.#weights.fill(0);
      this.#image.fill(0);
    }
    for (let pixel = 0, updates = 0; pixel < wanted.length; pixel++) {
      const difference = wanted[pixel] - this.#weights[pixel];
      if (difference === 0) continue;
      this.#add(pixel, difference);
      this.#weights[pixel] = wanted[pixel];
      if (++updates % 16 === 0) await turn(signal);
    }
    const unit = this.bin ** 2 * this.#scale;
    return Float32Array.from(this.#image, (sum) => sum / unit);
  }

  #add(pixel: number, weight: number): void {
    const image = this.#image, values = this.#values, start = pixel * this.#probes;
    for (let probe = 0; probe < image.length; probe++) image[probe] += weight * values[start + probe];
  }

  /** For each bin the share of its pixels in the detector, in units of one pixel. */
  #weightsOf(detector: Uint8Array | null): Int32Array {
    const { bin, scan: { shape: { patternRows, patternColumns } } } = this;
    const weights = new Int32Array(this.#pixels);
    if (!detector) return weights.fill(bin ** 2);
    const across = Math.floor(patternColumns / bin);
    for (let row = 0; row < Math.floor(patternRows / bin) * bin; row++) {
      const to = Math.floor(row / bin) * across;
      for (let column = 0; column < across * bin; column++) {
        weights[to + Math.floor(column / bin)] += detector[row * patternColumns + column];
      }
    }
    return weights;
  }

  /** Gives the memory back at once. */
  drop(): void {
    this.#values.buffer.transfer(0);
    this.#values = new Uint16Array(0);
    this.#image = new Float64Array(0);
  }
}

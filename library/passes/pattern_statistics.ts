/** Mean, maximum and variance pattern of a whole scan, in one reading. */

import { nowhere } from "../engine/address.ts";
import { withEngine } from "../engine/with_engine.ts";
import type { KernelCall } from "../engine/kernels.ts";
import type { Memory } from "../engine/memory.ts";
import type { RunOptions } from "../engine/options.ts";
import type { Arena, Batches, Pass, PassScan, RowBlock } from "../engine/pass.ts";
import { workingType } from "../engine/loaded_scan.ts";
import { runPasses } from "../engine/run_passes.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount, probeCount } from "../scan/shape.ts";
import { type BadPixelSource, prepareDetector } from "./detector/preparation.ts";

/** Pixels whose sums and maxima stay in the first-level cache while patterns pass. */
const tilePixels = 1024;

/** Patterns that describe all patterns of a scan, float32 (qy, qx) each. */
export interface PatternStatistics {
  /** Mean of the counts. */
  readonly mean: Float32Array<ArrayBuffer>;
  /** Largest count. */
  readonly maximum: Float32Array<ArrayBuffer>;
  /** Mean squared distance of the counts from their mean, in counts squared: large where crystals differ. */
  readonly variance: Float32Array<ArrayBuffer>;
}

/**
 * Mean, maximum and variance of all patterns, pixel by pixel. Bad pixels are filled first. The sums are float64 in the
 * order of the probes, so they do not depend on threads or bands.
 *
 * @throws {CorruptFile} when the scan cannot be read or holds values that are not finite
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { patternStatistics, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 8, columns: 8, grains: 2, seed: 1 });
 * const { mean, maximum } = await patternStatistics(scan, { badPixels: { kind: "auto" } });
 * console.assert(mean.length === 64 * 64 && mean.every((value, pixel) => value <= maximum[pixel]));
 * ```
 */
export async function patternStatistics(
  scan: Scan,
  { badPixels }: { readonly badPixels: BadPixelSource },
  options: RunOptions = {},
): Promise<PatternStatistics> {
  return await withEngine(options, async (engine) => {
    const detector = { badPixels, center: { kind: "index" } } as const;
    const preparation = await prepareDetector(scan, detector, false, { ...options, engine });
    const [statistics] = await runPasses(engine, scan, preparation, [new StatisticsPass(scan)], options);
    return statistics;
  });
}

/** The pass behind {@link patternStatistics}. */
export class StatisticsPass implements Pass<PatternStatistics> {
  readonly name = "mean and maximum";
  #sums = nowhere;
  #squares = nowhere;
  #maxima = nowhere;
  #arena!: Arena;

  constructor(readonly scan: PassScan) {}

  reserve(memory: Memory): void {
    const pixels = pixelCount(this.scan.shape);
    this.#sums = memory.allocate("sums", 8 * pixels);
    this.#squares = memory.allocate("sums of squares", 8 * pixels);
    this.#maxima = memory.allocate("maxima", 4 * pixels);
  }

  begin(arena: Arena): void {
    const pixels = pixelCount(this.scan.shape);
    this.#arena = arena;
    arena.view(Float64Array, this.#sums, pixels).fill(0);
    arena.view(Float64Array, this.#squares, pixels).fill(0);
    arena.view(Float32Array, this.#maxima, pixels).fill(-Infinity);
  }

  *block({ first, end, pointer }: RowBlock): Batches {
    const { shape, dtype } = this.scan, pixels = pixelCount(shape);
    const calls: KernelCall[][] = [];
    for (let from = 0; from < pixels; from += tilePixels) {
      const to = Math.min(pixels, from + tilePixels), tile: KernelCall[] = [];
      // Rows follow each other in the ring only until it ends.
      for (let row = first; row < end; row++) {
        tile.push([
          `whole${workingType(dtype)}`,
          pointer(row),
          shape.columns,
          pixels,
          from,
          to,
          this.#sums,
          this.#squares,
          this.#maxima,
        ]);
      }
      calls.push(tile);
    }
    yield calls;
  }

  finish(): PatternStatistics {
    const pixels = pixelCount(this.scan.shape), probes = probeCount(this.scan.shape);
    const sums = this.#arena.view(Float64Array, this.#sums, pixels);
    const squares = this.#arena.view(Float64Array, this.#squares, pixels);
    const each = (value: (pixel: number) => number) =>
      Float32Array.from({ length: pixels }, (_, pixel) => value(pixel));
    return {
      mean: each((pixel) => sums[pixel] / probes),
      maximum: new Float32Array(this.#arena.view(Float32Array, this.#maxima, pixels)),
      // Rounding may leave a little less than nothing where all counts are the same.
      variance: each((pixel) => Math.max(0, squares[pixel] - sums[pixel] ** 2 / probes) / probes),
    };
  }
}

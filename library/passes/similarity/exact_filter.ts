/** Filtered patterns of single probes, with the weights of the prefilter's pass. */

import { type Address, wholeLines } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import type { Memory } from "../../engine/memory.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import type { PrefilterWeights } from "../prefilter/footprint.ts";
import type { EdgeGroup, GroupSize } from "./edge_groups.ts";
import { FilterTerms } from "../prefilter/filter_terms.ts";

/** Bytes that the kernel keeps of each pattern at a time, and its pixels. */
const tileBytes = 512, tilePixels = tileBytes / 4;
/** Calls for each thread between two waits. */
const callsPerThread = 12;

/** Filters the patterns of a group of probes; the patterns of their footprints lie in the arena. */
export class ExactFilter {
  /** Offsets (row, column) of all patterns that make up a filtered one, (0, 0) included, in rising order. */
  readonly footprint: readonly (readonly [number, number])[];
  readonly #scan: Pick<Scan, "shape" | "dtype">;
  readonly #terms: FilterTerms;

  constructor(scan: Pick<Scan, "shape" | "dtype">, weights: PrefilterWeights) {
    this.#scan = scan;
    this.#terms = new FilterTerms(weights, scan.shape);
    const half = weights.offsets;
    this.footprint = [
      ...half.slice(1).reverse().map(([down, right]) => [-down, -right] as const),
      ...half,
    ];
  }

  /** Bytes that {@link run} allocates for a group, and {@link reserve} for all threads. */
  groupBytes({ ends, patterns }: Omit<GroupSize, "edges">, threads: number): number {
    return ends * (8 * this.footprint.length + 4) + threads * wholeLines(tileBytes * patterns) + 256;
  }

  /** Asks for the scratch memory that a group of so many patterns wants. */
  reserve(memory: Memory, patterns: number): void {
    memory.scratch(tileBytes * patterns);
  }

  /**
   * Writes the filtered patterns of the group's ends, float32, one after the other.
   *
   * @param raw address of the group's patterns, in their working type
   * @param destination address of the first filtered pattern
   */
  async run(
    engine: Engine,
    { ends, patterns }: EdgeGroup,
    raw: Address,
    destination: Address,
  ): Promise<void> {
    const { shape, dtype } = this.#scan;
    const working = workingType(dtype), pixels = pixelCount(shape);
    const slotOf = new Map(Array.from(patterns, (probe, slot) => [probe, slot]));
    const most = this.footprint.length * ends.length;
    const terms = engine.allocate(8 * most), starts = engine.allocate(4 * (ends.length + 1));
    const places = engine.view(Uint32Array, terms, 2 * most);
    const weights = engine.view(Float32Array, terms, 2 * most);
    const firsts = engine.view(Int32Array, starts, ends.length + 1);
    let count = 0;
    ends.forEach((probe, index) => {
      firsts[index] = count;
      const found = this.#terms.partsOf(Math.floor(probe / shape.columns), probe % shape.columns);
      for (let i = 0; i < found; i++) {
        places[2 * count] = tileBytes * slotOf.get(this.#terms.probes[i])!;
        weights[2 * count + 1] = this.#terms.weights[i];
        count++;
      }
    });
    firsts[ends.length] = count;
    const step = tilePixels * Math.ceil(pixels / (tilePixels * callsPerThread * engine.threads));
    const calls: KernelCall[] = [];
    for (let first = 0; first < pixels; first += step) {
      calls.push([
        `filterList${working}`,
        raw,
        patterns.length,
        pixels,
        terms,
        starts,
        ends.length,
        first,
        Math.min(pixels, first + step),
        destination,
        threadScratch,
      ]);
    }
    await engine.run(calls);
  }
}

/** Filtered patterns of single probes, with the weights of the prefilter's pass. */

import { type Address, at } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { rowCalls } from "../../engine/row_calls.ts";
import { workingBytes, workingType } from "../../engine/loaded_scan.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import type { PrefilterWeights } from "../prefilter/footprint.ts";
import type { EdgeGroup } from "./edge_groups.ts";
import { FilterTerms } from "../prefilter/filter_terms.ts";

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

  /** Bytes that {@link run} allocates. */
  groupBytes(ends: number): number {
    return ends * (8 * this.footprint.length + 4) + 256;
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
    const patternBytes = pixels * workingBytes(working);
    const slotOf = new Map(Array.from(patterns, (probe, slot) => [probe, slot]));
    const most = this.footprint.length * ends.length;
    const terms = engine.allocate(8 * most), starts = engine.allocate(4 * (ends.length + 1));
    const addresses = engine.view(Uint32Array, terms, 2 * most);
    const weights = engine.view(Float32Array, terms, 2 * most);
    const firsts = engine.view(Int32Array, starts, ends.length + 1);
    let count = 0;
    ends.forEach((probe, index) => {
      firsts[index] = count;
      const found = this.#terms.partsOf(Math.floor(probe / shape.columns), probe % shape.columns);
      for (let i = 0; i < found; i++) {
        addresses[2 * count] = at(raw, slotOf.get(this.#terms.probes[i])! * patternBytes);
        weights[2 * count + 1] = this.#terms.weights[i];
        count++;
      }
    });
    firsts[ends.length] = count;
    await engine.run(rowCalls(0, 1, ends.length, engine.threads, (_, from, to) => [
      `filter${working}`,
      terms,
      starts,
      from,
      to,
      pixels,
      0,
      pixels,
      destination,
    ]));
  }
}

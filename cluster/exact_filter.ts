/** Filtered patterns of single probes, with weights computed on the spot as the prefilter's pass computes them. */

import type { Engine } from "../engine/engine.ts";
import { type KernelCall, threadScratch, type Working } from "../engine/kernels.ts";
import { rowCalls, workingBytes, workingType } from "../engine/rows.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount, type ScanShape } from "../scan/shape.ts";
import type { EdgeGroup } from "./edge_groups.ts";
import { blurScratchBytes } from "./features.ts";
import { FilterTerms } from "./filter_terms.ts";
import { correlationWeight, halfFootprint } from "./footprint.ts";
import { type GaussianTaps, gaussianTaps } from "./gaussian.ts";
import type { PrefilterParameters } from "./parameters.ts";
import {} from "./footprint.ts";
import { patternWeights } from "./prefilter.ts";

/** Filters the patterns of a group of probes; the patterns of their footprints lie in the arena. */
export class ExactFilter {
  /** Offsets (row, column) of all patterns that make up a filtered one, (0, 0) included, in rising order. */
  readonly footprint: readonly (readonly [number, number])[];
  readonly scratchBytes: number;
  /** Bytes that {@link prepare} places in the arena. */
  readonly tableBytes: number;
  readonly #shape: ScanShape;
  readonly #working: Working;
  readonly #taps: GaussianTaps;
  /** Half of the footprint, as the pass over the scan keeps its weights. */
  readonly #half: readonly (readonly [number, number])[];
  readonly #patternWeights: Float32Array;
  #weights = 0;
  #tapsPointer = 0;

  /** @throws {BadParameter} when the prefilter's edge leaves nothing of the detector */
  constructor(
    scan: Pick<Scan, "shape" | "dtype">,
    readonly parameters: PrefilterParameters,
    masked: readonly number[],
  ) {
    this.#shape = scan.shape;
    this.#working = workingType(scan.dtype);
    this.#taps = gaussianTaps(parameters.blur);
    this.#half = halfFootprint(parameters);
    this.footprint = [
      ...this.#half.slice(1).reverse().map(([down, right]) => [-down, -right] as const),
      ...this.#half,
    ];
    this.#patternWeights = patternWeights(scan.shape, parameters.edge, masked);
    this.scratchBytes = blurScratchBytes(scan.shape, this.#taps.radius);
    this.tableBytes = this.#patternWeights.byteLength + this.#taps.weights.byteLength + 128;
  }

  prepare(engine: Engine): void {
    this.#weights = engine.place(this.#patternWeights);
    this.#tapsPointer = engine.place(this.#taps.weights);
  }

  /** Bytes that {@link run} allocates. */
  groupBytes(ends: number, patterns: number): number {
    return 4 * pixelCount(this.#shape) * patterns +
      ends * (4 * this.#side ** 2 + 8 * this.footprint.length + 4) + 256;
  }

  /**
   * Writes the filtered patterns of the group's ends, float32, one after the other.
   *
   * @param raw address of the group's patterns, in their working type
   * @param destination address of the first filtered pattern
   */
  async run(engine: Engine, group: EdgeGroup, raw: number, destination: number): Promise<void> {
    const { ends, patterns } = group;
    const { patternRows, patternColumns } = this.#shape;
    const pixels = patternRows * patternColumns;
    const weightSum = this.#patternWeights.reduce((sum, weight) => sum + weight, 0);
    const weighted = engine.allocate(4 * pixels * patterns.length);
    await engine.run(rowCalls(0, 1, patterns.length, engine.threads, (_, from, to) => [
      `weighted${this.#working}`,
      ...[raw, weighted, from, to, patternRows, patternColumns, this.#tapsPointer, this.#taps.radius],
      ...[this.#weights, weightSum, threadScratch],
    ]));
    const correlations = engine.allocate(4 * this.#side ** 2 * ends.length);
    const slotOf = new Map(Array.from(patterns, (probe, slot) => [probe, slot]));
    await engine.run(this.#correlationCalls(ends, slotOf, weighted, correlations));

    const terms = engine.allocate(8 * this.footprint.length * ends.length);
    const starts = engine.allocate(4 * (ends.length + 1));
    const addresses = engine.view(Uint32Array, terms, 2 * this.footprint.length * ends.length);
    const weights = engine.view(Float32Array, terms, 2 * this.footprint.length * ends.length);
    const firsts = engine.view(Int32Array, starts, ends.length + 1);
    const patternBytes = pixels * workingBytes(this.#working);
    let count = 0;
    ends.forEach((probe, index) => {
      firsts[index] = count;
      const found = engine.view(Float32Array, correlations + 4 * this.#side ** 2 * index, this.#side ** 2);
      for (const term of this.#terms(probe, found)) {
        addresses[2 * count] = raw + slotOf.get(term.probe)! * patternBytes;
        weights[2 * count + 1] = term.weight;
        count++;
      }
    });
    firsts[ends.length] = count;
    await engine.run(rowCalls(0, 1, ends.length, engine.threads, (_, from, to) => [
      `filter${this.#working}`,
      ...[terms, starts, from, to, pixels, destination],
    ]));
  }

  /** Offsets -radius..radius. */
  get #side(): number {
    return 2 * this.parameters.radius + 1;
  }

  /**
   * Calls that correlate each end with the patterns of its footprint, a row of them at a time: they follow each other in
   * the list of patterns. The correlation with offset (row, column) is left at
   * ((end * side) + row + radius) * side + column + radius.
   */
  #correlationCalls(
    ends: Int32Array,
    slotOf: Map<number, number>,
    weighted: number,
    correlations: number,
  ): KernelCall[] {
    const { rows, columns } = this.#shape, { radius } = this.parameters;
    const pixels = pixelCount(this.#shape), side = this.#side;
    const address = (probe: number) => weighted + 4 * pixels * slotOf.get(probe)!;
    const calls: KernelCall[] = [];
    ends.forEach((end, index) => {
      const row = Math.floor(end / columns), column = end % columns;
      for (let down = -radius; down <= radius; down++) {
        if (row + down < 0 || row + down >= rows) continue;
        const reach = this.footprint.reduce((most, [r, c]) => r === down ? Math.max(most, c) : most, 0);
        const first = Math.max(0, column - reach), last = Math.min(columns - 1, column + reach);
        // The columns of this call begin at `first`: the end's own is the `place`-th, its row begins so much earlier.
        const place = column - first;
        const at = (index * side + down + radius) * side + first - column + radius;
        calls.push([
          "correlate",
          ...[address(end) - 4 * pixels * place, address((row + down) * columns + first), last - first + 1],
          ...[place, place + 1, pixels, -place, last - column, correlations + 4 * at, 0],
        ]);
      }
    });
    return calls;
  }

  /** The raw patterns that make up a filtered one, as the pass over the scan combines them. */
  #terms(probe: number, correlations: Float32Array): { probe: number; weight: number }[] {
    const { rows, columns } = this.#shape, { radius, range } = this.parameters;
    const row = Math.floor(probe / columns), column = probe % columns;
    // The part of the scan within the radius is all that counts.
    const top = Math.max(0, row - radius), bottom = Math.min(rows, row + radius + 1);
    const left = Math.max(0, column - radius), right = Math.min(columns, column + radius + 1);
    const near = { rows: bottom - top, columns: right - left };
    const half = this.#half.length;
    const values = new Float32Array(near.rows * near.columns * half);
    const put = (upperRow: number, upperColumn: number, k: number, down: number, right: number) => {
      const otherRow = row + down - top, otherColumn = column + right - left;
      if (otherRow < 0 || otherRow >= near.rows || otherColumn < 0 || otherColumn >= near.columns) return;
      const correlation = correlations[(down + radius) * this.#side + right + radius];
      values[((upperRow - top) * near.columns + upperColumn - left) * half + k] = correlationWeight(
        correlation,
        range,
      );
    };
    this.#half.forEach(([down, right], k) => {
      put(row, column, k, down, right);
      if (k > 0) put(row - down, column - right, k, -down, -right);
    });
    const terms = new FilterTerms({ offsets: this.#half, values }, near);
    const count = terms.partsOf(row - top, column - left);
    return Array.from({ length: count }, (_, i) => {
      const found = terms.probes[i];
      const foundRow = top + Math.floor(found / near.columns), foundColumn = left + found % near.columns;
      return { probe: foundRow * columns + foundColumn, weight: terms.weights[i] };
    });
  }
}

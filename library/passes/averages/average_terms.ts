/** Which patterns go into which sums, and with what weight: the terms of the `accumulate` kernels. */

import { type Address, at } from "../../engine/address.ts";
import type { Arena } from "../../engine/pass.ts";
import type { KernelCall, Working } from "../../engine/kernels.ts";
import type { ScanShape } from "../../scan/shape.ts";
import type { PrefilterWeights } from "../prefilter/footprint.ts";
import { FilterTerms } from "../prefilter/filter_terms.ts";

/** Bytes of a term in the arena: u32 address of a pattern, i32 slot, f64 weight. */
export const termBytes = 16;
/** Calls for each thread: a few more than one, so that none waits long for another. */
export const callsPerThread = 4;

/** A growing list of terms. */
export class TermList {
  #count = 0;
  #addresses = new Uint32Array(1024);
  #slots = new Int32Array(1024);
  #weights = new Float64Array(1024);

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
  }

  push(address: Address, slot: number, weight: number): void {
    if (this.#count === this.#slots.length) this.#grow();
    this.#addresses[this.#count] = address;
    this.#slots[this.#count] = slot;
    this.#weights[this.#count++] = weight;
  }

  /**
   * Writes the terms as the kernels take them, slot by slot, those of one slot in the order in which they came: the order
   * of additions follows from it.
   *
   * @param address of the table, `termBytes` a term
   * @param slots number of slots
   */
  write(arena: Pick<Arena, "view">, address: Address, slots: number): void {
    const words = arena.view(Uint32Array, address, 4 * this.#count);
    const weights = arena.view(Float64Array, address, 2 * this.#count);
    const next = new Uint32Array(slots + 1);
    for (let i = 0; i < this.#count; i++) next[this.#slots[i] + 1]++;
    for (let slot = 0; slot < slots; slot++) next[slot + 1] += next[slot];
    for (let i = 0; i < this.#count; i++) {
      const place = next[this.#slots[i]]++;
      words[4 * place] = this.#addresses[i];
      words[4 * place + 1] = this.#slots[i];
      weights[2 * place + 1] = this.#weights[i];
    }
  }

  #grow(): void {
    this.#addresses = doubled(this.#addresses, new Uint32Array(2 * this.#count));
    this.#slots = doubled(this.#slots, new Int32Array(2 * this.#count));
    this.#weights = doubled(this.#weights, new Float64Array(2 * this.#count));
  }
}

function doubled<Numbers extends Uint32Array | Int32Array | Float64Array>(
  old: Numbers,
  larger: Numbers,
): Numbers {
  larger.set(old);
  return larger;
}

/**
 * Calls that add patterns to sums, weighted as the terms say.
 *
 * @param table address of `termBytes` for each term, which is written here
 * @param working type of the patterns
 * @param pixels length of a pattern
 * @param sums address of the float64 sums, slot by slot
 * @param slots number of slots
 */
export function accumulateCalls(
  arena: Pick<Arena, "view" | "threads">,
  terms: TermList,
  table: Address,
  working: Working,
  pixels: number,
  sums: Address,
  slots: number,
): KernelCall[] {
  const { count } = terms;
  terms.write(arena, table, slots);
  // Each call sums its own range of pixels over all probes, so the order of the sums is always the same.
  const share = 8 * Math.ceil(pixels / (callsPerThread * arena.threads) / 8);
  return Array.from({ length: Math.ceil(pixels / share) }, (_, part) => [
    `accumulate${working}`,
    table,
    count,
    pixels,
    part * share,
    Math.min(pixels, (part + 1) * share),
    sums,
  ]);
}

/** What gathering works on. */
export interface TermSource {
  readonly shape: ScanShape;
  /** int32 (row, column): cluster of each probe, -1 = in none. */
  readonly labels: Int32Array;
  /** Slot of each cluster, -1 where it has none now. */
  readonly slotOf: Int32Array;
}

/** Adds the terms of patterns from..to-1 of a row, for averages of raw patterns; `address` is that of the first. */
export function gatherRaw(
  { shape: { columns }, labels, slotOf }: TermSource,
  row: number,
  [from, to]: readonly [number, number],
  address: Address,
  patternBytes: number,
  terms: TermList,
): void {
  for (let column = from; column < to; column++) {
    const label = labels[row * columns + column];
    const slot = label < 0 ? -1 : slotOf[label];
    if (slot >= 0) terms.push(at(address, (column - from) * patternBytes), slot, 1);
  }
}

/** Gathers, for averages of filtered patterns, what part each raw pattern has in the filtered ones of each cluster. */
export class FilteredGathering {
  readonly #source: TermSource;
  readonly #parts: FilterTerms;
  /** Sum of the parts of the raw pattern at hand, by slot, and the slots that have any. */
  readonly #sums: Float64Array;
  readonly #touched: Int32Array;

  constructor(source: TermSource, weights: PrefilterWeights, slots: number) {
    this.#source = source;
    this.#parts = new FilterTerms(weights, source.shape);
    this.#sums = new Float64Array(slots);
    this.#touched = new Int32Array(this.#parts.most);
  }

  /** Adds the terms of a row of raw patterns. */
  gather(row: number, address: Address, patternBytes: number, terms: TermList): void {
    const { shape: { columns }, labels, slotOf } = this.#source;
    const parts = this.#parts, sums = this.#sums, touched = this.#touched;
    for (let column = 0; column < columns; column++) {
      let count = 0;
      const found = parts.sharesOf(row, column);
      for (let i = 0; i < found; i++) {
        const label = labels[parts.probes[i]];
        const slot = label < 0 ? -1 : slotOf[label];
        if (slot < 0) continue;
        if (sums[slot] === 0) touched[count++] = slot;
        sums[slot] += parts.weights[i];
      }
      for (let i = 0; i < count; i++) {
        terms.push(at(address, column * patternBytes), touched[i], sums[touched[i]]);
        sums[touched[i]] = 0;
      }
    }
  }
}

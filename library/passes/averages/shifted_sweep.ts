/** One reading of a scan that sums patterns about a common place of their direct beams. */

import { at, nowhere } from "../../engine/address.ts";
import type { KernelCall } from "../../engine/kernels.ts";
import { workingBytes, workingType } from "../../engine/loaded_scan.ts";
import type { Memory } from "../../engine/memory.ts";
import type { Arena, Batches, Pass, RowBlock } from "../../engine/pass.ts";
import type { AveragedCluster } from "./average_sums.ts";
import { Sweep } from "./average_sweep.ts";
import { callsPerThread, termBytes } from "./average_terms.ts";

/**
 * Patterns are moved by the shifts of their probes, bilinearly, and divided pixel by pixel by how many of them saw it, so
 * that edges and masked pixels do not dim an average. All threads add the patterns of a band to the same sums, each a range
 * of detector rows.
 */
export class ShiftedSweep extends Sweep implements Pass<AveragedCluster[]> {
  #sums = nowhere;
  #table = nowhere;
  #seen = nowhere;
  #arena!: Arena;

  reserve(memory: Memory, band: number): void {
    const { pixels, settings: { slots, clustering: { badPixels } } } = this;
    this.#sums = memory.allocate("sums of clusters", 16 * slots * pixels);
    this.#table = memory.allocate("terms", band * this.scan.shape.columns * termBytes);
    this.#seen = memory.table("seen pixels", 4 * pixels, () => {
      const seen = new Float32Array(pixels).fill(1);
      for (const pixel of badPixels.masked) seen[pixel] = 0;
      return seen;
    });
  }

  begin(arena: Arena): void {
    this.#arena = arena;
    this.start(arena, () => this.#sums, 1, 2);
  }

  async *block({ first, end, pointer }: RowBlock): Batches {
    const { source: { labels, slotOf, shape }, settings: { clustering: { shifts } } } = this;
    const { columns, patternRows, patternColumns } = shape;
    const working = workingType(this.scan.dtype), patternBytes = this.pixels * workingBytes(working);
    this.beginBefore(end);
    const most = (end - first) * columns;
    const words = this.#arena.view(Uint32Array, this.#table, 4 * most);
    const places = this.#arena.view(Float32Array, this.#table, 4 * most);
    const slotAt = (probe: number) => labels[probe] < 0 ? -1 : slotOf[labels[probe]];
    const probes: number[] = [];
    for (let probe = first * columns; probe < end * columns; probe++) {
      if (slotAt(probe) >= 0) probes.push(probe);
    }
    // Slot by slot, so that sums stay in the caches; those of one slot in the order of the scan.
    probes.sort((one, other) => slotAt(one) - slotAt(other) || one - other);
    const count = probes.length;
    for (const [term, probe] of probes.entries()) {
      words[4 * term] = at(pointer(Math.floor(probe / columns)), (probe % columns) * patternBytes);
      words[4 * term + 1] = slotAt(probe);
      places[4 * term + 2] = shifts![2 * probe];
      places[4 * term + 3] = shifts![2 * probe + 1];
    }
    // Each call sums its own detector rows over all probes, so the order of the sums is always the same.
    const share = Math.ceil(patternRows / (callsPerThread * this.#arena.threads));
    if (count > 0) {
      yield Array.from({ length: Math.ceil(patternRows / share) }, (_, part): KernelCall => [
        `accumulateShifted${working}`,
        ...[this.#table, count, patternRows, patternColumns] as const,
        part * share,
        Math.min(patternRows, (part + 1) * share),
        ...[this.#seen, this.#sums] as const,
      ]);
    }
    await this.deliverUntil(end);
  }
}

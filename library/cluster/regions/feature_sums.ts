/** Sums of the features of groups of probes. */

import type { Address } from "../../engine/address.ts";
import { onNumbers } from "../../engine/own_memory.ts";
import type { Sketch } from "../../passes/sketch/sketch.ts";

/**
 * Adds up features in the order of a list.
 *
 * @param groups int32 for each entry of the list: which sum, -1 = none
 * @param probes int32 for each entry: whose features; `null`: an entry for each probe
 * @param count of sums
 * @returns float64 (group, k)
 */
export function featureSums(
  { features, length }: Pick<Sketch, "features" | "length">,
  groups: Int32Array,
  probes: Int32Array | null,
  count: number,
): Float64Array {
  const entries = groups.length;
  return onNumbers(features, 8 * count * length + 8 * entries, (kernels, memory, room) => {
    const sums = new Float64Array(memory, room, count * length).fill(0);
    const first = room + sums.byteLength, second = first + 4 * entries;
    new Int32Array(memory, first, entries).set(groups);
    const list = new Int32Array(memory, second, entries);
    if (probes) list.set(probes);
    else for (let probe = 0; probe < entries; probe++) list[probe] = probe;
    const [places, owners, out] = [second, first, room] as Address[];
    kernels.sumFeatures(0 as Address, length, owners, places, entries, out);
    return sums.slice();
  });
}

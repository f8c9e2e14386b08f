/** Averages of groups of probes from the server. */

import type { Parts } from "../../protocol/parts.ts";
import type { OpenedItem } from "../../protocol/items.ts";
import type { AverageHeader } from "../../protocol/patterns.ts";
import { stream } from "../client.ts";

/**
 * Averages of groups as they are ready.
 *
 * @param opened the item, in the run that the groups are of
 * @param groups flat indices of the probes of each
 * @param bin patterns are summed into `bin` x `bin` pixels
 */
export function fetchAverages(
  { id, revision }: OpenedItem,
  groups: readonly Uint32Array[],
  bin: number,
  signal: AbortSignal,
): AsyncGenerator<Parts<AverageHeader>> {
  const probes = new Uint32Array(groups.reduce((sum, group) => sum + group.length, 0));
  let place = 0;
  for (const group of groups) {
    probes.set(group, place);
    place += group.length;
  }
  const header = { sizes: groups.map((group) => group.length), bin };
  return stream("POST /api/items/:id/averages", { id, revision }, { header, arrays: { probes } }, signal);
}

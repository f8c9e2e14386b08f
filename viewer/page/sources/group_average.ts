/** Averages over groups of probes: fetched once, and kept, so that going back to one takes no time. */

import type { OpenedItem } from "../../protocol/items.ts";
import { fetchAverages } from "../looking/averages.ts";
import { probeLoaded } from "../looking/probe_pattern.ts";
import type { ShownPattern } from "../state.ts";

/** Averages that are kept. */
const keptAverages = 64;

/** Newest last. */
const averages = new Map<string, ShownPattern>();

/** An average that is there already. */
export function knownAverage(key: string): ShownPattern | null {
  return averages.get(key) ?? null;
}

/** Keeps a pattern, and forgets the oldest. */
export function keepAverage(pattern: ShownPattern): ShownPattern {
  averages.set(pattern.of, pattern);
  for (const oldest of averages.keys()) {
    if (averages.size <= keptAverages) break;
    averages.delete(oldest);
  }
  return pattern;
}

/** Sum over a pattern. */
export function sumOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The average over some probes; `null` where another is wanted meanwhile. */
export async function groupAverage(
  opened: OpenedItem,
  probes: Uint32Array,
  key: string,
  signal: AbortSignal,
): Promise<ShownPattern | null> {
  const before = knownAverage(key);
  if (before) return before;
  await probeLoaded();
  if (signal.aborted) return null;
  for await (const { header, arrays } of fetchAverages(opened, [probes], 1, signal)) {
    const values = arrays.pattern as Float32Array;
    return keepAverage({ of: key, values, sum: sumOf(values), note: header.kind });
  }
  return null;
}

/** Colour keys of the result's crystals, as the report draws them, on the background of the theme. */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { KeyHeader } from "../../protocol/crystals.ts";
import { call } from "../client.ts";
import { complain } from "../errors.ts";
import type { OpenedItem } from "../../protocol/items.ts";
import { item, reconnections, type Theme, theme } from "../state.ts";
import { type OrientationMaps, orientationMaps } from "./crystal_maps.ts";

/** One key. */
export interface ColourKey extends KeyHeader {
  /** Names of the crystals whose key it is. */
  readonly names: readonly string[];
  /** uint8 (row, column, 3). */
  readonly pixels: Uint8Array;
}

const known = signal<
  { readonly of: string; readonly theme: Theme; readonly keys: readonly ColourKey[] } | null
>(
  null,
);

/** Which result they are of. */
const place = () => `${item.value?.id}:${item.value?.revision}`;

/** The keys, one for all crystals of the same; none until they have come. */
export const colourKeys: ReadonlySignal<readonly ColourKey[]> = computed(() =>
  orientationMaps.value && known.value?.of === place() ? known.value.keys : []
);

/** Fetches the keys once their maps are there, and again for another theme. */
export function followColourKeys(): () => void {
  return effect(() => {
    const maps = orientationMaps.value, opened = item.value, wanted = theme.value;
    const of = place();
    reconnections.value;
    if (!maps || !opened || known.peek()?.of === of && known.peek()?.theme === wanted) return;
    fetchKeys(maps, opened, wanted).then((keys) => {
      if (place() === of && theme.peek() === wanted) known.value = { of, theme: wanted, keys };
    }).catch(complain);
  });
}

/** The keys of all crystals on the background of a theme. */
export async function fetchKeys(
  { phases }: Pick<OrientationMaps, "phases">,
  { id, revision }: OpenedItem,
  theme: Theme,
): Promise<readonly ColourKey[]> {
  const keys = await Promise.all(phases.map(async (name, phase): Promise<ColourKey> => {
    const { header, arrays } = await call("GET /api/items/:id/key", { id, revision, phase, theme });
    return { ...header, names: [name], pixels: arrays.pixels as Uint8Array };
  }));
  return distinct(keys);
}

/** Crystals of one Laue class and like cells have one key. */
function distinct(keys: readonly ColourKey[]): ColourKey[] {
  const groups = Map.groupBy(keys, ({ laueClass, corners }) => [laueClass, ...corners].join());
  return Array.from(groups.values(), (same) => ({ ...same[0], names: same.flatMap(({ names }) => names) }));
}

/** Bad detector pixels: which there are, and whether sums over patterns take them repaired or as recorded. */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { call } from "../client.ts";
import { complain } from "../errors.ts";
import { item, readable, reconnections, run } from "../state.ts";

/** Whether virtual images, mean and maximum take bad pixels as the median of their neighbours, as averages always do. */
export const repaired = signal(true);

/** Bad pixels of a run, flat indices. */
export interface KnownBadPixels {
  /** In place of these the median of their neighbours is taken. */
  readonly filled: ReadonlySet<number>;
  /** These are left out of everything. */
  readonly masked: ReadonlySet<number>;
  /** Where they are known from. */
  readonly source: string;
}

const known = signal<KnownBadPixels & { readonly of: string } | null>(null);

/** Those of what is open; `null` until they have come. */
export const badPixels: ReadonlySignal<KnownBadPixels | null> = computed(() =>
  known.value?.of === place() ? known.value : null
);

/** What captions of sums say about them; empty where there are none. */
export const repairNote: ReadonlySignal<string> = computed(() => {
  const found = badPixels.value;
  if (!found || found.filled.size + found.masked.size === 0) return "";
  return repaired.value ? "bad pixels repaired" : "as recorded";
});

/** What is done about the pixel at a flat index, in words; `null` for a sound one. */
export function aboutPixel(pixel: number): string | null {
  const found = badPixels.value;
  if (found?.filled.has(pixel)) return "bad pixel";
  return found?.masked.has(pixel) ? "bad pixel, left out" : null;
}

function place(): string | null {
  const opened = item.value;
  return opened && readable.value ? `${opened.id}:${opened.revision}` : null;
}

/** Fetches those of whatever is open. */
export function followBadPixels(): () => void {
  return effect(() => {
    const opened = item.value, of = place();
    reconnections.value;
    if (!opened || of === null || run.value !== null || known.peek()?.of === of) return;
    const { id, revision } = opened;
    call("GET /api/items/:id/bad-pixels", { id, revision }).then(({ header, arrays }) => {
      if (item.peek()?.id !== id || item.peek()?.revision !== revision) return;
      known.value = {
        of,
        filled: new Set(arrays.filled),
        masked: new Set(arrays.masked),
        source: header.source,
      };
    }).catch(complain);
  });
}

/** Patterns that are kept to be compared with others: A and B. */

import { signal } from "@preact/signals";
import { item, type ShownPattern } from "../state.ts";
import type { PatternSource } from "./pattern_source.ts";

/** A kept pattern with its caption, of one open item. */
interface Pin {
  readonly item: string;
  readonly label: string;
  readonly note: string;
  readonly pattern: ShownPattern;
}

const letters = ["A", "B"] as const;
const pins = signal<readonly (Pin | null)[]>([null, null]);
let pinned = 0;

/** The pin in a place, where it is of what is open. */
const pinAt = (place: number) => pins.value[place]?.item === item.value?.id ? pins.value[place] : null;

/**
 * Keeps a pattern as A; where there is one, as B, in whose place the next ones come.
 *
 * @returns its letter
 */
export function pin(pattern: ShownPattern, label: string, note: string): string {
  const place = pinAt(0) ? 1 : 0, of = `pin:${pinned++}:${pattern.of}`;
  const own: Pin = { item: item.peek()!.id, label, note, pattern: { ...pattern, of } };
  pins.value = letters.map((_, at) => at === place ? own : pinAt(at));
  return letters[place];
}

/** Forgets both. */
export function unpin(): void {
  pins.value = letters.map(() => null);
}

/** What is kept, to be shown above. */
export const pinSources: readonly PatternSource[] = letters.map((letter, place) => ({
  name: `pin${letter}`,
  there: () => pinAt(place) !== null,
  label: () => `${letter}: ${pinAt(place)?.label ?? ""}`,
  note: () => pinAt(place)?.note ?? "",
  missing: () => "Pin a pattern to compare others with it.",
  meant: () => pinAt(place)?.pattern.of ?? null,
  known: () => pinAt(place)?.pattern ?? null,
  load: () => Promise.resolve(pinAt(place)?.pattern ?? null),
}));

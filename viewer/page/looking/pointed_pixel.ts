/** The detector pixel under the pointer. */

import { signal } from "@preact/signals";

export const pointedPixel = signal<
  { readonly row: number; readonly column: number; readonly value: number } | null
>(null);

/** The detector pixel under the pointer, and the pattern that it is a pixel of. */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { ShownPattern } from "../state.ts";

/** Its value is that of the pattern as it is shown at any time, not as it was when the pointer came. */
export const pointedPixel = signal<
  {
    readonly row: number;
    readonly column: number;
    /** Flat index. */
    readonly pixel: number;
    readonly pattern: ReadonlySignal<ShownPattern | null>;
  } | null
>(null);

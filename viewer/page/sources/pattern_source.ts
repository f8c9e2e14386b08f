/** What the upper pattern can be. To add one, write an entry and put it into the list of pattern_sources.ts. */

import type { OpenedItem } from "../../protocol/items.ts";
import type { ShownPattern } from "../state.ts";

/** One choice of the upper pattern. What its functions read of signals is followed. */
export interface PatternSource {
  readonly name: string;
  /** Whether it is offered; always, where this is left out. */
  readonly there?: () => boolean;
  /** Whether it is of the frame that is shown, whatever is open. */
  readonly followsTime?: boolean;
  /** What it is called in the choice. */
  readonly label: () => string;
  /** A colour in CSS that stands for it; `null` for none. */
  readonly colour?: () => string | null;
  /** Of what it is, beside the choice. */
  readonly note: () => string;
  /** Said in place of the picture while there is no pattern. */
  readonly missing: () => string;
  /** Of what the pattern is to be; `null` where there is none to get. */
  readonly meant: (opened: OpenedItem) => string | null;
  /** The pattern of what is meant, where it is there already. */
  readonly known: (meant: string) => ShownPattern | null;
  /**
   * Gets the pattern of what is meant.
   *
   * @param signal fires when another is wanted
   */
  readonly load: (opened: OpenedItem, meant: string, signal: AbortSignal) => Promise<ShownPattern | null>;
}

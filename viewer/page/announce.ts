/** What screen readers are told. */

import { announcement } from "./state.ts";

/** Says something politely; the same words twice are said twice. */
export function announce(text: string): void {
  announcement.value = announcement.value === text ? `${text}\u00a0` : text;
}

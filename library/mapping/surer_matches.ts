/** Which of two ways of matching is believed, pattern by pattern. */

import type { OrientationMatch } from "../crystal/matching/match.ts";

/** Matches of less reliability, in percent, are looked for in another way as well. */
const unreliable = 10;

/** Whether a match, or that there is none, is to be replaced by that of another way: it is not reliable, the other is more so. */
export function isSurer(other: OrientationMatch | undefined, own: OrientationMatch | undefined): boolean {
  const reliability = (match: OrientationMatch | undefined) => match?.reliability ?? -1;
  return reliability(own) < unreliable && reliability(other) > reliability(own);
}

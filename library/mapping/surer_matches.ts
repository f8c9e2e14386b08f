/** Which of two ways of matching is believed, pattern by pattern. */

import type { OrientationMatch } from "../crystal/matching/match.ts";

/** Matches of less reliability, in percent, are looked for in another way as well. */
const unreliable = 10;

/** Matches, or where they are not reliable the others if these are more so. */
export function surer(
  matches: readonly OrientationMatch[][],
  others: readonly OrientationMatch[][],
): OrientationMatch[][] {
  const reliability = ([match]: readonly OrientationMatch[]) => match?.reliability ?? -1;
  return matches.map((list, cluster) => {
    const own = reliability(list), other = others[cluster];
    return own < unreliable && reliability(other) > own ? other : list;
  });
}

/** Which matches are believed, pattern by pattern. */

import type { OrientationMatch } from "../crystal/matching/match.ts";

/** Matches of less reliability, in percent, are looked for in another way as well. */
const leastReliability = 10;

/** Percent by which a match agrees better than the next; less than any where there is none. */
function reliabilityOf(match: OrientationMatch | undefined): number {
  return match?.reliability ?? -1;
}

/** Whether a match agrees better than any other orientation by so many percent at least. */
export function isReliable(match: OrientationMatch | undefined, percent: number): boolean {
  return reliabilityOf(match) >= percent;
}

/**
 * Looks for unreliable matches in another way as well, and takes what that finds where it is surer.
 *
 * @param found what was found of each pattern; surer things take their place
 * @param strongest the match that is judged
 * @param again what the other way finds of some patterns, by their places
 */
export async function replaceUnreliable<Found>(
  found: Found[],
  strongest: (found: Found) => OrientationMatch | undefined,
  again: (places: readonly number[]) => Promise<readonly Found[]>,
): Promise<void> {
  const reliability = (one: Found) => reliabilityOf(strongest(one));
  const places = [...found.keys()].filter((place) => reliability(found[place]) < leastReliability);
  if (places.length === 0) return;
  const others = await again(places);
  places.forEach((place, index) => {
    if (reliability(others[index]) > reliability(found[place])) found[place] = others[index];
  });
}

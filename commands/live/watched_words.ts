/** The command line that makes again what watching a file made. */

import { formatRegion, type Region } from "../../library/scan/region.ts";

/** What of a recording was there. */
export interface WatchedPart {
  readonly partial?: boolean;
  readonly region?: Region;
}

/** Flags of `watch` that `cluster` does not have; each has a value. */
const aside = ["--idle", "--drift", "--hint", "--max-shift", "--gap", "--remember"];

/**
 * The words of `cluster` that follow from those of `watch`.
 *
 * @param words `crystallite watch SOURCE …`
 * @param path the file that was watched, or that the stream SOURCE was written to
 */
export function clusterWords(
  words: readonly string[],
  source: string,
  path: string,
  { partial, region }: WatchedPart = {},
): string[] {
  const [program, , ...rest] = words, kept: string[] = [];
  for (let place = 0; place < rest.length; place++) {
    const word = rest[place];
    if (aside.includes(word)) place++;
    else if (!aside.some((flag) => word.startsWith(`${flag}=`))) kept.push(word === source ? path : word);
  }
  return [
    ...[program, "cluster"],
    ...kept,
    ...(partial ? ["--partial"] : []),
    ...(region ? ["--roi", formatRegion(region)] : []),
  ];
}

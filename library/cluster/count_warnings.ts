/** What a user should know where there is no cluster, or only one. */

import type { ClusterParameters } from "./parameters.ts";

/** What came out of a clustering. */
interface Outcome {
  /** `null` where regions were found without one. */
  readonly threshold: number | null;
  /** uint8 (row, column): 1 where a probe could be clustered before a background was left out. */
  readonly recorded: Uint8Array;
  /** The same without the background. */
  readonly mask: Uint8Array;
  /** Probes of each cluster. */
  readonly sizes: readonly number[];
}

/** From this part of the probes on, a cluster that is the only large one has taken others in; below, most fell apart. */
const most = 0.5;

/** Why there are no clusters, or what the only one holds: everything, all but the background, or what is not too small. */
export function countWarnings(
  { method, minimumSize }: Pick<ClusterParameters, "method" | "minimumSize">,
  { threshold, recorded, mask, sizes }: Outcome,
): string[] {
  if (!mask.includes(1)) {
    return ["The real-space mask is empty, so there are no clusters; try --mask none."];
  }
  const at = `${minimumSize} probes or more${threshold === null ? "" : ` at threshold ${threshold}`}`;
  if (sizes.length === 0) {
    return [
      threshold === null
        ? `No region has ${at}; lower --min-size.`
        : `No cluster has ${at}; lower the threshold or --min-size, or blur more.`,
    ];
  }
  if (sizes.length > 1) return [];
  const [size] = sizes, within = count(mask);
  const all = within === count(recorded) ? "Everything" : "All but the background";
  if (method === "regions") {
    return [
      size === within
        ? `${all} is one region: no differences stand above the counting noise.`
        : `Only one region has ${at}; lower --min-size for the others.`,
    ];
  }
  if (size === within) return [`${all} fell into one cluster; raise the threshold to separate regions.`];
  return [
    `Only one cluster has ${at}; ` +
    (size >= most * within
      ? "raise the threshold to separate regions, or lower --min-size for the others."
      : "lower the threshold or --min-size, or blur more."),
  ];
}

function count(mask: Uint8Array): number {
  return mask.reduce((sum, inside) => inside ? sum + 1 : sum, 0);
}

/** The probes that strain is measured at: all in clusters, or some of them. */

import { readMaskFile } from "../../library/formats/mask_file.ts";
import { notUnderstood, wholeNumberOf } from "../../library/parameters/number.ts";
import type { StoredResult } from "../../library/results/read.ts";
import { BadParameter } from "../../library/scan/errors.ts";

/** What may be said of the probes. */
export interface ProbeChoice {
  /** File of a mask over the scan: 0 where nothing is measured. */
  readonly mask?: string;
  /** Clusters that are left out. */
  readonly exclude?: readonly number[];
}

/**
 * Reads ids of clusters: `3` or `3,7`.
 *
 * @throws {BadParameter} when the text is anything else
 */
export function parseClusterIds(text: string): number[] {
  const ids = text.split(",").map((part) => wholeNumberOf(part.trim()));
  const known = ids.filter((id) => id !== undefined);
  if (known.length === ids.length) return known;
  throw notUnderstood("--exclude", text, "ids of clusters, such as 3,7");
}

/**
 * The clusters of the probes that are measured, -1 for all others.
 *
 * @throws {BadParameter} when a cluster is none of the result, the mask has another shape, or no probe is left
 * @throws as `readMaskFile`
 */
export async function labelsToMeasure(
  { labels, shape, clusters }: Pick<StoredResult, "labels" | "shape" | "clusters">,
  { mask, exclude = [] }: ProbeChoice,
): Promise<Int32Array> {
  const unknown = exclude.find((id) => id >= clusters.length);
  if (unknown !== undefined) {
    throw new BadParameter(`the result has no cluster ${unknown}`, {
      expected: `ids from 0 to ${clusters.length - 1}`,
      found: String(unknown),
      parameter: "exclude",
      remedy: "take the ids of clusters.csv",
    });
  }
  const keep = mask === undefined ? undefined : await readMaskFile(mask, shape.rows, shape.columns);
  const chosen = Int32Array.from(labels, (label, probe) => {
    return exclude.includes(label) || (keep && keep[probe] === 0) ? -1 : label;
  });
  if ((mask === undefined && exclude.length === 0) || chosen.some((label) => label >= 0)) return chosen;
  throw new BadParameter("no probe of a cluster is left to measure", {
    expected: "a mask that is not 0 at probes of clusters that are not left out",
    parameter: mask === undefined ? "exclude" : "mask",
    remedy: "give another mask, or leave out fewer clusters",
  });
}

/** Corrections by hand before they are made: the log with one more, or the reason why it cannot be done. Pure. */

import { neighbourOffsets } from "../../library/scan/neighbours.ts";
import { type EditBase, editLabels } from "../../library/cluster/editing/edits.ts";
import { LabelMap } from "../../library/cluster/editing/label_map.ts";
import {
  addEdit,
  type Edit,
  type EditLog,
  emptyEditLog,
  type ProbePosition,
} from "../../library/cluster/editing/log.ts";
import { cutWeakestLink, weakestLinks } from "../../library/cluster/editing/weakest_link.ts";
import { BadParameter } from "../../library/scan/errors.ts";

/** What became of an attempt. */
export type EditAttempt =
  | {
    readonly done: true;
    /** With the edit as its last operation that holds. */
    readonly log: EditLog;
    /** Of a split: the highest similarity across it, `null` where nothing connected the two parts. */
    readonly link?: number | null;
  }
  | { readonly done: false; readonly reason: string };

const noLink = "This cluster has no weak link to split at.";

/** Tries an edit on top of those of a log. */
export function tryEdit(base: EditBase, log: EditLog = emptyEditLog, edit: Edit): EditAttempt {
  try {
    if (edit.kind !== "split") {
      const longer = addEdit(log, edit);
      editLabels(base, longer);
      return { done: true, log: longer };
    }
    const { labels } = editLabels(base, log);
    const minimumSize = edit.minimumSize ?? sizeOfParts(base, labels, edit.cluster);
    const link = weakestLink(base, labels, edit.cluster, minimumSize);
    if (link === undefined) return { done: false, reason: noLink };
    const longer = addEdit(log, minimumSize === base.minimumSize ? edit : { ...edit, minimumSize });
    return { done: true, log: longer, link };
  } catch (error) {
    if (!(error instanceof BadParameter)) throw error;
    return { done: false, reason: error.message };
  }
}

/**
 * How large the parts of a split shall be at least: as large as the smaller part at the link that says most. A link says the more
 * the less similar its ends and the more probes lie on either side, so that no few probes of a border are cut off
 * where a grain falls in two.
 */
function sizeOfParts(base: EditBase, labels: Int32Array, [row, column]: ProbePosition): number {
  const label = labels[row * base.columns + column] ?? -1;
  if (label < 0) return base.minimumSize;
  let most = -Infinity, size = base.minimumSize;
  for (const { similarity, smaller } of weakestLinks(new LabelMap(labels).members(label), base, size)) {
    const said = (1 - (Number.isNaN(similarity) ? -1 : similarity)) * smaller;
    if (said <= most) continue;
    most = said;
    size = smaller;
  }
  return size;
}

/**
 * The highest similarity across the split of a cluster at its weakest link.
 *
 * @returns `null` where no neighbours connect the two parts; `undefined` where there is no cluster or no such link
 */
function weakestLink(
  base: EditBase,
  labels: Int32Array,
  [row, column]: ProbePosition,
  minimumSize: number,
): number | null | undefined {
  const { columns, similarity } = base, label = labels[row * columns + column] ?? -1;
  if (label < 0) return undefined;
  const part = cutWeakestLink(new LabelMap(labels).members(label), base, minimumSize);
  if (part === null) return undefined;
  const inside = new Set(part), steps = neighbourOffsets.map(([down, right]) => down * columns + right);
  let link: number | null = null;
  for (const probe of part) {
    for (let direction = 0; direction < steps.length; direction++) {
      const value = similarity[8 * probe + direction];
      const other = probe + steps[direction];
      // NaN, which stands for neighbours outside the scan, is not above anything.
      if (!(value > (link ?? -Infinity)) || labels[other] !== label || inside.has(other)) continue;
      link = value;
    }
  }
  return link;
}

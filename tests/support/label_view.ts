/** The labels of a view said with the library's own functions, for tests of what is faster. */

import { applyEdits, type EditedMap } from "../../library/cluster/editing/edits.ts";
import { cutForest } from "../../library/cluster/forest.ts";
import { summariseClusters } from "../../library/cluster/summary.ts";
import {
  cutOf,
  editBase,
  forestOf,
  isMethod,
  type LabelledScan,
  methodGrowth,
} from "../../viewer/labels/label_view.ts";
import type { LabelView } from "../../viewer/protocol/label_views.ts";

/**
 * The labels of a view: those of the method, or the clusters at a threshold; then the edits that hold.
 *
 * @throws {BadParameter} where an edit cannot be done, or the view needs what the clustering does not have
 */
export function labelsOf(scan: LabelledScan, view: LabelView): EditedMap {
  const base = unedited(scan, view), { edits } = view;
  if (edits === undefined || edits.cursor === 0) return base;
  return applyEdits(editBase(scan, view, base.labels), edits);
}

function unedited(scan: LabelledScan, view: LabelView): EditedMap {
  if (isMethod(view)) return { ...methodGrowth(scan), clusters: scan.clusters };
  const { forest, mask } = forestOf(scan, view);
  const growth = cutForest(forest, { ...cutOf(scan, view), mask, meanSimilarity: scan.meanSimilarity });
  return { ...growth, clusters: summariseClusters(growth, scan.columns, scan.meanSimilarity) };
}

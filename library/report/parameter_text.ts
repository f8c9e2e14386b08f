/** The parameters of a run in the words of the field. */

import type { Clustering } from "../cluster/clustering.ts";
import type { ComparisonPath } from "../cluster/compare.ts";
import { clusterSchema } from "../cluster/parameters.ts";
import { describeRecord } from "../parameters/record.ts";
import { formatCount, formatFixed, formatNumber } from "./number_format.ts";

/** Rows of a two-column list: name and value, plain text. */
export function describeParameters(clustering: Clustering): readonly (readonly [string, string])[] {
  const style = { number: formatNumber, count: formatCount, fixed: formatFixed };
  const rows = describeRecord(clusterSchema, clustering.parameters, clustering, style);
  rows.push(["Comparison", describeComparison(clustering.comparison)]);
  const corrections = clustering.edits?.log.cursor ?? 0;
  if (corrections > 0) {
    rows.push(["By hand", `${formatCount(corrections)} ${corrections === 1 ? "correction" : "corrections"}`]);
  }
  return rows;
}

function describeComparison(path: ComparisonPath): string {
  if (path.kind === "exact") return "exact, on all detector pixels";
  const error = path.observedError.toExponential(0);
  const again = `${formatCount(path.recomputedEdges)} ${path.recomputedEdges === 1 ? "pair" : "pairs"}`;
  return `on samples of the blurred patterns; similarities are off by up to ${error}, labels and mask are exact ` +
    `(${again} compared again on all pixels)`;
}

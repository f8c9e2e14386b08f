/** What speaks for the threshold, as a plot of plain characters for the terminal. */

import type { ThresholdEvidence } from "../../library/cluster/automatic_threshold.ts";
import { evidencePlace, type ThresholdAxis, thresholdAxis } from "../../library/report/evidence_axis.ts";
import { formatNumber, formatPercent } from "../console/format_quantity.ts";

/** Characters before the plot and across it; lines of it. */
const margin = 10, across = 60, lines = 6;

/**
 * Entropy over the threshold as columns of `#`, the applied threshold as `|` in it, with the number of clusters and
 * their coverage at round thresholds below. At most 72 characters wide and 12 lines high, without a line break at its end.
 *
 * @param applied the threshold that the clusters were grown with
 * @returns an empty text where there are too few thresholds for a curve
 */
export function evidenceText(evidence: ThresholdEvidence, applied: number): string {
  const axis = thresholdAxis(evidence);
  if (axis === null) return "";
  const heights = columnHeights(evidence, axis);
  const most = heights.reduce((a, b) => Math.max(a, b), 0);
  const mark = columnOf(axis, applied);
  const plot = Array.from({ length: lines }, (_, line) => {
    const level = (lines - line - 0.5) / lines * most;
    const name = line === 0 ? formatNumber(most, 3) : line === 1 ? "nats" : "";
    const cells = heights.map((height, column) =>
      column === mark ? "|" : most > 0 && height >= level ? "#" : " "
    );
    return `${name.padStart(margin - 1)} ${cells.join("")}`;
  });
  const axisLine = Array.from({ length: across }, (_, column) => column === mark ? "^" : "-").join("");
  return [
    `entropy of the cluster sizes over the threshold; applied: ${formatNumber(applied, 6)}`,
    ...plot,
    `${"0".padStart(margin - 1)} ${axisLine}`,
    ...tickLines(evidence, axis),
  ].map((line) => line.trimEnd()).join("\n");
}

function columnOf(axis: ThresholdAxis, threshold: number): number {
  return Math.min(across - 1, Math.floor(axis.place(threshold) * across));
}

/** Largest entropy of the thresholds in each column; columns without any have that of the threshold above them. */
function columnHeights({ thresholds, entropy }: ThresholdEvidence, axis: ThresholdAxis): number[] {
  const heights = new Array<number>(across).fill(-1);
  thresholds.forEach((threshold, place) => {
    const column = columnOf(axis, threshold);
    heights[column] = Math.max(heights[column], entropy[place]);
  });
  for (let column = across - 2; column >= 0; column--) {
    if (heights[column] < 0) heights[column] = heights[column + 1];
  }
  return heights;
}

/** Round thresholds, and what holds there; those are left out that have no room. */
function tickLines(evidence: ThresholdEvidence, axis: ThresholdAxis): string[] {
  const texts = ["T", "clusters", "coverage"].map((name) => `${name.padStart(margin - 1)} `);
  for (const { place, threshold, decimals } of axis.ticks) {
    const at = evidencePlace(evidence, threshold);
    const values = [
      threshold.toFixed(decimals),
      String(evidence.clusters[at]),
      formatPercent(evidence.coverage[at]),
    ];
    const longest = Math.max(...values.map((value) => value.length));
    const start = margin + Math.round(place * (across - 1));
    const room = texts.every((text) => text.length === margin || text.length + 2 <= start);
    if (!room || start + longest > margin + across + 2) continue;
    values.forEach((value, line) => texts[line] = texts[line].padEnd(start) + value);
  }
  return texts;
}

/** What speaks for one threshold or another, as inline SVG: three curves above one another on a common axis. */

import type { ThresholdEvidence } from "../cluster/automatic_threshold.ts";
import { evidencePlace, type ThresholdAxis, thresholdAxis } from "./evidence_axis.ts";
import { type Markup, markup } from "./markup.ts";
import { formatCount, formatFixed, formatNumber, formatPercent } from "./number_format.ts";

const width = 760, left = 130, right = 20, top = 26, panelHeight = 78, gap = 18, bottom = 44;

/** One curve and how it is told from the others: by its panel, its name and its stroke. */
interface Curve {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** Value at the upper end of the panel. */
  readonly most: number;
  readonly mostLabel: string;
  /** Style class of the line. */
  readonly stroke: "solid" | "dashed" | "dotted";
}

/**
 * Draws entropy, number of clusters and coverage over the threshold.
 *
 * @param applied the threshold that the clusters were grown with
 * @returns `null` where there are too few thresholds for a curve
 */
export function renderEvidence(evidence: ThresholdEvidence, applied: number): Markup | null {
  const axis = thresholdAxis(evidence);
  if (axis === null) return null;
  const curves = curvesOf(evidence);
  const height = top + curves.length * (panelHeight + gap) + bottom - gap;
  const base = height - bottom;
  const style = `max-width:${Math.round(width * 1.1)}px`;
  return markup`<svg class="evidence" viewBox="0 0 ${width} ${height}" style="${style}" role="img" \
aria-labelledby="evidence-title evidence-description">
<title id="evidence-title">Clusters at every threshold</title>
<desc id="evidence-description">${describe(evidence, applied)}</desc>
${curves.map((curve, index) => panel(curve, evidence, axis, top + index * (panelHeight + gap)))}
${axis.ticks.map((tick) => tickMark(xOf(tick.place), base, formatFixed(tick.threshold, tick.decimals)))}
<text class="axis-title" x="${(left + width - right) / 2}" y="${
    height - 6
  }">threshold (1 − T on a logarithmic scale)</text>
${appliedLine(evidence, axis, applied, base)}</svg>`;
}

function curvesOf({ entropy, clusters, coverage }: ThresholdEvidence): Curve[] {
  const largest = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => Math.max(a, b), 0);
  const nats = largest(entropy), count = largest(clusters);
  return [
    {
      name: "entropy",
      values: entropy,
      most: nats,
      mostLabel: `${formatNumber(nats, 3)} nats`,
      stroke: "solid",
    },
    { name: "clusters", values: clusters, most: count, mostLabel: formatCount(count), stroke: "dashed" },
    { name: "coverage", values: coverage, most: 1, mostLabel: formatPercent(1), stroke: "dotted" },
  ];
}

function panel(curve: Curve, { thresholds }: ThresholdEvidence, axis: ThresholdAxis, y: number): Markup {
  const base = y + panelHeight;
  const points = Array.from(thresholds, (threshold, index) => {
    const share = curve.most > 0 ? curve.values[index] / curve.most : 0;
    return `${round(xOf(axis.place(threshold)))},${round(base - share * panelHeight)}`;
  });
  return markup`<g>
<line class="axis" x1="${left}" x2="${width - right}" y1="${base + 0.5}" y2="${base + 0.5}"/>
<text class="name" x="0" y="${y + panelHeight / 2 + 4}">${curve.name}</text>
<text class="limit" x="${left - 8}" y="${y + 9}">${curve.mostLabel}</text>
<text class="limit" x="${left - 8}" y="${base}">0</text>
<polyline class="curve ${curve.stroke}" points="${points.join(" ")}"/></g>`;
}

function tickMark(x: number, base: number, label: string): Markup {
  return markup`<g><line class="axis" x1="${round(x)}" x2="${round(x)}" y1="${base}" y2="${base + 5}"/>
<text class="tick" x="${round(x)}" y="${base + 18}">${label}</text></g>`;
}

/** The applied threshold, and the one of largest entropy where that is another. */
function appliedLine(
  { best }: ThresholdEvidence,
  axis: ThresholdAxis,
  applied: number,
  base: number,
): Markup {
  const line = (threshold: number, kind: string) => {
    const x = round(xOf(axis.place(threshold)));
    return markup`<line class="${kind}" x1="${x}" x2="${x}" y1="${top - 6}" y2="${base}"/>`;
  };
  const x = xOf(axis.place(applied));
  const anchor = x > (left + width - right) / 2 ? "end" : "start";
  const other = Math.fround(applied) !== Math.fround(best.threshold) && best.entropy > 0;
  return markup`<g>${other ? line(best.threshold, "best") : null}${line(applied, "applied")}
<text class="applied-label" x="${round(x)}" y="${top - 11}" style="text-anchor:${anchor}">applied: ${
    formatNumber(applied, 6)
  }</text></g>`;
}

/** The plot in a sentence or two, for those who do not see it. */
function describe(evidence: ThresholdEvidence, applied: number): string {
  const { thresholds, entropy, clusters, coverage, sizeable, best } = evidence;
  const at = evidencePlace(evidence, applied);
  return `Entropy of the cluster sizes, number of clusters of at least ${sizeable} probes and share of the probes in ` +
    `them, for thresholds from ${formatNumber(thresholds[0], 6)} to ${
      formatNumber(thresholds[thresholds.length - 1], 6)
    }. At the applied threshold ${formatNumber(applied, 6)} the entropy is ${
      formatNumber(entropy[at], 3)
    } nats with ${formatCount(clusters[at])} clusters that cover ${
      formatPercent(coverage[at])
    }; the largest entropy, ${formatNumber(best.entropy, 3)} nats, is at ${formatNumber(best.threshold, 6)}.`;
}

function xOf(place: number): number {
  return left + place * (width - left - right);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

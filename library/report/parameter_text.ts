/** The parameters of a run in the words of the field. */

import type { Clustering } from "../cluster/clustering.ts";
import type { ComparisonPath } from "../cluster/compare.ts";
import type { FixedDetectorMask } from "../passes/detector/detector_mask.ts";
import type { RealSpaceMask, Threshold } from "../cluster/parameters.ts";
import { formatCount, formatFixed, formatNumber } from "./number_format.ts";

/** Rows of a two-column list: name and value, plain text. */
export function describeParameters(clustering: Clustering): readonly (readonly [string, string])[] {
  const { parameters, settled, badPixels, center } = clustering;
  const { prefilter } = parameters;
  const rows: [string, string][] = [
    ["Method", parameters.method === "growth" ? "growth by a threshold" : "region means"],
    ["Metric", parameters.metric],
    ["Similarity threshold", describeThreshold(parameters.threshold, settled.threshold)],
    [
      "Minimum size",
      `${formatCount(parameters.minimumSize)} ${parameters.minimumSize === 1 ? "probe" : "probes"}`,
    ],
    ["Blur", describeBlur(parameters.blur, settled.blur)],
    [
      "Prefilter",
      prefilter === null
        ? "none"
        : `radius ${prefilter.radius} probes (${prefilter.footprint}), correlations ${
          formatNumber(prefilter.range[0])
        } to ${formatNumber(prefilter.range[1])}, blur σ = ${
          formatNumber(prefilter.blur)
        } px, edge ${prefilter.edge} px`,
    ],
    ["Detector mask", describeDetectorMask(settled.detectorMask) + automatic(parameters.detectorMask)],
    [
      "Direct beam",
      `row ${formatFixed(center.row, 2)}, column ${
        formatFixed(center.column, 2)
      } (${parameters.center.kind})`,
    ],
    ["Real-space mask", describeMask(parameters.mask)],
    [
      "Bad pixels",
      `${formatCount(badPixels.filled.length)} filled, ${
        formatCount(badPixels.masked.length)
      } left out (${badPixels.source})`,
    ],
    [
      "Averages of",
      parameters.average === "none" ? "nothing (not computed)" : `${parameters.average} patterns`,
    ],
  ];
  if (parameters.borderWidth > 0) {
    rows.push(["Border", `${parameters.borderWidth} probes seed clusters but never join one`]);
  }
  if (parameters.missingNeighbour !== null) {
    rows.push(["Neighbours outside the scan", `count as ${formatNumber(parameters.missingNeighbour)}`]);
  }
  rows.push(["Comparison", describeComparison(clustering.comparison)]);
  const corrections = clustering.edits?.log.cursor ?? 0;
  if (corrections > 0) {
    rows.push(["By hand", `${formatCount(corrections)} ${corrections === 1 ? "correction" : "corrections"}`]);
  }
  return rows;
}

/** Says of a choice whether the program made it. */
function automatic(choice: { readonly kind: string }): string {
  return choice.kind === "auto" ? " (automatic)" : "";
}

function describeThreshold(given: Threshold, settled: number | null): string {
  if (settled === null) return "none: regions end where mean patterns differ";
  const number = formatNumber(settled, 8);
  if (typeof given === "number") return number;
  return given.kind === "auto"
    ? `${number} (automatic)`
    : `${number} (quantile ${formatNumber(given.quantile)} of the similarities)`;
}

function describeBlur(given: number | "auto", settled: number): string {
  const blur = settled === 0 ? "none" : `Gaussian, σ = ${formatNumber(settled)} px`;
  return given === "auto" ? `${blur} (automatic)` : blur;
}

function describeComparison(path: ComparisonPath): string {
  if (path.kind === "exact") return "exact, on all detector pixels";
  const error = path.observedError.toExponential(0);
  const again = `${formatCount(path.recomputedEdges)} ${path.recomputedEdges === 1 ? "pair" : "pairs"}`;
  return `on samples of the blurred patterns; similarities are off by up to ${error}, labels and mask are exact ` +
    `(${again} compared again on all pixels)`;
}

function describeDetectorMask(mask: FixedDetectorMask): string {
  switch (mask.kind) {
    case "none":
      return "none";
    case "disk":
      return `r ≤ ${formatNumber(mask.radius)} px`;
    case "annulus":
      return `${formatNumber(mask.inner)} px ≤ r ≤ ${formatNumber(mask.outer)} px`;
    case "outside":
      return `r > ${formatNumber(mask.radius)} px`;
    case "pixels":
      return `from ${mask.source}`;
  }
}

function describeMask(mask: RealSpaceMask): string {
  switch (mask.kind) {
    case "none":
      return "none";
    case "auto":
      return "without the background, where there is one (automatic)";
    case "triangle":
      return "mean similarity above its triangle threshold";
    case "virtual":
      return "annular dark field above its triangle threshold";
    case "number":
      return `mean similarity above ${formatNumber(mask.above, 8)}`;
    case "pixels":
      return `from ${mask.source}`;
  }
}

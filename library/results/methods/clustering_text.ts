/** The clustering of a scan in sentences for a methods section. */

import type { Clustering } from "../../cluster/clustering.ts";
import type { FixedDetectorMask } from "../../passes/detector/detector_mask.ts";
import { formatCount, formatNumber, formatPercent } from "../../report/number_format.ts";
import { formatUnit } from "../../report/scale_bar.ts";
import type { PixelSize } from "../../scan/calibration.ts";
import type { RunRecord } from "../run_record.ts";
import type { Citation } from "./citations.ts";

/** The works that are cited here. */
export interface ClusteringWorks {
  readonly program: Citation;
  readonly method: Citation;
  readonly triangle: Citation;
}

/** The sentences about scan, comparison, clusters and averages. */
export function describeClustering(
  run: RunRecord,
  clustering: Clustering,
  cite: (citation: Citation) => string,
  works: ClusteringWorks,
): string[] {
  const { parameters } = clustering, program = `crystallite ${run.version} ${cite(works.program)}`;
  const sentences = [describeScan(run, program, cite(works.method))];
  const filled = run.badPixels.filled.length, masked = run.badPixels.masked.length;
  if (filled > 0) {
    sentences.push(
      `${counted(filled, "bad detector pixel")} became the median of ${
        filled === 1 ? "its" : "their"
      } good neighbours.`,
    );
  }
  if (masked > 0) {
    sentences.push(
      `${counted(masked, "detector pixel")} in larger bad regions ${masked === 1 ? "was" : "were"} left out.`,
    );
  }
  if (parameters.prefilter) {
    const { blur, radius, footprint, range: [from, to], edge } = parameters.prefilter;
    sentences.push(
      `Before the comparison each pattern was averaged with similar ones in a ${footprint} of radius ${radius} probe ` +
        `positions (correlative prefilter): weights grew linearly with the correlation of the patterns, from 0 at ` +
        `${formatNumber(from)} to 1 at ${
          formatNumber(to)
        }; for the correlation patterns were blurred with a standard ` +
        `deviation of ${
          formatNumber(blur)
        } pixels and ${edge} pixels at the border of the detector left out.`,
    );
  }
  sentences.push(describeComparison(clustering));
  if (parameters.center.kind !== "index") {
    const { row, column } = clustering.center;
    sentences.push(
      `The centre is the direct beam, at row ${formatNumber(row, 6)} and column ${
        formatNumber(column, 6)
      } of the detector.`,
    );
  }
  if (parameters.missingNeighbour !== null) {
    sentences.push(
      `In means of similarities, neighbours outside the scan count as ${
        formatNumber(parameters.missingNeighbour)
      }.`,
    );
  }
  if (parameters.mask.kind !== "none") sentences.push(describeMask(clustering, () => cite(works.triangle)));
  sentences.push(...describeClusters(run, clustering));
  if (parameters.average !== "none") {
    const what = parameters.average === "filtered" ? "prefiltered" : "unblurred, unfiltered";
    sentences.push(`One pattern for each cluster is the mean of its ${what} patterns.`);
  }
  const corrections = run.edits?.applied ?? 0;
  if (corrections > 0) sentences.push(`The map was corrected by hand (${counted(corrections, "step")}).`);
  return sentences;
}

function describeScan({ shape, calibration }: RunRecord, program: string, method: string): string {
  const { pixelSize, qPixelSize, beamEnergy, convergenceAngle } = calibration;
  const beam = beamEnergy === undefined ? "" : ` at ${formatNumber(beamEnergy)} kV`;
  const probe = convergenceAngle === undefined
    ? ""
    : ` with a semi-convergence angle of ${formatNumber(convergenceAngle)} mrad`;
  return `The 4D-STEM scan of ${shape.rows} × ${shape.columns} probe positions${
    sized(pixelSize, "step")
  } and ` +
    `${shape.patternRows} × ${shape.patternColumns} detector pixels${
      sized(qPixelSize, "pixel")
    }${beam}${probe} was ` +
    `segmented with ${program} by the method of Lee et al. ${method}.`;
}

function sized(size: PixelSize | undefined, what: string): string {
  if (!size) return "";
  const column = `${formatNumber(size.column, 6)} ${formatUnit(size.unit)}`;
  return ` (${what} ${size.row === size.column ? column : `${formatNumber(size.row, 6)} × ${column}`})`;
}

function describeComparison({ parameters, settled: { blur, detectorMask } }: Clustering): string {
  const measure = {
    cosine: "the cosine",
    centered: "the cosine, each less its mean,",
    pearson: "the Pearson correlation",
  }[parameters.metric];
  const blurred = blur > 0
    ? `, blurred with a Gaussian of σ = ${formatNumber(blur)} pixels${automatic(parameters.blur === "auto")},`
    : "";
  return `Neighbouring patterns${blurred} were compared by ${measure} of ` +
    `${comparedPixels(detectorMask)}${automatic(parameters.detectorMask.kind === "auto")}.`;
}

function comparedPixels(mask: FixedDetectorMask): string {
  switch (mask.kind) {
    case "none":
      return "all detector pixels";
    case "disk":
      return `the detector pixels within ${formatNumber(mask.radius)} pixels of the centre`;
    case "annulus":
      return `the detector pixels at ${formatNumber(mask.inner)} to ${
        formatNumber(mask.outer)
      } pixels from the centre`;
    case "outside":
      return `the detector pixels more than ${formatNumber(mask.radius)} pixels from the centre`;
    case "pixels":
      return "the detector pixels of a mask";
  }
}

function describeMask({ background, parameters: { mask } }: Clustering, triangle: () => string): string {
  switch (mask.kind) {
    case "auto":
      return background?.present
        ? "The background (vacuum or support) was recognised and left out."
        : "No background was found, so that all probe positions took part.";
    case "triangle":
      return `Probe positions with a mean similarity below the triangle threshold ${triangle()} of its histogram were left out.`;
    case "virtual":
      return `Probe positions with an annular dark-field signal below the triangle threshold ${triangle()} were left out.`;
    case "number":
      return `Probe positions with a mean similarity of ${
        formatNumber(mask.above, 8)
      } or less were left out.`;
    default:
      return "Probe positions outside a mask were left out.";
  }
}

function describeClusters({ coveredFraction, regions }: RunRecord, clustering: Clustering): string[] {
  const { parameters, clusters, settled: { threshold } } = clustering;
  const dropped = parameters.minimumSize > 1
    ? `; clusters of fewer than ${parameters.minimumSize} positions were dropped`
    : "";
  const found =
    `This gave ${counted(clusters.length, "cluster")} that cover${clusters.length === 1 ? "s" : ""} ` +
    `${formatPercent(coveredFraction)} of the probe positions`;
  if (parameters.method === "regions") {
    const stability = regions
      ? `, with a stability of ${
        formatNumber(regions.stability, 3)
      } against half of the electrons, half of the probe positions and another limit`
      : "";
    return [
      `Regions were merged as long as their mean patterns differed by no more than counting noise and slight bending explain${dropped}.`,
      `${found}${stability}.`,
    ];
  }
  const how = typeof parameters.threshold === "number" ? "" : ", a threshold chosen from the data";
  return [
    `Neighbours with a similarity of at least ${
      threshold === null ? "the threshold" : formatNumber(threshold, 6)
    }${how} joined the same cluster${dropped}.`,
    ...(parameters.borderWidth > 0
      ? [
        `Positions within ${parameters.borderWidth} of the border of the scan could begin a cluster but not join one.`,
      ]
      : []),
    `${found}.`,
  ];
}

const automatic = (chosen: boolean) => chosen ? " (chosen automatically)" : "";

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
}

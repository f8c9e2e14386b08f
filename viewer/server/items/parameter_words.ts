/** Parameters as words of the command line, for results that no command line gave. */

import type { ClusterParameters, RealSpaceMask, Threshold } from "../../../library/cluster/parameters.ts";
import type { DetectorMask } from "../../../library/passes/detector/detector_mask.ts";

/** All parameters by name; those that no flag sets by the preset that has them. */
export function wordsOfParameters(parameters: ClusterParameters): string[] {
  const { method, blur, metric, minimumSize, average, prefilter, badPixels, center } = parameters;
  const words = [
    ...parameters.borderWidth > 0 ? ["--preset", "py4dstem"] : [],
    ...["--method", method, "--blur", String(blur), "--metric", metric],
    ...["--q-mask", detectorMaskWord(parameters.detectorMask), "--mask", maskWord(parameters.mask)],
    ...["--threshold", thresholdWord(parameters.threshold), "--min-size", String(minimumSize)],
    ...[
      "--average",
      average,
      "--bad-pixels",
      badPixels.kind === "pixels" ? badPixels.source : badPixels.kind,
    ],
  ];
  if (center.kind === "auto") words.push("--q-center", "auto");
  if (center.kind === "at") words.push("--q-center", `${center.row},${center.column}`);
  if (prefilter) {
    words.push("--prefilter", "--prefilter-blur", String(prefilter.blur));
    words.push("--prefilter-radius", String(prefilter.radius), "--prefilter-footprint", prefilter.footprint);
    words.push("--prefilter-range", prefilter.range.join(","), "--prefilter-edge", String(prefilter.edge));
  }
  if (parameters.exact && !(parameters.borderWidth > 0)) words.push("--exact");
  return words;
}

/** A threshold as `--threshold` reads it. */
export function thresholdWord(threshold: Threshold): string {
  if (typeof threshold === "number") return String(threshold);
  return threshold.kind === "auto" ? "auto" : `q${threshold.quantile}`;
}

function detectorMaskWord(mask: DetectorMask): string {
  switch (mask.kind) {
    case "disk":
    case "outside":
      return `${mask.kind}:${mask.radius}`;
    case "annulus":
      return `annulus:${mask.inner},${mask.outer}`;
    case "pixels":
      return mask.source;
    default:
      return mask.kind;
  }
}

function maskWord(mask: RealSpaceMask): string {
  if (mask.kind === "number") return String(mask.above);
  return mask.kind === "pixels" ? mask.source : mask.kind;
}

/** Every step that is measured. */

import type { Step } from "../step.ts";
import { featureSteps } from "./features.ts";
import { prefilterSteps } from "./prefilter.ts";
import { sampledCorrelationSteps } from "./sampled_correlations.ts";
import { sampleSteps } from "./samples.ts";
import { similaritySteps } from "./similarity.ts";
import { sumSteps } from "./sums.ts";

/** The steps with their data, in the order of the pipeline: exact path, fast path, sums and checks. */
export function allSteps(): Step[] {
  return [
    similaritySteps,
    featureSteps,
    prefilterSteps,
    sampleSteps,
    sampledCorrelationSteps,
    sumSteps,
  ].flatMap((steps) => steps());
}

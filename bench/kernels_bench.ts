/** Every step of the pipeline on the threads, beside its plain TypeScript twin. */

import { featureSteps } from "./steps/features.ts";
import { prefilterSteps } from "./steps/prefilter.ts";
import { sampleSteps } from "./steps/samples.ts";
import { similaritySteps } from "./steps/similarity.ts";
import { sumSteps } from "./steps/sums.ts";
import { benchStep } from "./suite.ts";

for (
  const step of [
    ...similaritySteps(),
    ...featureSteps(),
    ...sampleSteps(),
    ...prefilterSteps(),
    ...sumSteps(),
  ]
) {
  await benchStep(step);
}

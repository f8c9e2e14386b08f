/** Every step that is measured. */

import type { Step } from "../step.ts";
import { featureSteps } from "./features.ts";
import { prefilterSteps } from "./prefilter.ts";
import { prefilterNodeSteps } from "./prefilter_nodes.ts";
import { sampleSteps } from "./samples.ts";
import { similaritySteps } from "./similarity.ts";
import { sumSteps } from "./sums.ts";
import { unpackSteps } from "./unpack.ts";

/** The steps with their data, in the order of the pipeline: reading, exact path, fast path, sums and checks. */
export async function allSteps(): Promise<Step[]> {
  return [
    ...await unpackSteps(),
    ...[
      similaritySteps,
      featureSteps,
      prefilterSteps,
      prefilterNodeSteps,
      sampleSteps,
      sumSteps,
    ].flatMap((steps) => steps()),
  ];
}

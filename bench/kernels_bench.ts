/** Every step of the pipeline on the threads, beside its plain TypeScript twin. */

import { allSteps } from "./steps/all.ts";
import { benchStep } from "./suite.ts";

for (const step of await allSteps()) await benchStep(step);

/** Progress of writing a scan that is simulated on the way. */

import type { RunOptions } from "../../library/engine/options.ts";

/** The options of a run whose progress is called simulation, which takes the time. */
export function simulationProgress(options: RunOptions): RunOptions {
  return {
    ...options,
    onProgress: ({ done, total }) => options.onProgress?.({ stage: "simulation", done, total }),
  };
}

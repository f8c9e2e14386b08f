/** Orientations and strain of a result, found in a thread of their own by the commands that a user would type. */

import { runTask } from "../../../library/engine/background_task.ts";
import type { Progress } from "../../../library/engine/options.ts";

/** What an analysis starts from: a command and its words. */
export interface AnalysisStart {
  readonly kind: "orient" | "strain";
  readonly words: readonly string[];
}

/** What it says on the way. */
export interface AnalysisNews {
  readonly progress: Progress;
}

/**
 * Runs an analysis to its end.
 *
 * @param module runs the commands in a thread; the command line hands it over, which the viewer knows nothing of
 * @throws as the command
 */
export async function analyseInThread(
  module: URL,
  start: AnalysisStart,
  signal: AbortSignal,
  takeProgress: (progress: Progress) => void,
): Promise<void> {
  await runTask<AnalysisStart, AnalysisNews, null>(
    module,
    start,
    signal,
    ({ progress }) => takeProgress(progress),
  );
}

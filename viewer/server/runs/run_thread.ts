/** Clusterings in a thread of their own: the server answers meanwhile, and can end one whatever it is busy with. */

import type { Clustering } from "../../../library/cluster/clustering.ts";
import type { MergeForest } from "../../../library/cluster/forest.ts";
import { runTask } from "../../../library/engine/background_task.ts";
import type { OpenScanOptions } from "../../../library/formats/open.ts";
import type { Progress } from "../../../library/engine/options.ts";
import type { PlannedRun } from "./cluster_planned.ts";
import type { Resources } from "./engines.ts";

/** How a scan is opened. */
export interface ScanOpening {
  readonly path: string;
  readonly options: OpenScanOptions;
  /** Real paths of the folders that its files must lie in. */
  readonly served?: readonly string[];
}

/** What a run starts from. */
export interface RunStart {
  readonly source: ScanOpening;
  readonly planned: PlannedRun;
  readonly resources: Resources;
}

/** What it says on the way. */
export type RunNews =
  | { readonly progress: Progress }
  | { readonly first: number; readonly count: number; readonly forward: Float32Array };

/** What it gives. */
export interface RunResult {
  readonly clustering: Clustering;
  /** The mask that was drawn, less what the words leave out. */
  readonly drawn?: Uint8Array<ArrayBuffer>;
  /** See `forestOfMask`. */
  readonly forest?: MergeForest;
  readonly automaticThreshold?: number;
}

/** Who hears of a run. */
export interface RunListener {
  takeProgress(progress: Progress): void;
  takeRows(first: number, count: number, forward: Float32Array): void;
}

/**
 * Clusters a scan.
 *
 * @throws as `clusterScan`
 */
export function clusterInThread(
  start: RunStart,
  signal: AbortSignal,
  listener?: RunListener,
): Promise<RunResult> {
  const module = new URL("./run_worker.ts", import.meta.url);
  return runTask<RunStart, RunNews, RunResult>(module, start, signal, (news) => {
    if ("progress" in news) listener?.takeProgress(news.progress);
    else listener?.takeRows(news.first, news.count, news.forward);
  });
}

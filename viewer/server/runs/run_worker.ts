/** The thread of a run: opens the scan for itself and clusters it. */

import { chooseThreshold } from "../../../library/cluster/automatic_threshold.ts";
import { offerTask } from "../../../library/engine/background_task.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { openScan } from "../../../library/formats/open.ts";
import { clusterPlanned } from "./cluster_planned.ts";
import { admitServed } from "../files/linked_files.ts";
import { Roots } from "../files/roots.ts";
import { forestOfMask } from "../items/forest_of_mask.ts";
import type { RunNews, RunResult, RunStart } from "./run_thread.ts";

offerTask<RunStart, RunNews, RunResult>(async ({ source, planned, resources }, { signal, tell }) => {
  const { path, options, served } = source;
  const scan = await openScan(path, options, served && admitServed(new Roots(served), path));
  try {
    return await withEngine(resources, async (engine) => {
      const { clustering, drawn } = await clusterPlanned(scan, planned, {
        engine,
        signal,
        onProgress: (progress) => tell({ progress }),
        onSimilarity: (first, count, forward) => tell({ first, count, forward: forward.slice() }),
      });
      const forest = forestOfMask(clustering);
      const automaticThreshold = forest && clustering.settled.threshold === null
        ? chooseThreshold(forest, clustering.mask).threshold
        : undefined;
      return { clustering, drawn, forest, automaticThreshold };
    });
  } finally {
    scan.close();
  }
});

/** The whole clustering behind a view, as it is written to files. */

import { applyEditsToClustering } from "../../../library/cluster/editing/edits.ts";
import { summariseClusters } from "../../../library/cluster/summary.ts";
import type { LabelView } from "../../protocol/label_views.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import type { EditLog } from "../../../library/cluster/editing/log.ts";
import { drawnMaskName } from "../../labels/drawn_mask.ts";
import type { Engines } from "../runs/engines.ts";
import type { Item } from "../items/item.ts";
import { clusterInThread } from "../runs/run_thread.ts";
import { growthOf, viewLabels } from "./label_view.ts";
import type { ViewPlan } from "./view_plan.ts";
import type { Roots } from "../files/roots.ts";
import { parametersOf } from "../items/words.ts";

/**
 * The clustering with the labels of a view, without anything computed again: for pictures, tables and averages. What
 * speaks for the run's own choice of a threshold is left out where another one is looked at.
 */
export function viewedClustering(item: Item, view: LabelView, plan: ViewPlan): Clustering {
  const { clustering } = item.demandFound();
  if (plan.asFound) return withEdits(clustering, plan.edits);
  const { labels, baseLabels, clusters, mask, threshold, minimumSize } = viewLabels(item, view);
  const { parameters, settled } = clustering;
  const { regions: _, evidence, ...rest } = clustering;
  return {
    ...rest,
    labels,
    clusters,
    mask,
    forest: undefined,
    background: plan.mask ? undefined : clustering.background,
    maskThreshold: plan.mask ? undefined : clustering.maskThreshold,
    evidence: plan.mask ? undefined : evidence,
    edits: plan.edits && { log: plan.edits, baseLabels },
    parameters: {
      ...parameters,
      method: "growth",
      threshold: threshold ?? parameters.threshold,
      minimumSize,
      mask: plan.mask ? { kind: "pixels", keep: plan.mask, source: drawnMaskName } : parameters.mask,
    },
    settled: { ...settled, threshold },
  };
}

/** The clustering with these edits in place of those that it has. */
function withEdits(clustering: Clustering, edits: EditLog | undefined): Clustering {
  if (edits) return applyEditsToClustering(clustering, edits);
  if (!clustering.edits) return clustering;
  const { edits: { baseLabels }, meanSimilarity, shape: { columns } } = clustering;
  const growth = growthOf(baseLabels, meanSimilarity);
  const clusters = summariseClusters(growth, columns, meanSimilarity);
  return { ...clustering, labels: baseLabels, clusters, edits: undefined };
}

/**
 * The clustering of a view for a whole result: what the command gives, on its own way. Only labels that the method gave
 * are taken as they are. A cut at another threshold is computed anew, because the command looks closely at what is
 * near its own threshold (compare.ts), so that similarities and labels of the result are its own to the last bit.
 */
export async function commandClustering(
  roots: Roots,
  item: Item,
  view: LabelView,
  plan: ViewPlan,
  engines: Engines,
  maskFile: string | undefined,
  signal: AbortSignal,
): Promise<Clustering> {
  if (plan.asFound) return viewedClustering(item, view, plan);
  const words = await parametersOf(roots, item.shape, plan.input, plan.method);
  const keep = plan.mask;
  const mask = keep ? { kind: "pixels", keep, source: maskFile ?? drawnMaskName } as const : words.mask;
  const source = item.demandOpening(), planned = { parameters: { ...words, mask } };
  const { clustering } = await engines.run(
    (resources) => clusterInThread({ source, planned, resources }, signal),
    signal,
  );
  return plan.edits ? applyEditsToClustering(clustering, plan.edits) : clustering;
}

/** Fails where a picture is asked for with colours of other clusters. */
export function checkColours(colours: readonly number[] | undefined, clusters: number): void {
  if (colours === undefined || colours.length === clusters) return;
  throw new BadParameter("the colours are not those of the clusters", {
    expected: `${clusters} colours`,
    found: `${colours.length}`,
    remedy: "save again once the map is drawn",
  });
}

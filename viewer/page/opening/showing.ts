/** What of an item is shown first, and which of its labels. */

import { batch } from "@preact/signals";
import type { OpenedItem } from "../../protocol/items.ts";
import type { LabelView } from "../../protocol/label_views.ts";
import { startHistory } from "../editing/history.ts";
import { forgetMap } from "../labels.ts";
import {
  detector,
  detectorKind,
  item,
  labelled,
  minimumSize,
  probe,
  probePattern,
  problem,
  runMask,
  source,
  tab,
  threshold,
  tool,
  upperPattern,
  virtualImage,
} from "../state.ts";
import { withAPixel } from "../looking/least_detector.ts";
import { clearSelection, select } from "../looking/selection.ts";
import { lookAt } from "../views/real_views.ts";
import { showAbove } from "../sources/pattern_sources.ts";
import { clustersView } from "../views/clusters.ts";
import { virtualView } from "../views/virtual_image.ts";
import { clusterAverage } from "../sources/cluster_average.ts";
import { scanMean } from "../sources/whole_scan.ts";

/** Begins with an item: nothing of the one before is left. */
export function showItem(opened: OpenedItem): void {
  const { shape, clustering } = opened;
  const smaller = Math.min(shape.patternRows, shape.patternColumns);
  batch(() => {
    forgetMap();
    item.value = opened;
    problem.value = null;
    clearSelection();
    upperPattern.value = probePattern.value = virtualImage.value = null;
    detectorKind.value = "none";
    tool.value = "select";
    detector.value = withAPixel({
      row: (shape.patternRows - 1) / 2,
      column: (shape.patternColumns - 1) / 2,
      inner: smaller / 10,
      outer: 0.45 * smaller,
    }, shape);
    probe.value = { row: Math.floor(shape.rows / 2), column: Math.floor(shape.columns / 2) };
    tab.value = clustering ? "clusters" : "parameters";
    lookAt(clustering ? clustersView : virtualView);
    showAbove(clustering ? clusterAverage : scanMean);
    runMask.value = null;
    showLabelsOf(opened);
  });
}

/** The labels that the method gave, with the corrections that the result has. */
export function showLabelsOf({ clustering }: OpenedItem): void {
  batch(() => {
    source.value = "method";
    startHistory(clustering?.edits);
    if (!clustering) return;
    minimumSize.value = clustering.minimumSize;
    threshold.value = clustering.threshold ?? clustering.automaticThreshold ?? threshold.value;
  });
}

/** The labels of a session. */
export function showView(view: LabelView): void {
  batch(() => {
    startHistory(view.edits, view.mask);
    source.value = view.source;
    threshold.value = view.threshold ?? threshold.value;
    minimumSize.value = view.minimumSize ?? minimumSize.value;
  });
}

/** Selects the largest cluster and puts the probe into it: something to look at. */
export function showLargest(): void {
  const shown = labelled.peek();
  if (!shown || shown.clusters.length === 0) return;
  const largest = shown.clusters.reduce((best, cluster) => cluster.size > best.size ? cluster : best);
  probe.value = largest.seed;
  select(shown.names[largest.id]);
}

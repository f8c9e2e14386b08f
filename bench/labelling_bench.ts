/** What the viewer computes while a threshold is dragged, and when a map is opened, at 512 x 512 probes. */

import { buildForest } from "../library/cluster/forest.ts";
import { allDirections, meanSimilarity } from "../library/scan/neighbours.ts";
import { addEdit, emptyEditLog } from "../library/cluster/editing/log.ts";
import { GrowingLabelling } from "../viewer/labels/growing_labelling.ts";
import type { LabelledScan } from "../viewer/labels/label_view.ts";
import { Labelling } from "../viewer/labels/labelling.ts";
import { MergeOrder } from "../viewer/labels/merge_order.ts";
import { outlines } from "../viewer/drawing/outlines.ts";
import { dealPathColours } from "../viewer/labels/colours/path_colours.ts";
import { colourThresholds, thresholdAxis } from "../viewer/labels/threshold_curves.ts";
import { grainSimilarity } from "./grain_similarity.ts";

const rows = 512, columns = 512, minimumSize = 12;
/** Similarities within the grains come near those across their boundaries. */
const forward = grainSimilarity(rows, columns, { within: 0.8, across: 0.4, spread: 0.2 });
const similarity = allDirections(forward, rows, columns);
const mean = meanSimilarity(similarity, null);
const mask = new Uint8Array(rows * columns).fill(1);
const forest = buildForest({ rows, columns, similarity, mask });
const scan: LabelledScan = {
  ...{ rows, columns, forest, mask, meanSimilarity: mean, threshold: 0.95, minimumSize },
  labels: new Int32Array(rows * columns).fill(-1),
  clusters: [],
};
const labelling = new Labelling(scan);
labelling.setForward(forward);
/** The lowest threshold of the axis that leaves about a thousand clusters. */
const curves = labelling.curves({ source: "threshold", minimumSize });
const first = curves.clusters.findIndex((count) => count >= 1000);
const threshold = curves.thresholds[first];
const view = { source: "threshold", threshold, minimumSize } as const;
const shown = labelling.view(view);
const suffix = `${rows} x ${columns} probes`;
const some = `${shown.sizes.length} clusters, ${suffix}`;

Deno.bench(`order of the dendrogram, ${suffix}`, { n: 10 }, () => {
  new MergeOrder(forest, mask, mean);
});
const order = new MergeOrder(forest, mask, mean), thresholds = colourThresholds(thresholdAxis(order));
Deno.bench(`colours of all paths at ${thresholds.length} thresholds, ${suffix}`, { n: 5 }, () => {
  dealPathColours(order, thresholds);
});
let step = 0;
const near = (share: number) =>
  curves.thresholds[first] + share * (curves.thresholds[first + 4] - curves.thresholds[first]);
Deno.bench(`frame of a drag, from ${some}`, { n: 200 }, () => {
  labelling.view({ ...view, threshold: near((step = (step + 7) % 100) / 100) }, "drag");
});
Deno.bench(`everything once the drag ends, ${some}`, { n: 30 }, () => {
  labelling.view({ ...view, threshold: near((step = (step + 7) % 100) / 100) });
});
const positions = shown.clusters.map(({ seed }): [number, number] => [seed.row, seed.column]);
let edits = emptyEditLog;
for (let pair = 0; pair < 10; pair++) {
  edits = addEdit(edits, { kind: "merge", clusters: positions.slice(2 * pair, 2 * pair + 2) });
}
Deno.bench(`frame of a drag with ten merges, ${some}`, { n: 60 }, () => {
  labelling.view({ ...view, edits, threshold: near((step = (step + 7) % 100) / 100) }, "drag");
});
Deno.bench(`curves over 151 thresholds, ${suffix}`, { n: 30 }, () => {
  labelling.curves(view);
});
Deno.bench(`outlines of ${some}`, { n: 30 }, () => {
  outlines(shown.labels, columns);
});
Deno.bench(`outline of one of ${some}`, { n: 100 }, () => {
  outlines(shown.labels, columns, [0]);
});
Deno.bench(`a running clustering, 4 rows more of ${suffix}`, { n: 30 }, (bench) => {
  const growing = new GrowingLabelling({ rows, columns });
  growing.addRows(0, 508, forward.subarray(0, 4 * 508 * columns));
  growing.view({ threshold, minimumSize });
  bench.start();
  growing.addRows(508, 4, forward.subarray(4 * 508 * columns));
  growing.view({ threshold, minimumSize });
  bench.end();
});

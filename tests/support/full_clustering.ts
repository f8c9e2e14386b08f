/** A hand-made clustering that has everything that a clustering can have, and is edited by hand. */

import { chooseThreshold } from "../../library/cluster/automatic_threshold.ts";
import type { Clustering } from "../../library/cluster/clustering.ts";
import { applyEditsToClustering } from "../../library/cluster/editing/edits.ts";
import { addEdit, emptyEditLog } from "../../library/cluster/editing/log.ts";
import { mixturesOfMaps } from "../../library/cluster/mixtures.ts";
import { drawClustering } from "./clustering.ts";

/** The clustering, in 4 x 7 probes; values are no round numbers, so that not a bit of them can be lost unseen. */
export function fullClustering(): Clustering {
  const drawn = drawClustering(["0011222", "0.11222", "##11.22", "0033333"]);
  const { labels, shape: { rows, columns }, mask } = drawn;
  const map = (value: (probe: number) => number) => Float32Array.from(labels, (_, probe) => value(probe));
  const clusters = new Int32Array(2 * labels.length), fractions = new Float32Array(2 * labels.length);
  labels.forEach((label, probe) => {
    const second = probe % 3 === 1 && label >= 0 ? (label + 1) % 4 : -1;
    clusters.set([label, second], 2 * probe);
    fractions.set(
      [label < 0 ? 0 : 1 - (second < 0 ? 0 : 0.1 + probe / 77), second < 0 ? 0 : probe / 99],
      2 * probe,
    );
  });
  const found: Clustering = {
    ...drawn,
    maskThreshold: 0.3,
    darkField: map((probe) => probe / 7 + 0.1),
    evidence: chooseThreshold(drawn.forest!, mask).evidence,
    background: { present: true, doubtful: false, valley: 0.125, ratio: 0.0625 },
    regions: {
      stability: 0.875,
      margin: map((probe) => 100 / (probe + 3)),
      mixtures: mixturesOfMaps({ clusters, fractions }, labels, rows, columns),
      borderlinePairs: [{ first: 0, second: 1, similarity: 0.75, borderLength: 4 }],
      bendingPairs: [{ first: 2, second: 3, similarity: 0.5, localSimilarity: 0.75 }],
    },
  };
  const merge = addEdit(emptyEditLog, { kind: "merge", clusters: [[0, 0], [0, 2]] });
  return applyEditsToClustering(found, addEdit(merge, { kind: "exclude", cluster: [3, 6] }));
}

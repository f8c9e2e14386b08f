/** Names and colours of the clusters that the method gave. The server works them out once for all pages that open them. Pure. */

import { nameClusters } from "../../library/cluster/cluster_names.ts";
import type { MergeForest } from "../../library/cluster/forest.ts";
import type { Growth } from "../../library/cluster/growth.ts";
import { assignColours } from "../../library/report/colours.ts";

/** How clusters look, one after the other. */
export interface MethodLook {
  /** A probe (flat index) that names each cluster, see `LabelledMap.names`. */
  readonly names: Uint32Array<ArrayBuffer>;
  /** Palette index of each cluster (library/report/palette.ts). */
  readonly colours: Uint8Array<ArrayBuffer>;
}

/** @param forest absent where there is no other threshold: the seeds are names then */
export function methodLook(
  { rows, columns }: { readonly rows: number; readonly columns: number },
  { labels, seeds, sizes }: Growth,
  forest: MergeForest | undefined,
): MethodLook {
  return {
    names: Uint32Array.from(forest ? nameClusters(forest, { labels, sizes }) : seeds),
    colours: Uint8Array.from(assignColours(labels, { rows, columns }, Array.from(sizes))),
  };
}

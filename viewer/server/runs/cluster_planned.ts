/** A run that was understood, and how it is done. */

import type { Clustering } from "../../../library/cluster/clustering.ts";
import type { ClusterParameters } from "../../../library/cluster/parameters.ts";
import type { RealSpaceMask } from "../../../library/cluster/real_space_mask_kind.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { drawnMaskName, intersectMasks } from "../../labels/drawn_mask.ts";

/** A run, understood. */
export interface PlannedRun {
  readonly parameters: ClusterParameters;
  readonly drawn?: Uint8Array<ArrayBuffer>;
}

/**
 * Clusters as planned. A drawn mask counts together with that of the words: probes in both. Where the latter follows
 * from the similarities, a first run tells it, and a second one starts from the mask that both give: labels are then
 * those of `cluster --mask FILE` with that mask in a file, byte for byte, on whatever path and by whatever method.
 */
export async function clusterPlanned(
  scan: Scan,
  { parameters, drawn }: PlannedRun,
  options: RunOptions,
): Promise<{ clustering: Clustering; drawn?: Uint8Array<ArrayBuffer> }> {
  if (!drawn) return { clustering: await clusterScan(scan, parameters, options) };
  const keep = await combined(scan, parameters, drawn, options);
  const mask: RealSpaceMask = { kind: "pixels", keep, source: drawnMaskName };
  return { clustering: await clusterScan(scan, { ...parameters, mask }, options), drawn: keep };
}

async function combined(
  scan: Scan,
  parameters: ClusterParameters,
  drawn: Uint8Array<ArrayBuffer>,
  options: RunOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { mask } = parameters;
  if (mask.kind === "none") return drawn;
  if (mask.kind === "pixels") return intersectMasks(mask.keep, drawn);
  const first = await clusterScan(scan, parameters, { ...options, onSimilarity: undefined });
  return intersectMasks(first.mask, drawn);
}

/** The clustering of an item with the words of the page. */

import {
  BadParameter,
  type Clustering,
  type ClusterParameters,
  clusterScan,
  type RealSpaceMask,
  type RunOptions,
  type Scan,
} from "../mod.ts";
import type { RunRequest } from "../display/protocol.ts";
import { dirname } from "node:path";
import { probeCount } from "../scan/shape.ts";
import { checkParameters } from "../cluster/parameters.ts";
import { decodeMask, intersection } from "./drawn_mask.ts";
import type { Item, Origin } from "./item.ts";
import type { Roots } from "./roots.ts";
import { parametersOf, resolveFiles } from "./words.ts";

/** Name of a drawn mask where a file's would stand. */
export const drawnMaskName = "drawn mask";

/** A run, understood. */
export interface PlannedRun {
  readonly parameters: ClusterParameters;
  readonly words: readonly string[];
  readonly drawn?: Uint8Array<ArrayBuffer>;
}

/**
 * Understands a request before anything is started.
 *
 * @throws {BadParameter} when words or mask are not understood or do not fit the scan
 * @throws {ServingError} when the words name a file that is not served
 */
export async function planRun(roots: Roots, item: Item, request: RunRequest): Promise<PlannedRun> {
  const words = resolveFiles(request.words, dirname(item.content.path));
  const parameters = await parametersOf(roots, item.shape, item.content.input, words);
  checkParameters(parameters);
  const drawn = request.mask && decodeMask(request.mask, probeCount(item.shape));
  if (drawn && !drawn.includes(1)) {
    throw new BadParameter("the drawn mask is empty", {
      expected: "a mask of at least one probe",
      found: "no probe",
      remedy: "draw a mask, or leave it out",
    });
  }
  return { parameters, words, drawn };
}

/**
 * Clusters as planned. A drawn mask counts together with that of the words: probes in both. Where the latter follows
 * from the similarities, a first run tells it, and a second one starts from the mask that both give: labels are then
 * those of `cluster --mask FILE` with that mask in a file, byte for byte, on whatever path and by whatever method.
 */
export async function clusterItem(
  scan: Scan,
  { parameters, words, drawn }: PlannedRun,
  options: RunOptions,
): Promise<{ clustering: Clustering; origin: Origin }> {
  const started = new Date();
  if (!drawn) {
    return { clustering: await clusterScan(scan, parameters, options), origin: { words, started } };
  }
  const keep = await combined(scan, parameters, drawn, options);
  const mask: RealSpaceMask = { kind: "pixels", keep, source: drawnMaskName };
  const clustering = await clusterScan(scan, { ...parameters, mask }, options);
  return { clustering, origin: { words, drawn: keep, started } };
}

async function combined(
  scan: Scan,
  parameters: ClusterParameters,
  drawn: Uint8Array<ArrayBuffer>,
  options: RunOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { mask } = parameters;
  if (mask.kind === "none") return drawn;
  if (mask.kind === "pixels") return intersection(mask.keep, drawn);
  const first = await clusterScan(scan, parameters, { ...options, onSimilarity: undefined });
  return intersection(first.mask, drawn);
}

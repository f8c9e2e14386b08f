/** Orientations of single probes in a result: matched by themselves, or those of their clusters turned as their strain says. */

import { join } from "node:path";
import type { ClusterOrientation } from "../mapping/strain_spots.ts";
import { type ProbeOrientations, probeOrientations } from "../mapping/probe_orientations.ts";
import { BadParameter, CorruptFile } from "../scan/errors.ts";
import type { StoredResult } from "./read.ts";
import { probeOrientationFiles } from "./probe_orientation_files.ts";
import { readStoredArray } from "./stored_array.ts";

/** Where orientations of probes come from: matched one by one, from the strain, or those of the clusters as they are. */
export type OrientationSource = "probes" | "strain" | "clusters";

/** Names of the files that each needs. */
const needed: Readonly<Record<OrientationSource, readonly string[]>> = {
  probes: [probeOrientationFiles.matrices, probeOrientationFiles.phases],
  strain: ["strain.npy"],
  clusters: [],
};

/** The source that says most of all that a result has. */
export function bestSource({ run }: StoredResult): OrientationSource {
  const names = new Set(run.files.map(({ name }) => name));
  return (["probes", "strain"] as const).find((source) => needed[source].every((name) => names.has(name))) ??
    "clusters";
}

/**
 * Reads the orientation of every probe.
 *
 * @param orientations of the clusters
 * @param phases number of phases
 * @throws {BadParameter} when the result has none from that source
 * @throws {CorruptFile} when the files do not belong to the result
 */
export function readProbeOrientations(
  { directory, run, shape, labels }: StoredResult,
  source: OrientationSource,
  orientations: readonly (ClusterOrientation | undefined)[],
  phases: number,
): ProbeOrientations {
  const missing = needed[source].find((name) => !run.files.some((file) => file.name === name));
  if (missing !== undefined) {
    throw new BadParameter(`${directory} has no ${missing}`, {
      file: join(directory, missing),
      parameter: "source",
      remedy: source === "strain"
        ? "measure strain first, with crystallite strain, or take another source"
        : "match every probe by itself first, with crystallite orient, or take another source",
    });
  }
  const sizes = [shape.rows, shape.columns];
  if (source === "clusters") return probeOrientations(labels, orientations);
  if (source === "strain") {
    const strain = readStoredArray(join(directory, "strain.npy"), "f32", [...sizes, 4]);
    const rotation = Float32Array.from(labels, (_, probe) => strain[4 * probe + 3]);
    return probeOrientations(labels, orientations, rotation);
  }
  const [matrixFile, phaseFile] = needed.probes.map((name) => join(directory, name));
  const matrices = Float64Array.from(readStoredArray(matrixFile, "f32", [...sizes, 3, 3]));
  const stored = Int32Array.from(readStoredArray(phaseFile, "i32", sizes));
  stored.forEach((phase, probe) => {
    const known = matrices.subarray(9 * probe, 9 * probe + 9).every(Number.isFinite);
    if (phase < phases && (phase < 0 || known)) return;
    throw new CorruptFile(`${phaseFile} does not fit the orientations of the result`, {
      file: phaseFile,
      expected: `phases from -1 to ${phases - 1}, with an orientation each`,
      found: `phase ${phase}${known ? "" : " without an orientation"} at probe ${probe}`,
      remedy: "match every probe again, with crystallite orient",
    });
  });
  return { matrices, phases: stored.map((phase) => Math.max(-1, phase)) };
}

/** Agreement of every probe's own pattern with its orientation, 0 to 1; `undefined` where a result does not have it. */
export function readProbeScores(
  { directory, run, shape }: StoredResult,
  source: OrientationSource,
): Float32Array | undefined {
  const name = "probe_scores.npy";
  if (source !== "probes" || !run.files.some((file) => file.name === name)) return undefined;
  return Float32Array.from(readStoredArray(join(directory, name), "f32", [shape.rows, shape.columns]));
}

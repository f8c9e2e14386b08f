/** HyperSpy's `.zspy`: the tree of `.hspy`, in Zarr. */

import type { Calibration } from "../../scan/calibration.ts";
import type { ScanSource } from "../../scan/scan.ts";
import type { AxisStep } from "../axis_steps.ts";
import {
  type HyperspyTree,
  instrumentGroups,
  signalCalibration,
  signalNotes,
  signalSteps,
} from "../hyperspy_signal.ts";
import type { ZarrFiles } from "./files.ts";
import type { Json } from "../json_object.ts";
import { readNode, type ZarrNode } from "./tree.ts";

/** Whether a store is HyperSpy's, by the attributes of its root. */
export function isHyperspy({ attributes }: ZarrNode): boolean {
  return /^(zspy|hyperspy)$/i.test(String(attributes.file_format));
}

/** What a signal says. */
export interface HyperspyFacts {
  /** Of the last four axes, as they stand in the array. */
  readonly steps: readonly AxisStep[];
  /** Lengths, angles and the beam, by the steps along rows, columns, qy and qx; units that are not understood give warnings. */
  readonly calibrationOf: (steps: readonly AxisStep[], warnings: string[]) => Calibration;
  readonly notes: ScanSource["notes"];
}

/**
 * Lengths, angles, the beam and the times of the signal whose array lies at `path`.
 *
 * @param axes those of the array that are read, by number
 * @throws {UnsupportedFormat} when the signal is no stack of patterns
 */
export async function hyperspyFacts(
  files: ZarrFiles,
  path: string,
  axes: readonly number[],
): Promise<HyperspyFacts> {
  const experiment = path.slice(0, path.lastIndexOf("/"));
  const groups = [...axes.map((axis) => `${experiment}/axis-${axis}`), ...instrumentGroups(experiment)];
  const attributes = new Map<string, Json>();
  for (const group of groups) attributes.set(group, (await readNode(files, group))?.attributes ?? {});
  const tree: HyperspyTree = {
    path: files.path,
    number(group, name) {
      const value = attributes.get(group)?.[name];
      return typeof value === "number" || typeof value === "boolean" ? Number(value) : undefined;
    },
    text(group, name) {
      const value = attributes.get(group)?.[name];
      return typeof value === "string" ? value : undefined;
    },
  };
  const steps = signalSteps(tree, experiment, axes);
  return {
    steps,
    calibrationOf: (steps, warnings) => signalCalibration(tree, experiment, steps, warnings),
    notes: signalNotes(tree, experiment),
  };
}

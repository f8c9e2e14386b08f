/** HyperSpy's `.zspy`: the tree of `.hspy`, in Zarr. */

import type { Calibration } from "../../scan/calibration.ts";
import type { ScanSource } from "../../scan/scan.ts";
import type { OpenOptions } from "../format.ts";
import { type HyperspyTree, instrumentGroups, signalCalibration, signalNotes } from "../hyperspy_signal.ts";
import type { ZarrFiles } from "./files.ts";
import type { Json } from "../json_object.ts";
import { readNode, type ZarrNode } from "./tree.ts";

/** Whether a store is HyperSpy's, by the attributes of its root. */
export function isHyperspy({ attributes }: ZarrNode): boolean {
  return /^(zspy|hyperspy)$/i.test(String(attributes.file_format));
}

/**
 * Lengths, angles, the beam and the times of the signal whose array lies at `path`.
 *
 * @param axes those of the array that are read, by number
 * @param warnings gets a sentence where a unit was not understood
 * @throws {UnsupportedFormat} when the signal is no stack of patterns, or its axes stand the other way round
 */
export async function hyperspyFacts(
  files: ZarrFiles,
  path: string,
  axes: readonly number[],
  options: OpenOptions,
  warnings: string[],
): Promise<{ readonly calibration: Calibration; readonly notes: ScanSource["notes"] }> {
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
  return {
    calibration: signalCalibration(tree, experiment, axes, options, warnings),
    notes: signalNotes(tree, experiment),
  };
}

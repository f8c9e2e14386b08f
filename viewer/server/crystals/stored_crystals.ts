/** Crystals of a result with what the page asks of them, read from its files once. */

import { join } from "node:path";
import type { Crystal } from "../../../library/crystal/crystal.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { DirectionColours } from "../../../library/mapping/orientation_colours.ts";
import type { ClusterOrientation } from "../../../library/mapping/strain_spots.ts";
import { orientationFiles } from "../../../library/results/orientation_files.ts";
import { pageCrystalsName, readPageCrystals } from "../../../library/results/page_crystals.ts";
import { parseOrientationTable } from "../../../library/results/orientation_table.ts";
import type { StoredResult } from "../../../library/results/read.ts";
import {
  type OrientationRecord,
  readCrystals,
  readOrientations,
} from "../../../library/results/read_orientations.ts";
import { FileUnavailable } from "../../../library/scan/errors.ts";
import { readText } from "../../../library/scan/text_file.ts";
import type { ClusterCrystal } from "../../protocol/crystals.ts";
import type { Roots } from "../files/roots.ts";
import type { Item } from "../items/item.ts";

/** What the files of a result say. */
export interface StoredCrystals {
  readonly record: OrientationRecord;
  readonly crystals: readonly Crystal[];
  /** The colours of each crystal's directions. */
  readonly colours: readonly DirectionColours[];
  /** By cluster. */
  readonly orientations: readonly (ClusterOrientation | undefined)[];
  readonly clusters: readonly (ClusterCrystal | null)[];
}

/**
 * The result that an item is.
 *
 * @throws {FileUnavailable} when it is a scan, or was clustered anew since
 */
export function demandStored(item: Item): StoredResult {
  const { stored } = item.demandFound().origin;
  if (stored) return stored;
  throw new FileUnavailable("orientations belong to a result, and these clusters are not saved as one", {
    file: item.content.path,
    expected: "a result",
    remedy: "find orientations under Crystals: the clusters are saved as a result first",
  });
}

/**
 * Refuses files of a result that lead out of what is served, or are not there.
 *
 * @throws {ServingError} where one leads out
 * @throws {FileUnavailable} where one is missing
 */
export async function admitFiles(
  roots: Roots,
  { directory }: StoredResult,
  names: readonly string[],
): Promise<void> {
  for (const name of names) await roots.real(join(directory, name));
}

const known = new WeakMap<StoredResult, Promise<StoredCrystals>>();

/**
 * The crystals of an item's result.
 *
 * @throws as {@link demandStored}, {@link admitFiles}, `readOrientations` and `readCrystals`
 */
export function storedCrystals(roots: Roots, item: Item): Promise<StoredCrystals> {
  const stored = demandStored(item);
  let reading = known.get(stored);
  if (!reading) {
    reading = readFiles(roots, stored);
    known.set(stored, reading);
    // A file may come back.
    reading.catch(() => known.delete(stored));
  }
  return reading;
}

async function readFiles(roots: Roots, stored: StoredResult): Promise<StoredCrystals> {
  const { table, matrices, crystal } = orientationFiles;
  await admitFiles(roots, stored, [table, matrices]);
  const { record, orientations } = readOrientations(stored);
  const kept = stored.run.page
    ? [pageCrystalsName]
    : record.crystals.flatMap(({ builtIn }, phase) => builtIn ? [] : [crystal(phase)]);
  await admitFiles(roots, stored, kept);
  const crystals = stored.run.page
    ? await readPageCrystals(stored.directory)
    : await readCrystals(stored, record);
  const file = join(stored.directory, table);
  const lines = parseOrientationTable(await readText(file), file, orientations.length);
  return {
    ...{ record, crystals, orientations },
    colours: crystals.map((crystal) => new DirectionColours(laueGroup(crystal))),
    clusters: orientations.map((found, cluster) => {
      const line = lines[cluster];
      return found && line ? { ...line, phase: found.phase } : null;
    }),
  };
}

/** `clusters.h5` of a result to which something was added: what was in it, and the arrays that lie beside it now. */

import { join } from "node:path";
import { closeHdf5File, closeLeftOpen, loadHdf5 } from "../formats/hdf5/library.ts";
import { copyTree, reading } from "./copy_tree.ts";
import { type Axis, type Group, writeArray, writeHdf5File } from "./emd.ts";
import { calibrated, rootName } from "./hdf5.ts";
import { measuredArrays, measuredShape } from "./measured_arrays.ts";
import { fileOf } from "./product.ts";
import type { StoredResult } from "./read.ts";
import { restoreScan } from "./restore.ts";
import { clustersFileName } from "./result_files.ts";
import type { StoredFile } from "./run_record.ts";
import { readStoredArray } from "./stored_array.ts";

/**
 * Writes the file anew: every node of the old one but for those of measured arrays, and these as they are in a folder.
 *
 * @param folder holds the `.npy` files of measured arrays; the new file goes there
 * @param names of the files in it
 * @returns name and size of the file
 * @throws {CorruptFile} when the old file or an array is damaged
 * @throws {FileUnavailable | OutOfResources} when a file cannot be read or written
 */
export async function writeClustersFileAgain(
  stored: StoredResult,
  folder: string,
  names: ReadonlySet<string>,
): Promise<StoredFile> {
  const old = join(stored.directory, clustersFileName), path = join(folder, clustersFileName);
  const hdf5 = await loadHdf5(), facts = restoreScan(stored);
  const sizes = { shape: stored.shape, clusters: stored.run.clusters };
  const known = new Set(measuredArrays.map(({ name }) => `/${rootName}/${name}`));
  const arrays = measuredArrays.filter((array) => names.has(fileOf(array))).map((array) => {
    const shape = measuredShape(array, sizes);
    return { ...array, shape, values: readStoredArray(join(folder, fileOf(array)), array.type, shape) };
  });
  const source = reading(old, () => {
    try {
      return new hdf5.File(old, "r");
    } catch (cause) {
      closeLeftOpen(hdf5.module, old);
      throw cause;
    }
  });
  try {
    await writeHdf5File(path, (file) => {
      copyTree(hdf5, old, source, file, (place) => known.has(place));
      const root = file.get(rootName) as Group;
      for (const { name, unit, axes, shape, values } of arrays) {
        const calibratedAxes = axes.map((axis): Axis =>
          typeof axis === "string" ? calibrated(axis, facts) : { name: axis[1], step: 1, unit: "" }
        );
        writeArray(root, name, unit, shape, calibratedAxes, values);
      }
    });
  } finally {
    closeHdf5File(hdf5.module, source, old);
  }
  return { name: clustersFileName, bytes: Deno.statSync(path).size };
}

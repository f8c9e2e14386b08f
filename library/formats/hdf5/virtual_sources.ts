/** Virtual data sets: views on data sets in other files, which HDF5 fills with zeros where they are missing. */

import { FileUnavailable } from "../../scan/errors.ts";
import { type Hdf5Dataset, Hdf5File } from "./file.ts";
import { isFile, linkedPath } from "./linked_files.ts";

/**
 * Checks that the sources of a virtual data set exist, because reading would not.
 *
 * @returns plain sentences about sources that could not be checked
 * @throws {FileUnavailable} when a source is missing
 */
export async function requireSources(file: Hdf5File, path: string, dataset: Hdf5Dataset): Promise<string[]> {
  const sources = file.guard(path, () => dataset.metadata.virtual_sources ?? []);
  const warnings = new Set<string>();
  for (const { file_name: name, dset_name: source } of sources) {
    // A pattern such as data_%b.h5 stands for any number of files.
    if (/%\d*b/.test(name + source)) {
      warnings.add(
        `${path} takes its data from "${name}"; where such a file is missing, patterns read as fill values`,
      );
    } else if (!(await sourceExists(file, name, source))) {
      throw new FileUnavailable(
        `${path} in ${file.path} takes data from ${source} in ${name}, which is missing`,
        {
          file: file.path,
          dataset: path,
          expected: `${source} in ${name}`,
          found: "no such file or data set",
          remedy: `put ${name} beside the file`,
        },
      );
    }
  }
  return [...warnings];
}

async function sourceExists(file: Hdf5File, name: string, source: string): Promise<boolean> {
  if (name === ".") return file.dataset(source) !== undefined;
  // HDF5 looks beside the file, then in the working folder.
  const place = [linkedPath(file.path, name), name].find(isFile);
  if (place === undefined) return false;
  const other = await Hdf5File.open(place);
  try {
    return other.dataset(source) !== undefined;
  } finally {
    other.close();
  }
}

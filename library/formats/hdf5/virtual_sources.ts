/** Virtual data sets: views on data sets in other files, which HDF5 fills with zeros where they are missing. */

import { FileUnavailable } from "../../scan/errors.ts";
import { openBlocks } from "./blocks.ts";
import { type Hdf5Dataset, Hdf5File } from "./file.ts";
import { isPattern } from "./view_shape.ts";

/** Views of views of views; hostile files have cycles. */
const deepest = 8;

/**
 * Checks that the sources of a virtual data set exist and may be read, because reading would not.
 *
 * @returns plain sentences about sources that could not be checked
 * @throws {FileUnavailable} when a source is missing, or must not be opened
 */
export function requireSources(file: Hdf5File, path: string, dataset: Hdf5Dataset, depth = 0): string[] {
  const sources = file.guard(path, () => dataset.metadata.virtual_sources ?? []);
  if (sources.length > 0 && depth === deepest) throw missing(file, path, "another view", file.path);
  const warnings = new Set<string>(), seen = new Set<string>();
  for (const { file_name: name, dset_name: source } of sources) {
    if (seen.has(`${name}\n${source}`)) continue;
    seen.add(`${name}\n${source}`);
    // A pattern such as data_%b.h5 stands for any number of files.
    if (isPattern(name + source)) {
      warnings.add(
        `${path} takes its data from "${name}"; where such a file is missing, patterns read as fill values`,
      );
    } else {for (const warning of sourceWarnings(file, path, dataset, name, source, depth)) {
        warnings.add(warning);
      }}
  }
  return [...warnings];
}

function sourceWarnings(
  file: Hdf5File,
  path: string,
  dataset: Hdf5Dataset,
  name: string,
  source: string,
  depth: number,
): string[] {
  const from = dataset.file.bytes.path;
  const place = name === "." ? from : file.linked.find(from, name);
  if (place === undefined) throw missing(file, path, source, name);
  const other = name === "." && from === file.path ? file : Hdf5File.openLinked(place, file);
  try {
    const found = other.dataset(source);
    if (!found) throw other.brokenLink(source) ?? missing(file, path, source, name);
    // The HDF5 library, which reads it, would follow damaged indices for ever.
    other.guard(source, () => openBlocks(found, other.linked)?.close());
    return requireSources(other, source, found, depth + 1);
  } finally {
    if (other !== file) other.close();
  }
}

function missing(file: Hdf5File, path: string, source: string, name: string): FileUnavailable {
  return new FileUnavailable(
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

/** Which other files reading an HDF5 file would open: by links, as sources of views, or as raw data of a data set. */

import { basename } from "node:path";
import { FileSource } from "../../scan/byte_source.ts";
import { Hdf5Bytes, OddLayout } from "./bytes.ts";
import { masterName } from "./dectris_beside.ts";
import { type Hdf5Dataset, Hdf5File } from "./file.ts";
import { isFile, lastPart, linkedPath } from "./linked_files.ts";
import { locateObject } from "./linked_object.ts";
import { messageType, readMessages } from "./object_header.ts";

/** Groups of this depth and this many names are looked at; the readers of scans look no further. */
const deepestLevel = 16, mostNames = 5000;

/** What a file refers to. */
export interface ForeignFiles {
  /** Paths of HDF5 files, whether they exist or not; a pattern such as `data_%b.h5` is given as it is. */
  readonly files: readonly string[];
  /** Data sets whose numbers lie in files of no format, which HDF5 reads whatever they are. */
  readonly rawDatasets: readonly string[];
}

/**
 * Looks for references without following them.
 *
 * @throws {CorruptFile} when HDF5 cannot open the file
 */
export async function foreignFiles(path: string): Promise<ForeignFiles> {
  const file = await Hdf5File.open(path);
  try {
    const files = new Set<string>(), raw: string[] = [], master = masterName(file, basename(path));
    if (master !== undefined) files.add(linkedPath(path, master));
    for (const place of places(file, files)) {
      const dataset = file.dataset(place);
      if (!dataset) continue;
      for (const source of sourcesOf(file, place, dataset)) {
        files.add(source);
      }
      if ((dataset.shape?.length ?? 0) >= 2 && await isRaw(file, place)) raw.push(place);
    }
    return { files: [...files], rawDatasets: raw };
  } finally {
    file.close();
  }
}

/** Everything in the file that is no group, links into other files left out: those are added to `files`. */
function* places(file: Hdf5File, files: Set<string>): Generator<string> {
  let level = [""], seen = 0;
  for (let depth = 0; depth < deepestLevel && level.length > 0; depth++) {
    const deeper: string[] = [];
    for (const group of level) {
      for (const name of file.names(group || "/")) {
        if (++seen > mostNames) return;
        const place = `${group}/${name}`;
        const link = file.externalLink(place);
        if (link) {
          for (const name of [link.file, lastPart(link.file)]) {
            if (name !== undefined) files.add(linkedPath(file.path, name));
          }
        } else if (file.group(place)) deeper.push(place);
        else yield place;
      }
    }
    level = deeper;
  }
}

/** HDF5 looks for sources beside the file, then in the working folder. */
function sourcesOf(file: Hdf5File, place: string, dataset: Hdf5Dataset): string[] {
  const sources = file.guard(place, () => dataset.metadata.virtual_sources ?? []);
  return sources.filter(({ file_name: name }) => name !== ".").map(({ file_name: name }) => {
    const beside = linkedPath(file.path, name);
    return isFile(beside) || !isFile(name) ? beside : linkedPath(Deno.cwd(), name);
  });
}

async function isRaw(file: Hdf5File, place: string): Promise<boolean> {
  try {
    const { file: path, address } = await locateObject(file, place);
    const source = FileSource.open(path);
    try {
      return readMessages(new Hdf5Bytes(source), address).some(({ type }) =>
        type === messageType.externalFiles
      );
    } finally {
      source.close();
    }
  } catch (cause) {
    // Headers that cannot be read here are as old as headers get, or damaged, which opening will say.
    if (cause instanceof OddLayout) return false;
    throw cause;
  }
}

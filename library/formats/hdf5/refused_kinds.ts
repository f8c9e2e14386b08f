/** Kinds of HDF5 file that hold no diffraction patterns, or not as they are, and what to do with each. */

import { UnsupportedFormat } from "../../scan/errors.ts";
import type { FileContext } from "../file_context.ts";
import type { OpenOptions } from "../format.ts";
import type { Hdf5File } from "./file.ts";

/** A kind that is refused. */
interface RefusedKind {
  /** Whether a file is of it. */
  recognises(file: Hdf5File, name: string): boolean;
  /** Rest of a sentence that begins with the path of the file. */
  readonly what: string;
  readonly found: string;
  readonly remedy: string;
}

const kinds: readonly RefusedKind[] = [
  {
    recognises: (file) => file.group("/electron_events") !== undefined,
    what: "holds the events of single electrons (stempy), not patterns",
    found: "/electron_events",
    remedy:
      "make patterns of them in Python: numpy.save(NAME, stempy.io.sparse_array.SparseArray.from_hdf5(FILE).to_dense())",
  },
  {
    recognises: (file, name) =>
      /\.dm5$/i.test(name) || (file.group("/ImageList") && file.group("/ImageSourceList")) !== undefined,
    what: "was written by DigitalMicrograph as .dm5, whose order of axes we do not know",
    found: "a .dm5 file",
    remedy: "save it as .dm4 in DigitalMicrograph",
  },
];

/**
 * Refuses files of these kinds, unless the user names a data set.
 *
 * @throws {UnsupportedFormat} when the file is of one
 */
export function refuseKinds(file: Hdf5File, { dataset }: OpenOptions, { name }: FileContext): void {
  if (dataset !== undefined) return;
  const kind = kinds.find((kind) => kind.recognises(file, name));
  if (!kind) return;
  throw new UnsupportedFormat(`${file.path} ${kind.what}`, {
    file: file.path,
    expected: "diffraction patterns",
    found: kind.found,
    remedy: kind.remedy,
  });
}

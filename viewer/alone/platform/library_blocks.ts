/** Stands in for library/formats/hdf5/library_blocks.ts: blocks that only the HDF5 library reads are refused. */

import type { BlockReader } from "../../../library/formats/hdf5/block_reader.ts";
import type { Hdf5Dataset } from "../../../library/formats/hdf5/description.ts";
import { onlyInProgram } from "./absent.ts";

/** Refuses to read. */
export class LibraryBlocks implements BlockReader {
  readonly native = true;
  readonly #dataset: Hdf5Dataset;

  constructor(dataset: Hdf5Dataset) {
    this.#dataset = dataset;
  }

  // deno-lint-ignore require-await
  async read(): Promise<never> {
    const { path, file } = this.#dataset;
    throw onlyInProgram(
      `unpack ${path} in ${file.bytes.path}, which is packed in a rare way`,
      file.bytes.path,
    );
  }

  close(): void {}
}

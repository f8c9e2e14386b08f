/** A filtered scan as an EMD 1.0 file, written row by row: `/crystallite/filtered/data`, float32 (row, column, qy, qx). */

import { createHash } from "node:crypto";
import type { ScanFacts } from "../report/content.ts";
import { pixelCount } from "../scan/shape.ts";
import {
  attempt,
  axis,
  closeQuietly,
  createGrownDataset,
  createHdf5File,
  createNode,
  type Dataset,
  type Hdf5File,
  type NewHdf5File,
  uuidOf,
  writeAxes,
  writeFileAttributes,
  writeScanMetadata,
} from "./emd.ts";

/** HDF5 keeps at most this much of a data set in its cache, so a chunk should not be larger. */
const largestChunk = 2 ** 20;

/** Writes a filtered scan to `.h5`. */
export class FilteredFile {
  readonly #path: string;
  readonly #file: NewHdf5File;
  readonly #data: Dataset;
  readonly #scan: ScanFacts;
  #nextRow = 0;
  #closed = false;

  private constructor(path: string, file: NewHdf5File, data: Dataset, scan: ScanFacts) {
    this.#path = path;
    this.#file = file;
    this.#data = data;
    this.#scan = scan;
  }

  /**
   * Creates or empties the file, with everything but the patterns.
   *
   * @param scan the scan that is filtered
   * @param version of crystallite
   * @throws {FileUnavailable} when the file cannot be written
   */
  static async create(path: string, scan: ScanFacts, version: string): Promise<FilteredFile> {
    const created = await createHdf5File(path);
    try {
      return new FilteredFile(
        path,
        created,
        attempt(path, () => writeTree(created.file, scan, version)),
        scan,
      );
    } catch (cause) {
      closeQuietly(created);
      throw cause;
    }
  }

  /**
   * Appends whole scan rows.
   *
   * @param patterns float32 (rows, columns, qy, qx)
   * @throws {FileUnavailable | OutOfResources} when the disk refuses
   */
  write(patterns: Float32Array): void {
    const { rows, columns, patternRows, patternColumns } = this.#scan.shape;
    const count = patterns.length / (columns * patternRows * patternColumns);
    const first = this.#nextRow;
    if (!Number.isInteger(count) || first + count > rows) {
      throw new RangeError(
        `${patterns.length} pixels are not whole rows of the ${rows - first} that are missing`,
      );
    }
    attempt(this.#path, () => {
      this.#data.write_slice(
        [[first, first + count], [0, columns], [0, patternRows], [0, patternColumns]],
        patterns,
      );
    });
    this.#nextRow += count;
  }

  /**
   * Writes out what HDF5 still holds and closes the file; closing twice does nothing.
   *
   * @throws {RangeError} when rows are missing; the file is closed even then
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
    const { rows } = this.#scan.shape;
    if (this.#nextRow < rows) {
      throw new RangeError(`${this.#path} lacks its last ${rows - this.#nextRow} rows`);
    }
  }

  /** Closes the file without asking whether it is complete, for the way out after another failure. */
  abort(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeQuietly(this.#file);
  }
}

function writeTree(file: Hdf5File, scan: ScanFacts, version: string): Dataset {
  const { shape, calibration: { pixelSize, qPixelSize } } = scan;
  const sizes = [shape.rows, shape.columns, shape.patternRows, shape.patternColumns];
  writeFileAttributes(
    file,
    version,
    uuidOf(createHash("sha256").update(`filtered ${sizes} ${scan.source.path}`).digest()),
  );
  const root = createNode(file, "crystallite", "root", "Root");
  writeScanMetadata(root, scan, version);
  // Not a "DataCube": that is a class of py4DSTEM, which emdfile alone does not know.
  const group = createNode(root, "filtered", "array", "Array");
  const probesPerChunk = Math.max(
    1,
    Math.min(shape.columns, Math.floor(largestChunk / (4 * pixelCount(shape)))),
  );
  const chunks = [1, probesPerChunk, shape.patternRows, shape.patternColumns];
  const data = createGrownDataset(group, sizes, chunks, "counts");
  writeAxes(group, sizes, [
    axis("row", pixelSize, "row"),
    axis("column", pixelSize, "column"),
    axis("qy", qPixelSize, "row"),
    axis("qx", qPixelSize, "column"),
  ]);
  return data;
}

/**
 * `clusters.h5`: the result in one EMD 1.0 file (https://emdatasets.com/format), which py4DSTEM's `emdfile` and HyperSpy
 * open.
 *
 *     /crystallite                    root
 *       labels, similarity, mean_similarity, mask, dark_field, averages      arrays with calibrated axes
 *       clusters                      point list with the columns of clusters.csv
 *       metadatabundle/scan_calibration, run
 */

import { createHash } from "node:crypto";
import type { AverageBatch } from "../passes/averages/average_sweep.ts";
import type { Clustering } from "../cluster/clustering.ts";
import { neighbourOffsets } from "../scan/neighbours.ts";
import type { RunFacts, ScanFacts } from "../report/content.ts";
import { bytesOf } from "../scan/dtype.ts";
import { clusterColumns, clusterValues } from "./clusters_csv.ts";
import {
  attempt,
  type Axis,
  axis,
  closeQuietly,
  createGrownDataset,
  createHdf5File,
  createNode,
  type Dataset,
  type Group,
  type NewHdf5File,
  uuidOf,
  writeArray,
  writeAxes,
  writeFileAttributes,
  writeScanMetadata,
} from "./emd.ts";

/** What the file needs beside the averages. */
export interface ClustersFileContent {
  readonly clustering: Clustering;
  readonly scan: ScanFacts;
  readonly run: RunFacts;
  /** Whether averages will follow. */
  readonly averages: boolean;
}

/** Writes `clusters.h5`: everything small at once, the averages batch by batch. */
export class ClustersFile {
  readonly #path: string;
  readonly #file: NewHdf5File;
  readonly #averages: Dataset | null;
  readonly #patternSize: readonly [number, number];

  private constructor(
    path: string,
    file: NewHdf5File,
    averages: Dataset | null,
    patternSize: readonly [number, number],
  ) {
    this.#path = path;
    this.#file = file;
    this.#averages = averages;
    this.#patternSize = patternSize;
  }

  /**
   * Creates the file with all maps and tables.
   *
   * @throws {FileUnavailable} when the file cannot be written
   */
  static async create(path: string, content: ClustersFileContent): Promise<ClustersFile> {
    const { patternRows, patternColumns } = content.scan.shape;
    const created = await createHdf5File(path);
    try {
      const averages = attempt(path, () => writeTree(created.file, content));
      return new ClustersFile(path, created, averages, [patternRows, patternColumns]);
    } catch (cause) {
      closeQuietly(created);
      throw cause;
    }
  }

  /** Writes the averages of some clusters. */
  writeAverages({ first, count, patterns }: AverageBatch): void {
    const dataset = this.#averages;
    if (dataset === null) throw new TypeError(`${this.#path} was made without averages`);
    if (count === 0) return;
    const [rows, columns] = this.#patternSize;
    attempt(this.#path, () => {
      dataset.write_slice([[first, first + count], [0, rows], [0, columns]], patterns);
    });
  }

  /** Writes out what HDF5 still holds and closes the file. */
  close(): void {
    this.#file.close();
  }

  /** Closes the file on the way out after another failure. */
  abort(): void {
    closeQuietly(this.#file);
  }
}

function writeTree(file: Group, { clustering, scan, run, averages }: ClustersFileContent) {
  const { rows, columns, patternRows, patternColumns } = scan.shape;
  writeFileAttributes(file, run.version, contentUuid(clustering));
  const root = createNode(file, "crystallite", "root", "Root");
  writeScanMetadata(root, scan, run.version);

  const { pixelSize, qPixelSize } = scan.calibration;
  const position = [axis("row", pixelSize, "row"), axis("column", pixelSize, "column")];
  const map = [rows, columns];
  writeArray(root, "labels", "cluster", map, position, clustering.labels);
  const neighbour: Axis = { name: "neighbour", step: 1, unit: "" };
  const offsets = neighbourOffsets.length;
  writeArray(root, "similarity", "", [...map, offsets], [...position, neighbour], clustering.similarity);
  writeArray(root, "mean_similarity", "", map, position, clustering.meanSimilarity);
  writeArray(root, "mask", "", map, position, clustering.mask);
  if (clustering.darkField) writeArray(root, "dark_field", "counts", map, position, clustering.darkField);
  writePointList(root, clustering);
  if (!averages) return null;

  const count = clustering.clusters.length;
  const reciprocal = [axis("qy", qPixelSize, "row"), axis("qx", qPixelSize, "column")];
  const group = createNode(root, "averages", "array", "Array");
  const patterns = [count, patternRows, patternColumns];
  const data = createGrownDataset(group, patterns, [1, patternRows, patternColumns], "counts");
  writeAxes(group, patterns, [
    { name: "cluster", step: 1, unit: "" },
    ...reciprocal,
  ]);
  return data;
}

function writePointList(root: Group, clustering: Clustering): void {
  const list = createNode(root, "clusters", "pointlist", "PointList");
  const rows = clustering.clusters.map(clusterValues);
  const fractional = new Set<string>(["row", "column", "mean_similarity"]);
  clusterColumns.forEach((name, column) => {
    const values = rows.map((row) => row[column]);
    const type = fractional.has(name) ? "float64" : "int32";
    const data = type === "float64" ? Float64Array.from(values) : Int32Array.from(values);
    const field = list.create_dataset({ name, data, shape: [rows.length] });
    // Of fixed length, as emdfile writes it: it decodes this attribute from bytes.
    field.create_attribute("dtype", type, [], `S${type.length}`);
  });
}

/** A UUID of the content, so that equal results have equal files. */
function contentUuid({ shape, labels, similarity }: Clustering): string {
  const hash = createHash("sha256").update(JSON.stringify(Object.entries(shape).sort()));
  for (const array of [labels, similarity]) {
    hash.update(bytesOf(array));
  }
  return uuidOf(hash.digest());
}

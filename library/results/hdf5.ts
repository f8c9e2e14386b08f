/**
 * `clusters.h5`: the result in one EMD 1.0 file (https://emdatasets.com/format), which py4DSTEM's `emdfile` and HyperSpy
 * open.
 *
 *     /crystallite                    root
 *       labels, averages, ...         every product as an array with calibrated axes
 *       clusters                      point list with the columns of clusters.csv
 *       metadatabundle/scan_calibration, run
 */

import { createHash } from "node:crypto";
import type { AverageBatch } from "../passes/averages/average_sweep.ts";
import type { Clustering } from "../cluster/clustering.ts";
import type { RunFacts, ScanFacts } from "../report/content.ts";
import { bytesOf } from "../scan/dtype.ts";
import { type AxisName, isOpen, lengthsOf } from "./axes.ts";
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
import { type HeldArray, sizesOf } from "./held_arrays.ts";
import { averages } from "./products.ts";

/** Name of the root of the tree. */
export const rootName = "crystallite";

/** What the file needs beside the averages. */
export interface ClustersFileContent {
  readonly clustering: Clustering;
  /** The arrays of the clustering. */
  readonly held: readonly HeldArray[];
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

function writeTree(file: Group, { clustering, held, scan, run, averages: follow }: ClustersFileContent) {
  writeFileAttributes(file, run.version, contentUuid(clustering));
  const root = createNode(file, rootName, "root", "Root");
  writeScanMetadata(root, scan, run.version);
  for (const { product: { name, unit, axes }, array, lengths } of held) {
    writeArray(root, name, unit, lengths, axes.map((axis) => calibrated(axis, scan)), array);
  }
  writePointList(root, clustering);
  if (!follow) return null;

  const { name, unit, axes } = averages;
  const { patternRows, patternColumns } = scan.shape;
  const count = clustering.clusters.length;
  const lengths = lengthsOf(name, axes, count * patternRows * patternColumns, sizesOf(clustering));
  const group = createNode(root, name, "array", "Array");
  const data = createGrownDataset(group, lengths, [1, patternRows, patternColumns], unit);
  writeAxes(group, lengths, axes.map((axis) => calibrated(axis, scan)));
  return data;
}

/** Positions have the scan's pixel size, detector pixels the pattern's; anything else is counted. */
export function calibrated(
  name: AxisName,
  { calibration: { pixelSize, qPixelSize } }: Pick<ScanFacts, "calibration">,
): Axis {
  switch (name) {
    case "row":
    case "column":
      return axis(name, pixelSize, name);
    case "qy":
      return axis(name, qPixelSize, "row");
    case "qx":
      return axis(name, qPixelSize, "column");
    default:
      // A vector as long as a list of edges would take nearly as much room as the list.
      return { name, step: 1, unit: "", counts: isOpen(name) };
  }
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

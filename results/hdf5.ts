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
import { type AverageBatch, type Clustering, neighbourOffsets } from "../cluster/clustering.ts";
import { type Hdf5, loadHdf5 } from "../formats/hdf5/library.ts";
import type { RunFacts, ScanFacts } from "../report/content.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { FileUnavailable, fromSystemError } from "../scan/errors.ts";
import { clusterColumns, clusterValues } from "./clusters_csv.ts";

type Group = InstanceType<Hdf5["Group"]>;
type NumberArray = Int32Array | Uint8Array | Float32Array | Float64Array;

/** An axis of an array: its name, the step of its values, their unit. */
interface Axis {
  readonly name: string;
  readonly step: number;
  readonly unit: string;
}

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
  readonly #file: InstanceType<Hdf5["File"]>;
  readonly #averages: InstanceType<Hdf5["Dataset"]> | null;
  readonly #patternSize: readonly [number, number];

  private constructor(
    path: string,
    file: InstanceType<Hdf5["File"]>,
    averages: InstanceType<Hdf5["Dataset"]> | null,
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
    const { File } = await loadHdf5();
    const { patternRows, patternColumns } = content.scan.shape;
    const file = attempt(path, () => new File(path, "w"));
    try {
      const averages = attempt(path, () => writeTree(file, content));
      return new ClustersFile(path, file, averages, [patternRows, patternColumns]);
    } catch (cause) {
      file.close();
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
    attempt(this.#path, () => {
      this.#file.flush();
      this.#file.close();
    });
  }
}

function writeTree(file: Group, { clustering, scan, run, averages }: ClustersFileContent) {
  const { rows, columns, patternRows, patternColumns } = scan.shape;
  file.create_attribute("emd_group_type", "file");
  // HDF5 integers as numpy has them.
  file.create_attribute("version_major", new BigInt64Array([1n]) as never, [], "<q");
  file.create_attribute("version_minor", new BigInt64Array([0n]) as never, [], "<q");
  file.create_attribute("authoring_program", `crystallite ${run.version}`);
  file.create_attribute("UUID", contentUuid(clustering));
  const root = createNode(file, "crystallite", "root", "Root");
  writeMetadata(root, scan, run);

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
  const data = group.create_dataset({
    name: "data",
    data: new Float32Array(0),
    // h5wasm creates a data set from its content, which need not fit in memory here: so it grows from nothing.
    shape: [0, patternRows, patternColumns],
    maxshape: [count, patternRows, patternColumns],
    chunks: [1, patternRows, patternColumns],
  });
  data.resize([count, patternRows, patternColumns]);
  data.create_attribute("units", "counts");
  writeAxes(group, [count, patternRows, patternColumns], [
    { name: "cluster", step: 1, unit: "" },
    ...reciprocal,
  ]);
  return data;
}

function createNode(parent: Group, name: string, type: string, pythonClass: string): Group {
  const group = parent.create_group(name);
  group.create_attribute("emd_group_type", type);
  group.create_attribute("python_class", pythonClass);
  return group;
}

function writeArray(
  parent: Group,
  name: string,
  unit: string,
  shape: readonly number[],
  axes: readonly Axis[],
  values: NumberArray,
): void {
  const group = createNode(parent, name, "array", "Array");
  const data = group.create_dataset({ name: "data", data: values, shape: [...shape] });
  data.create_attribute("units", unit);
  writeAxes(group, shape, axes);
}

function writeAxes(group: Group, shape: readonly number[], axes: readonly Axis[]): void {
  axes.forEach(({ name, step, unit }, index) => {
    // Whole vectors: emdfile extends a vector of two values by repeated addition, which can give one value too many.
    // An axis of fewer than two values needs two to say its step.
    const values = Float64Array.from({ length: Math.max(2, shape[index]) }, (_, place) => place * step);
    const vector = group.create_dataset({ name: `dim${index}`, data: values });
    vector.create_attribute("name", name);
    vector.create_attribute("units", unit);
  });
}

function writePointList(root: Group, clustering: Clustering): void {
  const list = createNode(root, "clusters", "pointlist", "PointList");
  const rows = clustering.clusters.map(clusterValues);
  const fractional = new Set<string>(["row", "column", "mean_similarity"]);
  clusterColumns.forEach((name, column) => {
    const values = rows.map((row) => row[column]);
    const data = fractional.has(name) ? Float64Array.from(values) : Int32Array.from(values);
    list.create_dataset({ name, data, shape: [rows.length] })
      .create_attribute("dtype", fractional.has(name) ? "float64" : "int32");
  });
}

function writeMetadata(root: Group, scan: ScanFacts, run: RunFacts): void {
  const bundle = root.create_group("metadatabundle");
  bundle.create_attribute("emd_group_type", "metadatabundle");
  const { pixelSize, qPixelSize, beamEnergy, convergenceAngle, cameraLength } = scan.calibration;
  // Not named "calibration": py4DSTEM takes that for an instance of its own class, which emdfile alone does not know.
  const calibration = createNode(bundle, "scan_calibration", "metadata", "Metadata");
  const values: Record<string, string | number | undefined> = {
    R_pixel_size: pixelSize?.column,
    R_pixel_size_row: pixelSize?.row,
    R_pixel_units: pixelSize?.unit ?? "pixels",
    Q_pixel_size: qPixelSize?.column,
    Q_pixel_size_row: qPixelSize?.row,
    Q_pixel_units: qPixelSize?.unit ?? "pixels",
    beam_energy_keV: beamEnergy,
    convergence_angle_mrad: convergenceAngle,
    camera_length_m: cameraLength,
  };
  for (const [name, value] of Object.entries(values)) writeItem(calibration, name, value);
  const source = createNode(bundle, "run", "metadata", "Metadata");
  writeItem(source, "version", run.version);
  writeItem(source, "input", scan.source.path);
  writeItem(source, "input_format", scan.source.format);
  writeItem(source, "input_dataset", scan.source.dataset);
}

function writeItem(group: Group, name: string, value: string | number | undefined): void {
  if (value === undefined) return;
  const text = typeof value === "string";
  const item = group.create_dataset({ name, data: value, shape: [], dtype: text ? "S" : "<d" });
  item.create_attribute("type", text ? "string" : "number");
}

function axis(name: string, size: PixelSize | undefined, along: "row" | "column"): Axis {
  if (size === undefined) return { name, step: 1, unit: "pixels" };
  // As unit parsers read it: a bare A is ampere to them.
  return { name, step: size[along], unit: size.unit.replace(/^A(?=\^|$)/, "Å") };
}

/** A UUID (version 8) of the content, so that equal results have equal files. */
function contentUuid({ shape, labels, similarity }: Clustering): string {
  const hash = createHash("sha256").update(JSON.stringify(Object.entries(shape).sort()));
  for (const array of [labels, similarity]) {
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = bytes[6] & 0x0f | 0x80;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Turns the errors of the HDF5 library, which are plain text, into ours. */
function attempt<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    const known = fromSystemError(cause, path, "write");
    if (known !== cause || cause instanceof RangeError || cause instanceof TypeError) throw known;
    throw new FileUnavailable(`HDF5 cannot write ${path}`, {
      file: path,
      found: cause instanceof Error ? cause.message : String(cause),
      remedy: "check the disk, or leave the file out with --export",
    }, { cause });
  }
}

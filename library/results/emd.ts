/**
 * The pieces of EMD 1.0 files (https://emdatasets.com/format), which py4DSTEM's `emdfile` and HyperSpy open: a tree of
 * nodes, arrays with calibrated axes, and metadata.
 */

import { closeHdf5File, type Hdf5, loadHdf5 } from "../formats/hdf5/library.ts";
import type { ScanFacts } from "../report/content.ts";
import type { PixelSize } from "../scan/calibration.ts";
import type { PixelArray } from "../scan/dtype.ts";
import { CrystalliteError, FileUnavailable, fromSystemError } from "../scan/errors.ts";

/** A group of an HDF5 file. */
export type Group = InstanceType<Hdf5["Group"]>;
/** A data set of an HDF5 file. */
export type Dataset = InstanceType<Hdf5["Dataset"]>;
/** An open HDF5 file. */
export type Hdf5File = InstanceType<Hdf5["File"]>;
/** A file that is being written. */
export interface NewHdf5File {
  readonly file: Hdf5File;
  /** Writes out what HDF5 still holds; the file is closed even when the disk refuses. */
  close(): void;
}
/** An axis of an array: its name, the step of its values, their unit. */
export interface Axis {
  readonly name: string;
  readonly step: number;
  readonly unit: string;
  /** Whether its first two values are written alone, for long axes that only count: readers extend them. */
  readonly counts?: boolean;
}

/**
 * Creates or empties an HDF5 file.
 *
 * @throws {FileUnavailable} when it cannot be written
 */
export async function createHdf5File(path: string): Promise<NewHdf5File> {
  const { File, module } = await loadHdf5();
  try {
    // The system says why it refuses a file; HDF5 would only say that it does.
    Deno.writeFileSync(path, new Uint8Array(0));
  } catch (cause) {
    throw fromSystemError(cause, path, "write");
  }
  const file = attempt(path, () => new File(path, "w"));
  return { file, close: () => attempt(path, () => closeHdf5File(module, file, path)) };
}

/**
 * Writes a new HDF5 file in one go.
 *
 * @throws {FileUnavailable | OutOfResources} when it cannot be written
 */
export async function writeHdf5File(path: string, write: (file: NewHdf5File["file"]) => void): Promise<void> {
  const created = await createHdf5File(path);
  try {
    attempt(path, () => write(created.file));
  } catch (cause) {
    closeQuietly(created);
    throw cause;
  }
  created.close();
}

/** Closes a file on the way out after another failure, which is the one worth telling. */
export function closeQuietly(created: NewHdf5File): void {
  try {
    created.close();
  } catch {
    // The first failure says why.
  }
}

/** Marks a file as EMD 1.0. */
export function writeFileAttributes(file: Group, version: string, uuid: string): void {
  file.create_attribute("emd_group_type", "file");
  // HDF5 integers as numpy has them.
  file.create_attribute("version_major", new BigInt64Array([1n]) as never, [], "<q");
  file.create_attribute("version_minor", new BigInt64Array([0n]) as never, [], "<q");
  file.create_attribute("authoring_program", `crystallite ${version}`);
  file.create_attribute("UUID", uuid);
}

/** A node of the tree; `pythonClass` is what `emdfile` makes of it. */
export function createNode(parent: Group, name: string, type: string, pythonClass: string): Group {
  const group = parent.create_group(name);
  group.create_attribute("emd_group_type", type);
  group.create_attribute("python_class", pythonClass);
  return group;
}

/** An array node with its axes, written at once. */
export function writeArray(
  parent: Group,
  name: string,
  unit: string,
  shape: readonly number[],
  axes: readonly Axis[],
  values: PixelArray,
): void {
  const group = createNode(parent, name, "array", "Array");
  const data = group.create_dataset({ name: "data", data: values, shape: [...shape] });
  data.create_attribute("units", unit);
  writeAxes(group, shape, axes);
}

/** The calibrated axes of an array node. */
export function writeAxes(group: Group, shape: readonly number[], axes: readonly Axis[]): void {
  axes.forEach(({ name, step, unit, counts = false }, index) => {
    // Whole vectors: emdfile extends a vector of two values by repeated addition, which can give one value too many
    // unless the step is a whole number. An axis of fewer than two values needs two to say its step.
    const length = counts ? 2 : Math.max(2, shape[index]);
    const values = Float64Array.from({ length }, (_, place) => place * step);
    const vector = group.create_dataset({ name: `dim${index}`, data: values });
    vector.create_attribute("name", name);
    vector.create_attribute("units", unit);
  });
}

/**
 * The float32 data set of an array node, to be filled by `write_slice`.
 *
 * @param chunks sizes of the pieces in which HDF5 stores it
 */
export function createGrownDataset(
  group: Group,
  shape: readonly number[],
  chunks: readonly number[],
  unit: string,
): Dataset {
  const data = createChunkedDataset(group, "data", shape, chunks);
  data.create_attribute("units", unit);
  return data;
}

/** A float32 data set in chunks, to be filled by `write_slice`. */
export function createChunkedDataset(
  group: Group,
  name: string,
  shape: readonly number[],
  chunks: readonly number[],
): Dataset {
  const data = group.create_dataset({
    name,
    data: new Float32Array(0),
    // h5wasm creates a data set from its content, which need not fit in memory here: so it grows from nothing.
    shape: [0, ...shape.slice(1)],
    maxshape: [...shape],
    chunks: [...chunks],
  });
  data.resize([...shape]);
  return data;
}

/** An axis along scan or detector; its unit is pixels where its step is not known. */
export function axis(name: string, size: PixelSize | undefined, along: "row" | "column"): Axis {
  if (size === undefined) return { name, step: 1, unit: "pixels" };
  // As unit parsers read it: a bare A is ampere to them.
  return { name, step: size[along], unit: size.unit.replace(/^A(?=\^|$)/, "Å") };
}

/** One entry of a metadata node; `undefined` writes nothing. */
export function writeItem(group: Group, name: string, value: string | number | undefined): void {
  if (value === undefined) return;
  const text = typeof value === "string";
  const item = group.create_dataset({ name, data: value, shape: [], dtype: text ? "S" : "<d" });
  item.create_attribute("type", text ? "string" : "number");
}

/**
 * The calibration of a scan and where its data came from, below the root.
 *
 * @returns the bundle, for more
 */
export function writeScanMetadata(
  root: Group,
  scan: Pick<ScanFacts, "calibration" | "source">,
  version: string,
): Group {
  const bundle = root.create_group("metadatabundle");
  bundle.create_attribute("emd_group_type", "metadatabundle");
  const { pixelSize, qPixelSize, beamEnergy, convergenceAngle, cameraLength, scanRotation } =
    scan.calibration;
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
    scan_rotation_degrees: scanRotation,
  };
  for (const [name, value] of Object.entries(values)) writeItem(calibration, name, value);
  const source = createNode(bundle, "run", "metadata", "Metadata");
  writeItem(source, "version", version);
  writeItem(source, "input", scan.source.path);
  writeItem(source, "input_format", scan.source.format);
  writeItem(source, "input_dataset", scan.source.dataset);
  return bundle;
}

/** A UUID (version 8) made of the first bytes of a hash. */
export function uuidOf(hash: Uint8Array): string {
  const bytes = Uint8Array.from(hash.subarray(0, 16));
  bytes[6] = bytes[6] & 0x0f | 0x80;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Turns the errors of the HDF5 library, which are plain text, into ours. */
export function attempt<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof CrystalliteError) throw cause;
    const known = fromSystemError(cause, path, "write");
    if (known !== cause || cause instanceof RangeError || cause instanceof TypeError) throw known;
    throw new FileUnavailable(`HDF5 cannot write ${path}`, {
      file: path,
      found: cause instanceof Error ? cause.message : String(cause),
      remedy: "check the disk, or choose another folder",
    }, { cause });
  }
}

/** Label maps in files: an `.npy` array of (row, column) or (frame, row, column), or an `.npz` archive with the array `labels`. */

import { createPixelArray, type PixelArray } from "../scan/dtype.ts";
import { type ByteSource, FileSource, readBytes } from "../scan/byte_source.ts";
import { BadParameter, OutOfResources, UnsupportedFormat } from "../scan/errors.ts";
import { dtypeOfNumbers, numberBytes } from "../scan/stored_number.ts";
import { readNumbers } from "./convert_numbers.ts";
import { listNames } from "./list_names.ts";
import { checkLength } from "./npy.ts";
import { hasNpyMagic, type NpyHeader, parseDescriptor, readNpyHeader } from "./npy_header.ts";
import { readZipDirectory } from "./zip.ts";
import { openMember } from "./zip_member.ts";

/** A label for each probe, row-major (row, column). */
export interface LabelMap {
  readonly rows: number;
  readonly columns: number;
  /** Negative = in no cluster or grain. */
  readonly labels: Int32Array;
  /** Part of each probe that its label has, 0 to 1; where an archive has the array `purity`. */
  readonly purity?: Float64Array;
}

/** A label for each probe of each frame of a series, row-major (frame, row, column). */
export interface LabelSeries extends Omit<LabelMap, "purity"> {
  readonly frames: number;
  /** Object that each object is part of, (frame, object), and object that each split from; where an archive has them. */
  readonly merged?: Int32Array;
  /** See `merged`. */
  readonly splitOf?: Int32Array;
}

/** Larger maps are of no scan, and larger ones of no series that fits memory. */
const mostProbes = 2 ** 26, mostSeriesProbes = 2 ** 29;

/**
 * Reads a label map of any type of whole numbers: one written by crystallite or numpy, or the truth of a simulated scan.
 *
 * @throws {BadParameter} when the array is not a map of whole numbers, or the archive has no array `labels`
 * @throws {UnsupportedFormat} when the file is neither npy nor npz
 * @throws {OutOfResources} when the map is larger than that of any scan
 * @throws {CorruptFile} when the file is damaged
 * @throws {FileUnavailable} when it is missing or unreadable
 */
export async function readLabelFile(path: string): Promise<LabelMap> {
  const { labels, purity } = await readFile(path, 2);
  const map = labelMap(labels), [rows, columns] = labels.shape;
  if (!purity) return { rows, columns, labels: map };
  if (purity.shape.join() !== labels.shape.join()) {
    throw new BadParameter(`the arrays labels and purity of ${path} differ in shape`, {
      file: path,
      expected: `${rows} x ${columns}`,
      found: purity.shape.join(" x "),
      remedy: "save both for the same scan",
    });
  }
  return { rows, columns, labels: map, purity: Float64Array.from(purity.values) };
}

/**
 * Reads the labels of all frames of a series, as `tracks.npy` has them.
 *
 * @throws as {@link readLabelFile}
 */
export async function readLabelSeries(path: string): Promise<LabelSeries> {
  const { labels, merged, splitOf } = await readFile(path, 3), [frames, rows, columns] = labels.shape;
  const fits = merged === undefined || merged.shape[0] === frames &&
      (splitOf === undefined || splitOf.shape[0] === merged.shape[1]);
  if (!fits) {
    throw new BadParameter(`the arrays labels, merged and split_of of ${path} are not of one series`, {
      file: path,
      expected: `merged with ${frames} rows, and split_of with an element for each of its columns`,
      found: [merged, splitOf].map((array) => array?.shape.join(" x ") ?? "none").join(" and "),
      remedy: "save all of the same series",
    });
  }
  return {
    ...{ frames, rows, columns, labels: labelMap(labels) },
    ...merged && { merged: labelMap(merged) },
    ...splitOf && { splitOf: labelMap(splitOf) },
  };
}

/** The truth about the crystals of a simulated scan, as `simulate` writes it; see `truthArrays`. */
export interface CrystalTruth {
  /** float64 (crystal, 3, 3), row-major: columns are down, right and towards the source in crystal axes. */
  readonly orientations: Float64Array;
  /** float64 (row, column, 4): e_xx, e_yy, e_xy and the rotation in radians; NaN where there is no crystal. */
  readonly strain: Float64Array;
  /** int32 (row, column): phase of each probe's crystal, -1 for none. */
  readonly phases: Int32Array;
}

/**
 * Reads the crystals of an archive; `undefined` where it says nothing of them.
 *
 * @throws as {@link readLabelFile}
 */
export async function readCrystalTruth(path: string): Promise<CrystalTruth | undefined> {
  const zip = FileSource.open(path);
  try {
    const head = readBytes(zip, 0, Math.min(16, zip.size));
    if (head[0] !== 0x50 || head[1] !== 0x4b) return undefined;
    const read = memberReader(zip);
    const orientations = await read("orientation_matrices", 3), strain = await read("strain", 3);
    const phases = await read("phase", 2);
    if (!orientations || !strain || !phases) return undefined;
    const fits = orientations.shape.slice(1).join() === "3,3" && strain.shape.join() === `${phases.shape},4`;
    if (!fits) {
      throw new BadParameter(
        `the arrays orientation_matrices, strain and phase of ${path} are not of one scan`,
        {
          file: path,
          expected: "(crystals, 3, 3), (rows, columns, 4) and (rows, columns)",
          found: [orientations, strain, phases].map(({ shape }) => shape.join(" x ")).join(", "),
          remedy: "save all of the same scan",
        },
      );
    }
    return {
      orientations: Float64Array.from(orientations.values),
      strain: Float64Array.from(strain.values),
      phases: labelMap(phases),
    };
  } finally {
    zip.close();
  }
}

/** Two axes are (row, column), three (frame, row, column); lists of a series have one axis. */
type Axes = 1 | 2 | 3;

/** Arrays of a file; `purity` where it has one and only maps are asked for. */
interface StoredMaps {
  readonly labels: NumberMap;
  readonly purity?: NumberMap;
  /** Where maps of a series are asked for. */
  readonly merged?: NumberMap;
  readonly splitOf?: NumberMap;
}

async function readFile(path: string, axes: Axes): Promise<StoredMaps> {
  const file = FileSource.open(path);
  try {
    const head = readBytes(file, 0, Math.min(16, file.size));
    if (hasNpyMagic(head)) return { labels: readMap(file, axes) };
    if (head[0] === 0x50 && head[1] === 0x4b) return await readArchive(file, axes);
    throw new UnsupportedFormat(`${path} is no label map that we read`, {
      file: path,
      expected: "an .npy array, or an .npz archive with the array labels",
      found: "another kind of file",
      remedy: "save the labels with numpy.save",
    });
  } finally {
    file.close();
  }
}

/** An array as it is, in C order. */
interface NumberMap {
  readonly path: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** Reads arrays of an archive by their names; `undefined` where it has none of that name. */
function memberReader(zip: ByteSource) {
  const members = readZipDirectory(zip);
  return async (name: string, axes: Axes): Promise<NumberMap | undefined> => {
    const member = members.find((member) => member.name === `${name}.npy`);
    if (!member) return undefined;
    const array = await openMember(zip, member);
    try {
      return readMap(array, axes);
    } finally {
      array.close();
    }
  };
}

async function readArchive(zip: ByteSource, axes: Axes): Promise<StoredMaps> {
  const read = memberReader(zip);
  const labels = await read("labels", axes), purity = axes === 2 ? await read("purity", 2) : undefined;
  const merged = axes === 3 ? await read("merged", 2) : undefined;
  const splitOf = axes === 3 ? await read("split_of", 1) : undefined;
  if (!labels) {
    const members = readZipDirectory(zip);
    throw new BadParameter(`${zip.path} has no array "labels"`, {
      file: zip.path,
      expected: "an archive as crystallite simulate writes it beside a scan",
      found: members.length === 0 ? "nothing" : listNames(members.map((member) => member.name)),
      remedy: "name the file with the labels",
    });
  }
  return { labels, purity, merged, splitOf };
}

function readMap(file: ByteSource, axes: Axes): NumberMap {
  const header = readNpyHeader(file), { shape } = header;
  if (shape.length !== axes || shape.includes(0)) {
    throw new BadParameter(`${file.path} is no map of probes`, {
      file: file.path,
      expected: {
        1: "an array with one axis",
        2: "an array with two axes (row, column)",
        3: "an array with three axes (frame, row, column)",
      }[axes],
      found: `an array of shape (${shape.join(", ")})`,
      remedy: axes === 3
        ? "save the maps of all frames"
        : "give the map of one scan, such as labels.npy of a result",
    });
  }
  const most = axes === 3 ? mostSeriesProbes : mostProbes;
  const probes = shape.reduce((product, length) => product * length, 1);
  if (probes > most) {
    throw new OutOfResources(`${file.path} is a map of ${shape.join(" x ")} probes, too large to read`, {
      file: file.path,
      expected: `at most ${most} probes`,
      found: shape.join(" x "),
      remedy: "give the map of the scan alone",
    });
  }
  const stored = readValues(file, header, probes);
  const values = header.fortranOrder ? inOrderOfC(stored, shape) : stored;
  return { path: file.path, shape, values };
}

/** Numbers whose first axis runs fastest, with the last one fastest. */
function inOrderOfC(stored: ArrayLike<number>, shape: readonly number[]): Float64Array {
  return Float64Array.from({ length: stored.length }, (_, index) => {
    let place = 0, rest = index;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const before = shape.slice(0, axis).reduce((product, length) => product * length, 1);
      place += rest % shape[axis] * before;
      rest = Math.floor(rest / shape[axis]);
    }
    return stored[place];
  });
}

/** The numbers in the order in which they lie, whatever their type. */
function readValues(file: ByteSource, header: NpyHeader, count: number): PixelArray {
  const stored = parseDescriptor(header.descriptor, file.path);
  checkLength(header, numberBytes(stored.numbers), file);
  const values = createPixelArray(dtypeOfNumbers(stored.numbers), count);
  readNumbers(file, header.dataOffset, stored, values);
  return values;
}

function labelMap({ path, shape, values }: NumberMap): Int32Array {
  const labels = new Int32Array(values.length), columns = shape.at(-1)!;
  const say = (value: number) =>
    Math.abs(value) === Infinity ? "infinity, or a whole number beyond 2^53" : value;
  for (let probe = 0; probe < labels.length; probe++) {
    labels[probe] = values[probe];
    if (labels[probe] === values[probe]) continue;
    throw new BadParameter(`${path} holds no labels`, {
      file: path,
      expected: "whole numbers that fit 32 bits",
      found: `${say(values[probe])} at row ${Math.floor(probe / columns)}, column ${probe % columns}`,
      remedy: "give a map with one whole number for each probe",
    });
  }
  return labels;
}

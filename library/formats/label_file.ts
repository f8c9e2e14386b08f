/** Label maps in files: a two-dimensional `.npy` array, or an `.npz` archive with the array `labels`. */

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

/** Larger maps are of no scan. */
const mostProbes = 2 ** 26;

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
  const file = FileSource.open(path);
  try {
    const head = readBytes(file, 0, Math.min(16, file.size));
    if (hasNpyMagic(head)) return labelMap(readMap(file));
    if (head[0] === 0x50 && head[1] === 0x4b) return await readArchive(file);
    throw new UnsupportedFormat(`${path} is no label map that we read`, {
      file: path,
      expected: "a two-dimensional .npy array, or an .npz archive with the array labels",
      found: "another kind of file",
      remedy: "save the labels with numpy.save",
    });
  } finally {
    file.close();
  }
}

/** A two-dimensional array as it is, in C order. */
interface NumberMap {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
}

async function readArchive(zip: ByteSource): Promise<LabelMap> {
  const members = readZipDirectory(zip);
  const read = async (name: string): Promise<NumberMap | undefined> => {
    const member = members.find((member) => member.name === `${name}.npy`);
    if (!member) return undefined;
    const array = await openMember(zip, member);
    try {
      return readMap(array);
    } finally {
      array.close();
    }
  };
  const labels = await read("labels"), purity = await read("purity");
  if (!labels) {
    throw new BadParameter(`${zip.path} has no array "labels"`, {
      file: zip.path,
      expected: "an archive as crystallite simulate writes it beside a scan",
      found: members.length === 0 ? "nothing" : listNames(members.map((member) => member.name)),
      remedy: "name the file with the labels",
    });
  }
  const map = labelMap(labels);
  if (!purity) return map;
  if (purity.rows !== map.rows || purity.columns !== map.columns) {
    throw new BadParameter(`the arrays labels and purity of ${zip.path} differ in shape`, {
      file: zip.path,
      expected: `${map.rows} x ${map.columns}`,
      found: `${purity.rows} x ${purity.columns}`,
      remedy: "save both for the same scan",
    });
  }
  return { ...map, purity: Float64Array.from(purity.values) };
}

function readMap(file: ByteSource): NumberMap {
  const header = readNpyHeader(file);
  if (header.shape.length !== 2 || header.shape.includes(0)) {
    throw new BadParameter(`${file.path} is no map of probes`, {
      file: file.path,
      expected: "an array with two axes (row, column)",
      found: `an array of shape (${header.shape.join(", ")})`,
      remedy: "save the map of one scan",
    });
  }
  const [rows, columns] = header.shape;
  if (rows * columns > mostProbes) {
    throw new OutOfResources(`${file.path} is a map of ${rows} x ${columns} probes, too large to read`, {
      file: file.path,
      expected: `at most ${mostProbes} probes`,
      found: `${rows} x ${columns}`,
      remedy: "give the map of the scan alone",
    });
  }
  const stored = readValues(file, header);
  const values = header.fortranOrder
    ? Float64Array.from(
      { length: rows * columns },
      (_, index) => stored[(index % columns) * rows + Math.floor(index / columns)],
    )
    : stored;
  return { path: file.path, rows, columns, values };
}

/** The numbers in the order in which they lie, whatever their type. */
function readValues(file: ByteSource, header: NpyHeader): PixelArray {
  const stored = parseDescriptor(header.descriptor, file.path), [rows, columns] = header.shape;
  checkLength(header, numberBytes(stored.numbers), file);
  const values = createPixelArray(dtypeOfNumbers(stored.numbers), rows * columns);
  readNumbers(file, header.dataOffset, stored, values);
  return values;
}

function labelMap({ path, rows, columns, values }: NumberMap): LabelMap {
  const labels = new Int32Array(rows * columns);
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
  return { rows, columns, labels };
}

/** Arrays of one number for each probe, frame or object: an `.npy` file, or members of an `.npz` archive. */

import type { ByteSource } from "../scan/byte_source.ts";
import { createPixelArray, type PixelArray } from "../scan/dtype.ts";
import { BadParameter, OutOfResources } from "../scan/errors.ts";
import { dtypeOfNumbers, numberBytes } from "../scan/stored_number.ts";
import { readNumbers } from "./convert_numbers.ts";
import { checkLength } from "./npy.ts";
import { type NpyHeader, parseDescriptor, readNpyHeader } from "./npy_header.ts";
import { readZipDirectory } from "./zip.ts";
import { openMember } from "./zip_member.ts";

/** Larger maps are of no scan, and larger ones of no series that fits memory. */
const mostProbes = 2 ** 26, mostSeriesProbes = 2 ** 29;

/** Two axes are (row, column), three (frame, row, column); lists of a series have one axis. */
export type Axes = 1 | 2 | 3;

/** An array as it is, in C order. */
export interface NumberMap {
  readonly path: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** Reads arrays of an archive by their names; `undefined` where it has none of that name. */
export function memberReader(zip: ByteSource) {
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

/**
 * Reads an array with so many axes.
 *
 * @throws {BadParameter} when it has another number of axes, or none of some length
 * @throws {OutOfResources} when it is larger than that of any scan
 */
export function readMap(file: ByteSource, axes: Axes): NumberMap {
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

/**
 * An array as whole numbers of 32 bits.
 *
 * @throws {BadParameter} when a number is none
 */
export function wholeNumbers({ path, shape, values }: NumberMap): Int32Array {
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

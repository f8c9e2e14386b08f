/** Number types of HDF5 data sets. */

import { UnsupportedFormat } from "../../scan/errors.ts";
import { complexRemedy, numberNames, numberOfKind, type StoredNumber } from "../../scan/stored_number.ts";
import type { Hdf5Dataset, Hdf5File } from "./file.ts";

/** What the file says of a data set. */
type Metadata = Hdf5Dataset["metadata"];

/** Numbers of HDF5's classes of types. */
const integerClass = 0, floatClass = 1, compoundClass = 6, enumClass = 8, complexClass = 11;
const otherClasses: Readonly<Record<number, string>> = {
  3: "text",
  4: "bit fields",
  5: "opaque bytes",
  7: "references",
  9: "ragged lists",
  10: "arrays in each element",
};

/**
 * The type of a data set's numbers.
 *
 * @throws {UnsupportedFormat} when they are of a type that we do not read, or no numbers
 */
export function readNumberType(file: Hdf5File, path: string, dataset: Hdf5Dataset): StoredNumber {
  const metadata = file.guard(path, () => dataset.metadata), numbers = numbersOf(metadata);
  if (numbers !== undefined) return numbers;
  const found = nameOf(metadata), complex = found === "complex numbers";
  throw refusal(file, path, found, complex ? complexRemedy : `save it as one of ${numberNames}`);
}

function numbersOf({ type, size, signed, enum_type: values }: Metadata): StoredNumber | undefined {
  if (type === integerClass) return numberOfKind(signed ? "i" : "u", size);
  if (type === floatClass) return numberOfKind("f", size);
  // As h5py writes booleans.
  const { FALSE, TRUE, ...others } = type === enumClass && values ? values.members : {};
  return FALSE === 0 && TRUE === 1 && Object.keys(others).length === 0 && size === 1 ? "bool" : undefined;
}

function nameOf({ type, size, signed, compound_type: record }: Metadata): string {
  if (type === integerClass) return `${signed ? "int" : "uint"}${8 * size}`;
  if (type === floatClass) return `float${8 * size}`;
  if (type === enumClass) return "enumerated values";
  if (type === compoundClass) {
    const names = record?.members.map(({ name }) => name).join() ?? "";
    return /^(r|re|real),(i|im|imag)$/i.test(names) ? "complex numbers" : "records";
  }
  return type === complexClass ? "complex numbers" : otherClasses[type] ?? "values of an unknown kind";
}

/**
 * Makes sure that floats of 16 bits are those of IEEE 754: HDF5 files may hold others, such as bfloat16.
 *
 * @throws {UnsupportedFormat} when they are others
 */
export function requireHalves(file: Hdf5File, path: string, { type }: Hdf5Dataset): void {
  if (type.plain) return;
  throw refusal(file, path, "floats of 16 bits that are not those of IEEE 754", "save it as float32");
}

function refusal(file: Hdf5File, path: string, found: string, remedy: string): UnsupportedFormat {
  return new UnsupportedFormat(`${path} in ${file.path} holds ${found}, which we do not read`, {
    file: file.path,
    dataset: path,
    expected: numberNames,
    found,
    remedy,
  });
}

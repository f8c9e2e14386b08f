/** Masks that the user draws elsewhere: a two-dimensional `.npy` array or a PNG picture. */

import { convertIndexedToRgb, decode } from "fast-png";
import { createPixelArray, type PixelArray } from "../scan/dtype.ts";
import { BadParameter, CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import { type ByteSource, FileSource, readBytes } from "../scan/byte_source.ts";
import { dtypeOfNumbers, numberBytes } from "../scan/stored_number.ts";
import { readUnlessWord } from "../scan/word_or_file.ts";
import { boundedPng } from "./bounded_png.ts";
import { readNumbers } from "./convert_numbers.ts";
import { checkLength } from "./npy.ts";
import { hasNpyMagic, parseDescriptor, readNpyHeader } from "./npy_header.ts";

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Reads a mask: 1 where the file is nonzero (in a picture: where any colour is; transparency does not count), else 0.
 *
 * @param rows expected number of rows
 * @param columns expected number of columns
 * @returns rows x columns values, row-major
 * @throws {BadParameter} when the mask has another shape
 * @throws {UnsupportedFormat} when the file is neither npy nor PNG, or its numbers are of a type that we do not read
 * @throws {CorruptFile} when the file is damaged
 * @throws {FileUnavailable} when it is missing or unreadable
 *
 * @example
 * ```ts
 * import { encodeNpy, readMaskFile } from "crystallite";
 *
 * const path = await Deno.makeTempFile({ suffix: ".npy" });
 * await Deno.writeFile(path, encodeNpy("u8", [1, 3], Uint8Array.of(0, 7, 1)));
 * console.assert((await readMaskFile(path, 1, 3)).join() === "0,1,1");
 * ```
 */
export async function readMaskFile(path: string, rows: number, columns: number): Promise<Uint8Array> {
  // Failures reject, as those of every other opener.
  await Promise.resolve();
  const file = FileSource.open(path);
  try {
    const head = readBytes(file, 0, Math.min(26, file.size));
    if (hasNpyMagic(head)) return readNpyMask(file, rows, columns);
    if (pngSignature.every((byte, index) => head[index] === byte)) return readPngMask(file, rows, columns);
    throw new UnsupportedFormat(`${path} is no mask that we read`, {
      file: path,
      expected: "a two-dimensional .npy array or a PNG picture",
      found: "another kind of file",
      remedy: "save the mask with numpy.save or as PNG",
    });
  } finally {
    file.close();
  }
}

/**
 * Reads a mask that a word names, which may be a mistyped word for another mask.
 *
 * @param parameter the library's name of what the mask is for
 * @param words what else it may be
 * @throws as {@link readMaskFile}
 */
export async function readNamedMask(
  path: string,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  parameter: string,
  words: string,
): Promise<Uint8Array> {
  return await readUnlessWord(path, parameter, words, (path) => readMaskFile(path, rows, columns));
}

function requireShape(path: string, found: readonly number[], rows: number, columns: number): void {
  if (found.length === 2 && found[0] === rows && found[1] === columns) return;
  throw new BadParameter(`the mask ${path} is ${found.join(" x ")}, but ${rows} x ${columns} is needed`, {
    file: path,
    expected: `${rows} x ${columns}`,
    found: found.join(" x "),
    remedy: `give a mask of ${rows} rows and ${columns} columns`,
  });
}

function readNpyMask(file: ByteSource, rows: number, columns: number): Uint8Array {
  const header = readNpyHeader(file);
  const stored = parseDescriptor(header.descriptor, file.path);
  requireShape(file.path, header.shape, rows, columns);
  checkLength(header, numberBytes(stored.numbers), file);
  const values = createPixelArray(dtypeOfNumbers(stored.numbers), rows * columns);
  readNumbers(file, header.dataOffset, stored, values);
  refuseNaN(values, file.path);
  const mask = new Uint8Array(rows * columns);
  for (let index = 0; index < mask.length; index++) {
    const source = header.fortranOrder ? (index % columns) * rows + Math.floor(index / columns) : index;
    mask[index] = values[source] !== 0 ? 1 : 0;
  }
  return mask;
}

function refuseNaN(values: PixelArray, path: string): void {
  const index = values.findIndex((value: number) => Number.isNaN(value));
  if (index < 0) return;
  throw new CorruptFile(`the mask ${path} holds NaN, which is neither inside nor outside`, {
    file: path,
    expected: "numbers",
    found: `NaN at element ${index}`,
    remedy: "replace NaN by 0 or 1",
  });
}

function readPngMask(file: ByteSource, rows: number, columns: number): Uint8Array {
  // The shape is looked at first: a small file can unpack to a huge picture.
  const header = new DataView(readBytes(file, 16, 8).buffer);
  requireShape(file.path, [header.getUint32(4), header.getUint32(0)], rows, columns);
  const { data, channels } = decodePng(file, rows, columns);
  const colours = channels === 2 || channels === 4 ? channels - 1 : channels;
  return Uint8Array.from({ length: rows * columns }, (_, pixel) => {
    for (let colour = 0; colour < colours; colour++) {
      if (data[pixel * channels + colour] !== 0) return 1;
    }
    return 0;
  });
}

/** One number for each channel of each pixel, whatever the picture's depth and palette. */
function decodePng(
  file: ByteSource,
  rows: number,
  columns: number,
): { data: ArrayLike<number>; channels: number } {
  try {
    const picture = decode(boundedPng(file, rows, columns), { checkCrc: true });
    if (picture.height !== rows || picture.width !== columns) {
      throw new Error(`${picture.height} x ${picture.width} pixels behind a header of others`);
    }
    if (picture.palette) {
      return { data: convertIndexedToRgb(picture), channels: picture.palette[0].length };
    }
    if (picture.depth >= 8) return picture;
    return { data: unpackBits(picture.data, picture.width, picture.height, picture.depth), channels: 1 };
  } catch (cause) {
    throw new CorruptFile(`the picture ${file.path} cannot be decoded`, {
      file: file.path,
      expected: "a sound PNG file",
      found: cause instanceof Error ? cause.message : String(cause),
      remedy: "save the mask again",
    }, { cause });
  }
}

/** Grey values of 1, 2 or 4 bits, packed with the first pixel in the highest bits, each line from a new byte. */
function unpackBits(packed: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const lineBytes = Math.ceil(width * depth / 8);
  const values = new Uint8Array(width * height);
  for (let index = 0; index < values.length; index++) {
    const bit = (index % width) * depth;
    const byte = packed[Math.floor(index / width) * lineBytes + (bit >> 3)];
    values[index] = byte >> (8 - depth - (bit & 7)) & (2 ** depth - 1);
  }
  return values;
}

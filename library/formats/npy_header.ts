/** The header of numpy's `.npy` format: what the array is and where its data begin. */

import { CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import { type ByteSource, readBytes } from "../scan/byte_source.ts";
import {
  complexRemedy,
  numberBytes,
  numberNames,
  type StoredNumber,
  storedNumbers,
} from "../scan/stored_number.ts";

/** What a `.npy` header says. */
export interface NpyHeader {
  /** Number type as numpy writes it, such as `<u2`. */
  readonly descriptor: string;
  /** Whether the first axis is the fastest. */
  readonly fortranOrder: boolean;
  /** Lengths of the axes, in the order of the array's indices. */
  readonly shape: readonly number[];
  /** Byte at which the data begin. */
  readonly dataOffset: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Numpy itself refuses longer headers; ours only ever need a few hundred bytes. */
const longestHeader = 64 * 1024;

/** Whether bytes begin as a `.npy` file does. */
export function hasNpyMagic(head: Uint8Array): boolean {
  return head.length >= 10 && magic.every((byte, index) => head[index] === byte);
}

/**
 * Reads the header.
 *
 * @throws {CorruptFile} when it is damaged or cut off
 * @throws {UnsupportedFormat} when the format version or a structured number type is beyond us
 */
export function readNpyHeader(source: ByteSource): NpyHeader {
  const file = source.path;
  const damaged = (found: string, offset: number) =>
    new CorruptFile(`the npy header of ${file} is damaged`, {
      file,
      offset,
      expected: "a dictionary with descr, fortran_order and shape",
      found,
      remedy: "save the array again with numpy.save",
    });
  const start = readBytes(source, 0, 10);
  if (!hasNpyMagic(start)) throw damaged("no npy magic number", 0);
  const version = start[6];
  if (version < 1 || version > 3) {
    throw new UnsupportedFormat(`${file} is of npy version ${version}, which we do not know`, {
      file,
      expected: "version 1, 2 or 3",
      found: String(version),
      remedy: "save the array again with numpy.save",
    });
  }
  const textOffset = version === 1 ? 10 : 12;
  const lengthField = readBytes(source, 8, textOffset - 8);
  const view = new DataView(lengthField.buffer);
  const length = version === 1 ? view.getUint16(0, true) : view.getUint32(0, true);
  if (length > longestHeader) throw damaged(`a header of ${length} bytes`, 8);
  const text = new TextDecoder("latin1").decode(readBytes(source, textOffset, length)).trim();

  if (!text.startsWith("{") || !text.endsWith("}")) {
    throw damaged(JSON.stringify(text.slice(0, 40)), textOffset);
  }
  if (/['"]descr['"]\s*:\s*\[/.test(text)) {
    throw new UnsupportedFormat(`${file} holds records, not numbers`, {
      file,
      expected: "an array of plain numbers",
      found: "a structured number type",
      remedy: "save one field of the array as a plain array",
    });
  }
  const descriptor = /['"]descr['"]\s*:\s*['"]([!#-&(-~]{1,32})['"]/.exec(text)?.[1];
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const tuple = /['"]shape['"]\s*:\s*\(([^()]*)\)/.exec(text)?.[1];
  if (descriptor === undefined || order === undefined || tuple === undefined) {
    throw damaged(JSON.stringify(text.slice(0, 80)), textOffset);
  }
  return {
    descriptor,
    fortranOrder: order === "True",
    shape: parseTuple(tuple, () => damaged(`shape (${tuple.slice(0, 80)})`, textOffset)),
    dataOffset: textOffset + length,
  };
}

/** The lengths in `3, 4, 5` or `3,`; numpy of Python 2 wrote `3L`. */
function parseTuple(text: string, damaged: () => CorruptFile): number[] {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.at(-1) === "") parts.pop();
  return parts.map((part) => {
    const length = /^\d{1,16}L?$/.test(part) ? parseInt(part) : NaN;
    if (!Number.isSafeInteger(length)) throw damaged();
    return length;
  });
}

/** numpy's codes of the number types that are read: kind and bytes. */
const codes = new Map(
  storedNumbers.map((
    numbers,
  ) => [numbers === "bool" ? "b1" : `${numbers[0]}${numberBytes(numbers)}`, numbers]),
);

/**
 * The number type that numpy describes, and whether the bytes must be swapped on this machine.
 *
 * @throws {UnsupportedFormat} for number types that we do not read
 */
export function parseDescriptor(
  descriptor: string,
  file: string,
): { numbers: StoredNumber; swapped: boolean } {
  const [, order, code = ""] = /^([<>=|]?)(\w+)$/.exec(descriptor) ?? [], numbers = codes.get(code);
  if (numbers === undefined) {
    const complex = /^c\d+$/.test(code);
    throw new UnsupportedFormat(
      `${file} holds ${complex ? "complex numbers" : "numbers"} of type ${descriptor}, which we do not read`,
      {
        file,
        expected: numberNames,
        found: descriptor,
        remedy: complex ? complexRemedy : `save it as one of ${numberNames}`,
      },
    );
  }
  return { numbers, swapped: numberBytes(numbers) > 1 && order === (nativeIsLittleEndian ? ">" : "<") };
}

const nativeIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

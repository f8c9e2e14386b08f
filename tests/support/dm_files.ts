/** Small DigitalMicrograph files made byte by byte, sound and unsound, of both versions and byte orders. */

import { bytesOf, type PixelArray } from "../../library/scan/dtype.ts";

/** How a file is written. */
export interface DmKind {
  readonly version: 3 | 4;
  readonly littleEndian: boolean;
}

/** Both versions in both byte orders. */
export const dmKinds: readonly DmKind[] = [3, 4].flatMap((version) =>
  [true, false].map((littleEndian): DmKind => ({ version: version as 3 | 4, littleEndian }))
);

/** A value as its type words and bytes. */
export interface DmValue {
  readonly words: readonly number[];
  readonly bytes: Uint8Array;
}

/** Tags by name; those of a list have none. */
export type DmTags = { readonly [name: string]: DmTag } | readonly DmTag[];

/** A group or a value; functions get the kind of file, for the order of their bytes. */
export type DmTag = DmTags | ((kind: DmKind) => DmValue);

const scalars = { i16: 2, i32: 3, u16: 4, u32: 5, f32: 6, f64: 7, i8: 9, u8: 10 } as const;

/** The type of numbers in arrays and scalars. */
export type DmNumber = keyof typeof scalars;

function view(bytes: number, write: (view: DataView) => void): Uint8Array {
  const buffer = new Uint8Array(bytes);
  write(new DataView(buffer.buffer));
  return buffer;
}

/** A number. */
export function number(type: "u16" | "u32" | "i32" | "f32" | "f64", value: number): DmTag {
  return ({ littleEndian }) => ({
    words: [scalars[type]],
    bytes: view(Number(type.slice(1)) / 8, (view) => {
      if (type === "u16") view.setUint16(0, value, littleEndian);
      else if (type === "u32") view.setUint32(0, value, littleEndian);
      else if (type === "i32") view.setInt32(0, value, littleEndian);
      else if (type === "f32") view.setFloat32(0, value, littleEndian);
      else view.setFloat64(0, value, littleEndian);
    }),
  });
}

/** A truth. */
function truth(value: boolean): DmTag {
  return () => ({ words: [8], bytes: Uint8Array.of(value ? 1 : 0) });
}

/** A text, as an array of 16-bit characters. */
export function text(value: string): DmTag {
  return ({ littleEndian }) => ({
    words: [20, 4, value.length],
    bytes: view(2 * value.length, (view) => {
      for (let i = 0; i < value.length; i++) view.setUint16(2 * i, value.charCodeAt(i), littleEndian);
    }),
  });
}

/** Numbers in the order of the file. */
export function numbers(type: DmNumber, data: PixelArray | Int8Array): DmTag {
  return ({ littleEndian }) => {
    const bytes = bytesOf(data).slice(), size = data.BYTES_PER_ELEMENT;
    if (!littleEndian) {
      for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
    }
    return { words: [20, scalars[type], data.length], bytes };
  };
}

/** Any value, for types that are rare or none. */
export function rawValue(words: readonly number[], bytes = new Uint8Array()): DmTag {
  return () => ({ words, bytes });
}

/** A file of these tags. */
export function dmFile(kind: DmKind, root: DmTags): Uint8Array<ArrayBuffer> {
  const wordBytes = kind.version === 3 ? 4 : 8;
  const big = (value: number, bytes: number) =>
    Uint8Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** (bytes - 1 - index)) % 256);
  const word = (value: number) => big(value, wordBytes);
  const latin1 = (name: string) => Uint8Array.from(name, (character) => character.charCodeAt(0));
  const group = (tags: DmTags): Uint8Array[] => {
    const entries: readonly (readonly [string, DmTag])[] = Array.isArray(tags)
      ? tags.map((tag) => ["", tag])
      : Object.entries(tags);
    return [Uint8Array.of(1, 0), word(entries.length), ...entries.flatMap(([name, tag]) => entry(name, tag))];
  };
  const entry = (name: string, tag: DmTag): Uint8Array[] => {
    const content = typeof tag === "function" ? value(tag(kind)) : group(tag);
    const length = content.reduce((sum, piece) => sum + piece.length, 0);
    return [
      Uint8Array.of(typeof tag === "function" ? 21 : 20),
      big(name.length, 2),
      latin1(name),
      ...(kind.version === 4 ? [word(length)] : []),
      ...content,
    ];
  };
  const value = (
    { words, bytes }: DmValue,
  ) => [latin1("%%%%"), word(words.length), ...words.map(word), bytes];
  const tags = group(root), size = tags.reduce((sum, piece) => sum + piece.length, 0);
  const head: Uint8Array[] = [big(kind.version, 4), word(size), big(kind.littleEndian ? 1 : 0, 4)];
  // Not spread: a file may have more tags than a call has arguments.
  return concatenated(head.concat(tags, new Uint8Array(8)));
}

function concatenated(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** What an image of a test file is. */
export interface DmImageRecipe {
  /** Lengths of the axes, the fastest first. */
  readonly dimensions: readonly number[];
  readonly dataType: number;
  readonly data: DmTag;
  /** Step and unit of each axis. */
  readonly axes?: readonly (readonly [step: number, unit: string])[];
  readonly swapped?: boolean;
  readonly format?: string;
  readonly microscope?: DmTags;
}

/** The tags of an image. */
function imageTags(image: DmImageRecipe): DmTags {
  const { dimensions, dataType, data, axes = [], swapped, format, microscope = {} } = image;
  return {
    ImageData: {
      Calibrations: {
        Brightness: { Origin: number("f32", 0), Scale: number("f32", 1), Units: text("") },
        Dimension: axes.map(([step, unit]) => ({
          Origin: number("f32", 3),
          Scale: number("f32", step),
          Units: text(unit),
        })),
      },
      Data: data,
      DataType: number("u32", dataType),
      Dimensions: dimensions.map((length) => number("u32", length)),
    },
    ImageTags: {
      "Meta Data": {
        ...(swapped !== undefined && { "Data Order Swapped": truth(swapped) }),
        ...(format !== undefined && { Format: text(format) }),
      },
      "Microscope Info": microscope,
    },
  };
}

const thumbnail: DmImageRecipe = {
  dimensions: [2, 2],
  dataType: 23,
  data: numbers("u32", new Uint32Array(4).fill(0xffffffff)),
  // Programs count images by the first of these.
  axes: [[1, ""], [1, ""]],
};

/** The tags of a file that holds a thumbnail and these images, as DigitalMicrograph orders them. */
export function imageFileTags(...images: readonly DmImageRecipe[]): DmTags {
  return {
    ApplicationBounds: rawValue([15, 0, 4, 0, 3, 0, 3, 0, 3, 0, 3], new Uint8Array(16)),
    DocumentObjectList: [{ CLUT: rawValue([20, 15, 0, 3, 0, 2, 0, 2, 0, 2, 4], new Uint8Array(24)) }],
    ImageList: [thumbnail, ...images].map(imageTags),
    InImageMode: truth(true),
    Name: rawValue([18, 6], new Uint8Array(6)),
    Thumbnails: [{ ImageIndex: number("u32", 0) }],
  };
}

/** Types and shapes of HDF5 values, as their messages describe them. */

import { expectKnown, expectLayout, type Fields } from "./bytes.ts";

/** Class numbers of HDF5's types. */
export const typeClass = {
  integer: 0,
  float: 1,
  text: 3,
  record: 6,
  enumeration: 8,
  variableLength: 9,
} as const;

/** What a type message says. */
export interface Hdf5Type {
  /** One of {@link typeClass}, or what we do not read. */
  readonly type: number;
  /** Bytes of an element in the file. */
  readonly size: number;
  readonly signed: boolean;
  readonly littleEndian: boolean;
  /** Whether the bytes of a number are just that: all bits used, in the formats of today's processors. */
  readonly plain: boolean;
  /** Texts of variable length. */
  readonly vlen: boolean;
  /** What the values of an enumeration or the elements of a list are. */
  readonly base?: Hdf5Type;
  /** Names and values of an enumeration. */
  /** Names of the members of a record. */
  readonly compound_type?: { readonly members: readonly { readonly name: string }[] };
  readonly enum_type?: { readonly type: number; readonly members: Readonly<Record<string, number>> };
}

const deepestType = 8, mostMembers = 1000;
/** Significand and exponent of IEEE numbers: bits of exponent and of significand, by size. */
const ieee: Readonly<Record<number, readonly [exponent: number, significand: number]>> = {
  2: [5, 10],
  4: [8, 23],
  8: [11, 52],
};

/** Reads a type message, or what of it matters for reading numbers and texts. */
export function parseType(fields: Fields, depth = 0): Hdf5Type {
  expectLayout(depth < deepestType, "a type within too many types");
  const head = fields.u8(), type = head & 15, version = head >> 4;
  expectKnown(version >= 1 && version <= 5, "a type of an unknown version");
  const bits = fields.u8();
  const more = fields.u16();
  const size = fields.u32();
  expectLayout(size > 0, "a type without size");
  const plainType = { type, size, signed: false, littleEndian: true, plain: false, vlen: false };
  switch (type) {
    case typeClass.integer: {
      const offset = fields.u16(), precision = fields.u16();
      return {
        ...plainType,
        signed: (bits & 8) !== 0,
        littleEndian: (bits & 1) === 0,
        plain: offset === 0 && precision === size * 8,
      };
    }
    case typeClass.float:
      return {
        ...plainType,
        signed: true,
        littleEndian: (bits & 0x41) === 0,
        plain: isIeee(fields, size, bits),
      };
    case typeClass.enumeration: {
      const base = parseType(fields, depth + 1);
      const members = parseMembers(fields, bits | (more & 255) << 8, base, version);
      return {
        ...plainType,
        signed: base.signed,
        littleEndian: base.littleEndian,
        plain: base.plain,
        base,
        enum_type: { type: base.type, members },
      };
    }
    case typeClass.record:
      return {
        ...plainType,
        compound_type: { members: parseRecord(fields, bits | (more & 255) << 8, size, version, depth) },
      };
    case typeClass.variableLength:
      return {
        ...plainType,
        ...((bits & 15) === 1 && { type: typeClass.text, vlen: true }),
        base: parseType(fields, depth + 1),
      };
    default:
      return plainType;
  }
}

function isIeee(fields: Fields, size: number, bits: number): boolean {
  const offset = fields.u16(), precision = fields.u16();
  const exponentAt = fields.u8(),
    exponent = fields.u8(),
    significandAt = fields.u8(),
    significand = fields.u8();
  const bias = fields.u32(), expected = ieee[size];
  if (!expected) return false;
  const [exponentBits, significandBits] = expected;
  return offset === 0 && precision === size * 8 && exponentAt === significandBits &&
    exponent === exponentBits &&
    significandAt === 0 && significand === significandBits && bias === 2 ** (exponentBits - 1) - 1 &&
    (bits & 0x40) === 0 && (bits >> 4 & 3) === 2;
}

function parseMembers(
  fields: Fields,
  count: number,
  base: Hdf5Type,
  version: number,
): Readonly<Record<string, number>> {
  if (count > mostMembers || base.type !== typeClass.integer) return {};
  const names = Array.from({ length: count }, () => {
    const start = fields.position, name = fields.text();
    // Older files fill names up with NUL.
    if (version < 3) fields.skip((8 - (fields.position - start) % 8) % 8);
    return name;
  });
  const read = numberReader(base);
  return Object.fromEntries(names.map((name) => {
    const { bytes } = fields.take(base.size);
    return [name, Number(read?.(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)) ?? 0)];
  }));
}

/** The names of a record's members, passing their types. */
function parseRecord(fields: Fields, count: number, size: number, version: number, depth: number) {
  const offsetBytes = size < 2 ** 8 ? 1 : size < 2 ** 16 ? 2 : size < 2 ** 24 ? 3 : 4;
  return Array.from({ length: Math.min(count, mostMembers) }, () => {
    const start = fields.position, name = fields.text();
    if (version < 3) fields.skip((8 - (fields.position - start) % 8) % 8 + 4 + (version === 1 ? 28 : 0));
    else fields.skip(offsetBytes);
    parseType(fields, depth + 1);
    return { name };
  });
}

/** How a plain number is read from its bytes; `undefined` where that is for others. */
export function numberReader(
  { type, size, signed, littleEndian, plain }: Hdf5Type,
): ((element: DataView) => number) | undefined {
  if (!plain) return undefined;
  if (type === typeClass.float) {
    if (size === 4) return (element) => element.getFloat32(0, littleEndian);
    return size === 8 ? (element) => element.getFloat64(0, littleEndian) : undefined;
  }
  switch (size) {
    case 1:
      return (element) => signed ? element.getInt8(0) : element.getUint8(0);
    case 2:
      return (element) => signed ? element.getInt16(0, littleEndian) : element.getUint16(0, littleEndian);
    case 4:
      return (element) => signed ? element.getInt32(0, littleEndian) : element.getUint32(0, littleEndian);
    case 8:
      return (element) =>
        Number(signed ? element.getBigInt64(0, littleEndian) : element.getBigUint64(0, littleEndian));
  }
}

/** Lengths of the axes of a value. */
export interface Hdf5Space {
  /** `null` for a value that is empty; no lengths for a single one. */
  readonly shape: number[] | null;
  /** What the lengths may grow to; `null` without limit. */
  readonly maxshape: (number | null)[] | null;
}

const mostAxes = 32;

/** Reads a dataspace message. */
export function parseSpace(fields: Fields): Hdf5Space {
  const version = fields.u8(), axes = fields.u8(), flags = fields.u8();
  expectKnown(version === 1 || version === 2, "a shape of an unknown version");
  const kind = fields.u8();
  if (version === 1) fields.skip(4);
  expectLayout(axes <= mostAxes, "more axes than HDF5 allows");
  if (version === 2 && kind === 2) return { shape: null, maxshape: null };
  const shape = Array.from({ length: axes }, () => fields.u64());
  const maxshape = flags & 1 ? Array.from({ length: axes }, () => fields.address() ?? null) : [...shape];
  expectLayout(
    maxshape.every((most, axis) => most === null || most >= shape[axis]),
    "axes that are longer than they may become",
  );
  return { shape, maxshape };
}

/** Number of elements; {@link OddLayout} where nobody could count them. */
export function elementCount(shape: readonly number[] | null): number {
  if (shape === null) return 0;
  const count = shape.reduce((product, length) => product * length, 1);
  expectLayout(Number.isSafeInteger(count), "a shape of more elements than any file holds");
  return count;
}

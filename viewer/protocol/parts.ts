/**
 * Binary answers of the server: a JSON header with named arrays behind it. Little-endian; the length of the header in
 * bytes (uint32), the header, then each array at a multiple of 8 bytes from the start. Pure: server and browser use it.
 */

/** Number types of the arrays, and how they are made. */
const arrayTypes = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/** An array of an answer. */
export type PartArray =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** Plain data and arrays that travel together. */
export interface Parts<Header = unknown> {
  readonly header: Header;
  readonly arrays: Readonly<Record<string, PartArray>>;
}

/** Name, number type and number of elements of one array. */
type Listed = readonly [name: string, type: keyof typeof arrayTypes, length: number];

const align = (offset: number) => Math.ceil(offset / 8) * 8;

/** Header and arrays as one piece of memory. */
export function encodeParts({ header, arrays }: Parts): Uint8Array<ArrayBuffer> {
  const listed = Object.entries(arrays).map(([name, array]): Listed => [name, typeOf(array), array.length]);
  const text = new TextEncoder().encode(JSON.stringify({ header, arrays: listed }));
  let end = 4 + text.length;
  for (const array of Object.values(arrays)) end = align(end) + array.byteLength;
  const bytes = new Uint8Array(end);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  let offset = 4 + text.length;
  for (const array of Object.values(arrays)) {
    offset = align(offset);
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += array.byteLength;
  }
  return bytes;
}

/**
 * Takes an answer apart. The arrays are views of the memory that is given.
 *
 * @throws {RangeError} when the memory holds less than its header says, or the header is none of ours
 */
export function decodeParts<Header>(buffer: ArrayBuffer): Parts<Header> {
  const refuse = (why: string) => new RangeError(`the answer is damaged: ${why}`);
  if (buffer.byteLength < 4) throw refuse("no header");
  const length = new DataView(buffer).getUint32(0, true);
  if (4 + length > buffer.byteLength) throw refuse("a header longer than itself");
  const { header, arrays } = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))) as {
    header: Header;
    arrays: readonly Listed[];
  };
  let offset = 4 + length;
  const named: Record<string, PartArray> = {};
  for (const [name, type, count] of arrays) {
    const Type = Object.hasOwn(arrayTypes, type) ? arrayTypes[type] : undefined;
    if (!Type) throw refuse(`an array of ${type}`);
    offset = align(offset);
    if (offset + count * Type.BYTES_PER_ELEMENT > buffer.byteLength) throw refuse(`${name} is cut off`);
    named[name] = new Type(buffer, offset, count);
    offset += count * Type.BYTES_PER_ELEMENT;
  }
  return { header, arrays: named };
}

function typeOf(array: PartArray): keyof typeof arrayTypes {
  if (array instanceof Uint8Array) return "u8";
  if (array instanceof Uint16Array) return "u16";
  if (array instanceof Uint32Array) return "u32";
  if (array instanceof Int32Array) return "i32";
  return array instanceof Float32Array ? "f32" : "f64";
}

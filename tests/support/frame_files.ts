/** Blockfiles, TVIPS recordings and TIA series made byte by byte for tests of their readers. */

/** Fields of a binary header by their place in bytes; all numbers are little-endian. */
export type Fields = readonly (readonly [offset: number, type: "u16" | "u32" | "f64", value: number])[];

function header(bytes: number, fields: Fields): Uint8Array {
  return withFields(new Uint8Array(bytes), fields);
}

/** Puts fields into bytes, which it returns. */
function withFields(bytes: Uint8Array, fields: Fields): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const [offset, type, value] of fields) {
    if (type === "u16") view.setUint16(offset, value, true);
    else if (type === "u32") view.setUint32(offset, value, true);
    else view.setFloat64(offset, value, true);
  }
  return bytes;
}

/** Bytes of a whole file. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The bytes of patterns, one after the other. */
export function cut(data: ArrayBufferView, patterns: number): readonly Uint8Array[] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength), size = bytes.length / patterns;
  return Array.from({ length: patterns }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

/** Where the patterns of {@link blockfile} begin. */
export const blockfileStart = 4112;

/**
 * A blockfile of a scan; its header says what real ones say.
 *
 * @param changes fields in place of the right ones
 */
export function blockfile(
  patterns: readonly Uint8Array[],
  rows: number,
  columns: number,
  changes: Fields = [],
): Uint8Array {
  const side = Math.sqrt(patterns[0].length);
  const start = header(blockfileStart, [
    ...[[6, "u16", 0x0102], [8, "u32", 4096], [12, "u32", blockfileStart], [20, "u16", side]] as const,
    ...[[24, "u16", columns], [26, "u16", rows], [28, "u16", 1250]] as const,
    ...[[30, "f64", 2.5], [38, "f64", 5], [46, "u32", 200_000], [50, "u16", 6226]] as const,
    ...[[52, "u32", 2000], [56, "f64", 42339.5], ...changes] as const,
  ]);
  start.set(new TextEncoder().encode("IMGBLO"));
  start.set(new TextEncoder().encode("Precession angle : 1\r\nCamera : \x1b[31mred"), 240);
  const frames = patterns.flatMap((pattern, index) => [
    header(6, [[0, "u16", 0x55aa], [2, "u32", index]]),
    pattern,
  ]);
  return joined(start, ...frames);
}

/** The header of the first file of a TVIPS recording of 16-bit frames. */
export function tvipsHeader(rows: number, columns: number, changes: Fields = []): Uint8Array {
  return header(256, [
    ...[[0, "u32", 256], [4, "u32", 2], [8, "u32", columns], [12, "u32", rows], [16, "u32", 16]] as const,
    ...[[28, "u32", 2], [32, "u32", 4], [36, "u32", 3], [40, "u32", 200], [44, "u32", 80]] as const,
    ...[[48, "u32", 60], ...changes] as const,
  ]);
}

/** A frame of a TVIPS recording. */
export function tvipsFrame(
  pattern: Uint8Array,
  rotationIndex: number,
  headerBytes = 60,
  mode = 2,
): Uint8Array {
  const fields: Fields = [[24, "u32", mode], [48, "u32", rotationIndex]];
  return joined(header(headerBytes, headerBytes < 52 ? [] : fields), pattern);
}

/** What a TIA series is made of. */
export interface SerRecipe {
  readonly patterns: readonly Uint8Array[];
  readonly rows: number;
  readonly columns: number;
  /** TIA's code of the number type. */
  readonly type: number;
  /** Sizes of the axes, the fastest first; steps are 2e-9, 4e-9, ... of the unit. */
  readonly dimensions: readonly number[];
  readonly unit?: string;
  /** Version 0x210 has offsets of four bytes, 0x220 of eight. */
  readonly version?: 0x210 | 0x220;
  /** Elements planned; default: as many as there are. */
  readonly total?: number;
  /** Fields of the file in place of the right ones. */
  readonly changes?: Fields;
}

/** A TIA series, each element followed by eight bytes with its time. */
export function ser(recipe: SerRecipe): Uint8Array {
  const { patterns, rows, columns, type, dimensions, unit = "meters", version = 0x220 } = recipe;
  const { total = patterns.length, changes = [] } = recipe, wide = version === 0x220;
  const axes = dimensions.map((size, index) =>
    joined(
      header(28, [[0, "u32", size], [12, "f64", 2e-9 * (index + 1)], [24, "u32", 8]]),
      new TextEncoder().encode("Position"),
      header(4, [[0, "u32", unit.length]]),
      new TextEncoder().encode(unit),
    )
  );
  const table = (wide ? 34 : 30) + axes.reduce((sum, { length }) => sum + length, 0);
  const first = table + total * 2 * (wide ? 8 : 4), distance = 50 + patterns[0].length + 8;
  const start = header(wide ? 34 : 30, [
    ...[[0, "u16", 0x4949], [2, "u16", 0x0197], [4, "u16", version], [6, "u32", 0x4122]] as const,
    ...[[10, "u32", 0x4152], [14, "u32", total], [18, "u32", patterns.length], [22, "u32", table]] as const,
    [wide ? 30 : 26, "u32", dimensions.length],
  ]);
  const offsets = header(
    first - table,
    patterns.map((_, index) => [index * (wide ? 8 : 4), "u32", first + index * distance] as const),
  );
  const element = header(50, [
    ...[[8, "f64", 2e7], [28, "f64", -4e7], [40, "u16", type], [42, "u32", columns]] as const,
    [46, "u32", rows],
  ]);
  const elements = patterns.flatMap((pattern) => [element, pattern, new Uint8Array(8).fill(0xee)]);
  return withFields(joined(start, ...axes, offsets, ...elements), changes);
}

/** What stands around the records of files: heads, directories, and what comes before each pattern. */

import { Buffer } from "node:buffer";
import { dmFile, imageFileTags, rawValue } from "../tests/support/dm_files.ts";
import { ser } from "../tests/support/frame_files.ts";
import { mrcFile } from "../tests/support/mrc_files.ts";

/** Sizes of a scan. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
  readonly patternRows: number;
  readonly patternColumns: number;
}

/** Bytes in the other order. */
export function swapped(bytes: Uint8Array, width: 2 | 8): Uint8Array {
  const out = Buffer.from(bytes);
  return width === 2 ? out.swap16() : out.swap64();
}

/** A record of a head, a body, and so many zeros. */
export function withHead(head: Uint8Array, body: Uint8Array, tail = 0): Uint8Array {
  const record = new Uint8Array(head.length + body.length + tail);
  record.set(head);
  record.set(body, head.length);
  return record;
}

/** What lies before and behind the numbers of a DM4 file. */
export function dm4Frame(
  { rows, columns, patternRows, patternColumns }: Size,
  hybrid = false,
): { readonly before: Uint8Array; readonly behind: Uint8Array } {
  const marker = new Uint8Array(16).fill(0xa7);
  const count = rows * columns * patternRows * patternColumns;
  const bytes = dmFile(
    { version: 4, littleEndian: true },
    imageFileTags({
      dimensions: hybrid
        ? [columns, rows, patternColumns, patternRows]
        : [patternColumns, patternRows, columns, rows],
      dataType: 10,
      data: rawValue([20, 4, count], marker),
      axes: hybrid
        ? [[1, "nm"], [1, "nm"], [0.1, "1/nm"], [0.1, "1/nm"]]
        : [[0.1, "1/nm"], [0.1, "1/nm"], [1, "nm"], [1, "nm"]],
      format: "Diffraction image",
    }),
  );
  const place = bytes.findIndex((_, at) => marker.every((value, i) => bytes[at + i] === value));
  return { before: bytes.slice(0, place), behind: bytes.slice(place + marker.length) };
}

/** The directories of a BigTIFF whose pages lie one behind the other from byte 16. */
export function bigTiffDirectories({ rows, columns, patternRows, patternColumns }: Size): Uint8Array {
  const pages = rows * columns, pageBytes = 2 * patternRows * patternColumns, entryCount = 9;
  const bytes = 8 + 20 * entryCount + 8, start = 16 + pages * pageBytes;
  const all = new Uint8Array(pages * bytes), view = new DataView(all.buffer);
  for (let page = 0; page < pages; page++) {
    const at = page * bytes;
    view.setBigUint64(at, BigInt(entryCount), true);
    const entries: readonly (readonly [tag: number, type: number, value: number])[] = [
      ...[[256, 4, patternColumns], [257, 4, patternRows], [258, 3, 16], [259, 3, 1], [262, 3, 1]] as const,
      ...[[273, 16, 16 + page * pageBytes], [277, 3, 1], [278, 4, patternRows], [
        279,
        16,
        pageBytes,
      ]] as const,
    ];
    for (const [index, [tag, type, value]] of entries.entries()) {
      const entry = at + 8 + 20 * index;
      view.setUint16(entry, tag, true);
      view.setUint16(entry + 2, type, true);
      view.setBigUint64(entry + 4, 1n, true);
      if (type === 3) view.setUint16(entry + 12, value, true);
      else if (type === 4) view.setUint32(entry + 12, value, true);
      else view.setBigUint64(entry + 12, BigInt(value), true);
    }
    const next = page + 1 < pages ? start + (page + 1) * bytes : 0;
    view.setBigUint64(at + bytes - 8, BigInt(next), true);
  }
  return all;
}

/** What stands before the pages of a BigTIFF. */
export function bigTiffHead({ rows, columns, patternRows, patternColumns }: Size): Uint8Array {
  const head = new Uint8Array(16), view = new DataView(head.buffer);
  head.set([0x49, 0x49, 43, 0, 8, 0]);
  view.setBigUint64(8, BigInt(16 + 2 * rows * columns * patternRows * patternColumns), true);
  return head;
}

/** A TIA series: header, offsets and what stands before each pattern, of a fixture with patterns of no size. */
export function serHead({ rows, columns, patternRows, patternColumns }: Size): Uint8Array {
  const patterns = rows * columns, bytes = 2 * patternRows * patternColumns, none = new Uint8Array(0);
  const file = ser({
    ...{ patterns: [none], total: patterns, rows: patternRows, columns: patternColumns, type: 2 },
    dimensions: [columns, rows],
  });
  const view = new DataView(file.buffer), table = view.getUint32(22, true);
  const first = Number(view.getBigUint64(table, true));
  view.setUint32(18, patterns, true);
  for (let index = 0; index < patterns; index++) {
    view.setBigUint64(table + 8 * index, BigInt(first + index * (50 + bytes + 8)), true);
  }
  return file.subarray(0, first);
}

/** What stands before each pattern of a TIA series. */
export function serElement({ patternRows, patternColumns }: Size): Uint8Array {
  const element = new Uint8Array(50), view = new DataView(element.buffer);
  view.setFloat64(8, 2e7, true);
  view.setFloat64(28, -4e7, true);
  view.setUint16(40, 2, true);
  view.setUint32(42, patternColumns, true);
  view.setUint32(46, patternRows, true);
  return element;
}

/** What stands before the first frame of a `.seq` file. */
export function seqHead({ rows, columns, patternRows, patternColumns }: Size): Uint8Array {
  const head = new Uint8Array(8192), view = new DataView(head.buffer);
  const stride = seqStride({ patternRows, patternColumns });
  for (
    const [offset, value] of [
      ...[[0, 0xfeed], [28, 5], [548, patternColumns], [552, patternRows]],
      ...[[556, 16], [572, rows * columns], [580, stride]],
    ]
  ) view.setUint32(offset, value, true);
  view.setFloat64(584, 400, true);
  return head;
}

/** Bytes from a frame of a `.seq` file to the next. */
export function seqStride(
  { patternRows, patternColumns }: Pick<Size, "patternRows" | "patternColumns">,
): number {
  return 8192 * Math.ceil((2 * patternRows * patternColumns + 8) / 8192);
}

/** What stands before the frames of an MRC file. */
export function mrcHead(numbers: "u8" | "i16" | "u16" | "f32"): (size: Size) => Uint8Array {
  return ({ rows, columns, patternRows, patternColumns }) =>
    mrcFile({ rows: patternRows, columns: patternColumns, frames: rows * columns, numbers }, []);
}

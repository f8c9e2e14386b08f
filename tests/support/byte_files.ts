/** Small npy and zip files made byte by byte, sound and unsound, for tests of the readers. */

import { deflateRawSync } from "node:zlib";
import { crc32 } from "node:zlib";

/** A npy file with any header text. */
export function rawNpy(header: string, data: Uint8Array, version = 1): Uint8Array {
  const start = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0];
  const length = header.length;
  const field = version === 1
    ? [length & 255, length >> 8]
    : [length & 255, length >> 8 & 255, length >> 16 & 255, length >>> 24];
  return Uint8Array.from([
    ...start,
    ...field,
    ...Array.from(header, (character) => character.charCodeAt(0)),
    ...data,
  ]);
}

/** A npy file with numpy's header dictionary. */
export function npy(
  descriptor: string,
  shape: readonly (number | string)[],
  data: ArrayBufferView,
  fortranOrder = false,
): Uint8Array {
  const order = fortranOrder ? "True" : "False";
  return rawNpy(
    `{'descr': '${descriptor}', 'fortran_order': ${order}, 'shape': (${shape.join(", ")}, ), }\n`,
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
}

/** An array of one string, as numpy writes it: four bytes a letter. */
export function numpyText(letters: string, order: "<" | ">" = "<"): Uint8Array {
  const points = Array.from(letters, (letter) => letter.codePointAt(0)!);
  const view = new DataView(new ArrayBuffer(4 * points.length));
  points.forEach((point, index) => view.setUint32(4 * index, point, order === "<"));
  const header = `{'descr': '${order}U${points.length}', 'fortran_order': False, 'shape': (), }\n`;
  return rawNpy(header, new Uint8Array(view.buffer));
}

/** A member of a zip file; what is given beyond name and data replaces what would be right. */
export interface MemberRecipe {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflated?: boolean;
  readonly method?: number;
  readonly flags?: number;
  /** Packed bytes in place of the right ones. */
  readonly packed?: Uint8Array;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly crc?: number;
  readonly headerOffset?: number;
  /** Sizes in a zip64 field, as for members beyond 4 GiB. */
  readonly zip64?: boolean;
}

function bytesOf(...fields: [value: number, bytes: number][]): number[] {
  return fields.flatMap(([value, bytes]) =>
    Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** index) % 256)
  );
}

/** A zip file with the directory that numpy writes; local headers carry extra fields of 20 bytes. */
export function zip(members: readonly MemberRecipe[], comment = ""): Uint8Array {
  const file: number[] = [], directory: number[] = [];
  for (const member of members) {
    const name = [...new TextEncoder().encode(member.name)];
    const packed = member.packed ??
      (member.deflated ? new Uint8Array(deflateRawSync(member.data)) : member.data);
    const size = member.size ?? member.data.length;
    const compressedSize = member.compressedSize ?? packed.length;
    const crc = member.crc ?? crc32(member.data);
    const method = member.method ?? (member.deflated ? 8 : 0);
    const headerOffset = member.headerOffset ?? file.length;
    const common = bytesOf([20, 2], [member.flags ?? 0, 2], [method, 2], [0, 4], [crc, 4]);
    const all = 0xffffffff;
    const localExtra = bytesOf([1, 2], [16, 2], [size, 8], [compressedSize, 8]);
    file.push(
      ...bytesOf([0x04034b50, 4]),
      ...common,
      ...bytesOf([all, 4], [all, 4], [name.length, 2], [20, 2]),
    );
    file.push(...name, ...localExtra);
    // Not spread: a member may have more bytes than a call has arguments.
    for (const byte of packed) file.push(byte);
    const extra = member.zip64
      ? bytesOf([0x5455, 2], [1, 2], [0, 1], [1, 2], [24, 2], [size, 8], [compressedSize, 8], [
        headerOffset,
        8,
      ])
      : [];
    const [shownSize, shownPacked, shownOffset] = member.zip64
      ? [all, all, all]
      : [size, compressedSize, headerOffset];
    directory.push(...bytesOf([0x02014b50, 4], [20, 2]), ...common);
    directory.push(...bytesOf([shownPacked, 4], [shownSize, 4], [name.length, 2], [extra.length, 2]));
    directory.push(...bytesOf([0, 2], [0, 2], [0, 2], [0, 4], [shownOffset, 4]), ...name, ...extra);
  }
  const offset = file.length, count = members.length;
  file.push(...directory);
  if (members.some((member) => member.zip64)) {
    const end64 = file.length;
    file.push(...bytesOf([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4]));
    file.push(...bytesOf([count, 8], [count, 8], [directory.length, 8], [offset, 8]));
    file.push(...bytesOf([0x07064b50, 4], [0, 4], [end64, 8], [1, 4]));
    file.push(
      ...bytesOf([0x06054b50, 4], [0, 4], [0xffff, 2], [0xffff, 2], [0xffffffff, 4], [0xffffffff, 4]),
    );
  } else {
    file.push(
      ...bytesOf([0x06054b50, 4], [0, 4], [count, 2], [count, 2], [directory.length, 4], [offset, 4]),
    );
  }
  file.push(...bytesOf([comment.length, 2]), ...new TextEncoder().encode(comment));
  return Uint8Array.from(file);
}

/** The files of a Zarr store: those of a folder, or the members of a zip file. */

import { CorruptFile, UnsupportedFormat } from "../../scan/errors.ts";
import { FileSource, readBytes } from "../../scan/byte_source.ts";
import type { Folder } from "../folder.ts";
import { locateMember, readZipDirectory, type ZipMember } from "../zip.ts";
import { openMember, unpackMember } from "../zip_member.ts";

/** Part of a file: from an offset, or its last bytes. */
export type ByteRange = { readonly offset: number; readonly length: number } | {
  readonly suffixLength: number;
};

/** Where the bytes of a file of a store lie. */
export interface FilePlace {
  readonly path: string;
  readonly offset: number;
  /** Of a member of a zip file that was deflated: its bytes there, and the CRC-32 of what they unpack to. */
  readonly deflated?: { readonly size: number; readonly sum: number };
}

/** Files by their names with slashes, such as `a/.zarray`. */
export interface ZarrFiles {
  /** The store, for messages. */
  readonly path: string;
  /** Names of what lies directly in a folder; the empty name is the store itself. None for a folder that is not there. */
  names(folder: string): readonly string[];
  /** Size of a file in bytes; `undefined` where there is none. */
  size(name: string): number | undefined;
  /** Where the bytes of a file lie; `undefined` where there is no such file, or it is packed in ways that we do not know. */
  locate(name: string): FilePlace | undefined;
  /**
   * The bytes of a file, or of a part of it; `undefined` where there is none.
   *
   * @param most bytes that may be asked for
   * @throws {CorruptFile} when they are more, or the file is shorter
   */
  read(name: string, most: number, range?: ByteRange): Promise<Uint8Array | undefined>;
  /** Releases what is open. */
  close(): void;
}

/** The files of a folder. They are opened one at a time. */
export function filesOfFolder(path: string, folder: Folder): ZarrFiles {
  const open = (name: string) => folder.open(name);
  return {
    path,
    names: (name) => (name === "" ? folder : folder.folder(name))?.names() ?? [],
    size(name) {
      const file = open(name);
      file?.close();
      return file?.size;
    },
    locate(name) {
      const path = folder.file(name);
      return path === undefined ? undefined : { path, offset: 0 };
    },
    // deno-lint-ignore require-await
    async read(name, most, range) {
      const file = open(name);
      if (!file) return undefined;
      try {
        const { offset, length } = placeOf(file.path, file.size, most, range);
        return readBytes(file, offset, length);
      } finally {
        file.close();
      }
    },
    close() {},
  };
}

/**
 * The members of a zip file. Where several have one name, the last one counts, as for everybody who writes them.
 *
 * @throws {CorruptFile} when it has no sound directory
 */
export function filesOfZip(path: string): ZarrFiles {
  const zip = FileSource.open(path);
  try {
    const members = new Map(readZipDirectory(zip).map((member) => [member.name, member]));
    const folders = foldersOf([...members.keys()]);
    return {
      path,
      names: (folder) => [...folders.get(folder) ?? []].sort(),
      size: (name) => members.get(name)?.size,
      locate(name) {
        const member = members.get(name);
        if (!member || member.encrypted || (member.method !== 0 && member.method !== 8)) return undefined;
        const { method, compressedSize: size, crc: sum } = member, offset = locateMember(zip, member);
        return { path, offset, ...(method === 8 && { deflated: { size, sum } }) };
      },
      async read(name, most, range) {
        const member = members.get(name);
        if (!member) return undefined;
        const { offset, length } = placeOf(`${name} in ${path}`, member.size, most, range, path);
        if (member.method !== 0) {
          refuseLargePacked(name, member, path, Math.max(length, largestPackedShard));
          return (await unpackMember(zip, member)).subarray(offset, offset + length);
        }
        const file = await openMember(zip, member);
        return readBytes(file, offset, length);
      },
      close: () => zip.close(),
    };
  } catch (cause) {
    zip.close();
    throw cause;
  }
}

/** What lies in each folder, of files by their names. */
function foldersOf(names: readonly string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  for (const name of names) {
    let folder = "";
    for (const part of name.split("/")) {
      if (part === "") break;
      let inside = folders.get(folder);
      if (!inside) folders.set(folder, inside = new Set());
      inside.add(part);
      folder = folder === "" ? part : `${folder}/${part}`;
    }
  }
  return folders;
}

/** Shards that were deflated once more are unpacked whole for each of their chunks; no larger ones. */
const largestPackedShard = 64 * 2 ** 20;

/** @throws {UnsupportedFormat} when a part is wanted of a member that is too large to unpack for it */
function refuseLargePacked(name: string, { size }: ZipMember, file: string, most: number): void {
  if (size <= most) return;
  throw new UnsupportedFormat(`${name} in ${file} is a large shard that was deflated`, {
    file,
    dataset: name,
    expected: `at most ${most} bytes unpacked`,
    found: `${size} bytes`,
    remedy: "zip the store without compression (zip -0), since its chunks are packed already",
  });
}

function placeOf(
  name: string,
  size: number,
  most: number,
  range: ByteRange | undefined,
  file = name,
): { offset: number; length: number } {
  const length = range === undefined ? size : "suffixLength" in range ? range.suffixLength : range.length;
  const offset = range === undefined ? 0 : "suffixLength" in range ? size - length : range.offset;
  const sound = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (sound && offset + length <= size && length <= most) return { offset, length };
  throw new CorruptFile(`${name} is not what the array says`, {
    file,
    expected: length > most ? `at most ${most} bytes` : `${length} bytes from byte ${offset}`,
    found: `${size} bytes`,
    remedy: "copy or save the store again",
  });
}

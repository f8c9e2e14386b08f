/** numpy's `.npz` files: a zip file of `.npy` arrays, of which one is the scan. */

import { BadParameter, UnsupportedFormat } from "../scan/errors.ts";
import { quoteArgument } from "../scan/quote_argument.ts";
import { type ByteSource, FileSource, orClose } from "../scan/byte_source.ts";
import type { Scan, ScanSource, Series } from "../scan/scan.ts";
import type { Format, OpenOptions } from "./format.ts";
import { listNames } from "./list_names.ts";
import { type ArrayKnowledge, openNpy } from "./npy.ts";
import { hasNpyMagic, readNpyHeader } from "./npy_header.ts";
import { locateMember, readZipDirectory, type ZipMember } from "./zip.ts";
import { NoTemporaryFile } from "./temporary_file.ts";
import { MemberStream, type StreamedBytes } from "./member_stream.ts";
import { inflate, openMember, refuseUnknownMethods } from "./zip_member.ts";

/** numpy's `.npz`, stored or deflated, also beyond 4 GiB; reads the array `data`, or the only 4D or 5D one. */
export const npzFormat: Format = {
  name: "numpy .npz",
  endings: ["npz"],
  recognises: ({ head }) => isZip(head),
  async open({ path }, options) {
    const zip = FileSource.open(path);
    return await orClose(
      zip,
      () => openZippedArray(zip, readZipDirectory(zip), options, { format: "npz", path }),
    );
  },
};

/** Whether bytes begin as a zip file does. */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
}

/**
 * Opens the array of a zip file that is the scan, which then closes the zip file.
 *
 * @param origin what is said about where it is from; name of the array and size in bytes are added
 * @param knowledge what other members say about it
 * @throws {BadParameter} when it is not clear which array is the scan
 * @throws whatever {@link openNpy} throws
 */
export async function openZippedArray(
  zip: ByteSource,
  members: readonly ZipMember[],
  options: OpenOptions,
  origin: ScanSource,
  knowledge?: ArrayKnowledge,
): Promise<Scan | Series> {
  const member = await chooseMember(zip, members, options);
  const source = { ...origin, dataset: arrayName(member), bytes: zip.size };
  // What the header says is checked before a packed member takes room on the disk.
  const head = headSource(zip, member, await readHead(zip, member));
  openNpy(head, options, source);
  const array = await openMember(zip, member).catch((cause) => {
    // Patterns that are scattered over the array can't be read from front to back.
    if (!(cause instanceof NoTemporaryFile) || readNpyHeader(head).fortranOrder) throw cause;
    return new MemberStream(zip, member, head);
  });
  return await orClose(array, () => openNpy(closingBoth(array, zip), options, source, knowledge));
}

function arrayName(member: ZipMember): string {
  return member.name.replace(/\.npy$/, "");
}

function closingBoth(array: ByteSource | StreamedBytes, zip: ByteSource): ByteSource | StreamedBytes {
  return {
    path: array.path,
    size: array.size,
    readAt: (offset, into) => array.readAt(offset, into),
    ...("readLater" in array && {
      readLater: (offset: number, into: Uint8Array) => array.readLater(offset, into),
    }),
    check: () => array.check?.(),
    close() {
      array.close();
      zip.close();
    },
  };
}

async function chooseMember(
  zip: ByteSource,
  members: readonly ZipMember[],
  options: OpenOptions,
): Promise<ZipMember> {
  const arrays = members.filter((member) => member.name.endsWith(".npy"));
  if (arrays.length === 0) {
    throw new UnsupportedFormat(`${zip.path} is a zip file without any array`, {
      file: zip.path,
      expected: "members whose names end in .npy",
      found: members.length === 0 ? "nothing" : listNames(members.map((member) => member.name)),
      remedy: "unpack it and name the file that holds the scan",
    });
  }
  const wanted = options.dataset ?? "data";
  const named = arrays.filter((member) => arrayName(member) === wanted.replace(/\.npy$/, ""));
  const isMeant = options.dataset !== undefined;
  if (named.length === 1 && (isMeant || (await shapeOf(zip, named[0])).length >= 3)) return named[0];
  if (named.length > 1) throw ask(zip.path, arrays, `holds ${named.length} arrays "${wanted}"`);
  if (options.dataset !== undefined) throw ask(zip.path, arrays, `has no array "${options.dataset}"`);

  if (arrays.length > mostLookedAt) throw ask(zip.path, arrays, `holds ${arrays.length} arrays`);
  const scans: ZipMember[] = [], stacks: ZipMember[] = [], fitting: ZipMember[] = [];
  const positions = options.scanShape && options.scanShape.rows * options.scanShape.columns;
  for (const member of arrays) {
    const shape = await shapeOf(zip, member);
    if (shape.length >= 4) scans.push(member);
    else if (shape.length === 3) stacks.push(member);
    const leading = shape.slice(0, -2).reduce((product, length) => product * length, 1);
    if (shape.length >= 3 && leading === positions) fitting.push(member);
  }
  for (const found of [fitting, scans, stacks]) if (found.length === 1) return found[0];
  // What it is, and why it is no scan, opening will say.
  const [only] = arrays.length === 1 ? arrays : named;
  if (scans.length === 0 && stacks.length === 0 && only) return only;
  throw scans.length === 0
    ? ask(zip.path, arrays, "holds no array with four or five axes")
    : ask(zip.path, scans, `holds ${scans.length} arrays with four or more axes`);
}

/** Of more arrays the user says which one it is: to look at each takes too long. */
const mostLookedAt = 1000;

function ask(file: string, members: readonly ZipMember[], what: string): BadParameter {
  const names = members.map(arrayName);
  return new BadParameter(`${file} ${what}`, {
    file,
    expected: "one array that is the scan",
    found: listNames(names),
    parameter: "dataset",
    datasets: names,
    remedy: `name an array with \`dataset\`, such as \`dataset\` ${quoteArgument(names[0])}`,
  });
}

/** Lengths of the axes of the array in a member, from its first bytes; none where it holds no array. */
async function shapeOf(zip: ByteSource, member: ZipMember): Promise<readonly number[]> {
  const head = await readHead(zip, member);
  return hasNpyMagic(head) ? readNpyHeader(headSource(zip, member, head)).shape : [];
}

/** More than the longest header that we read. */
const headLength = 70 * 1024;

async function readHead(zip: ByteSource, member: ZipMember): Promise<Uint8Array> {
  refuseUnknownMethods(zip.path, member);
  const head = new Uint8Array(Math.min(headLength, member.size));
  const offset = locateMember(zip, member);
  if (member.method === 0) {
    zip.readAt(offset, head);
    return head;
  }
  let filled = 0;
  for await (const piece of inflate(zip, member, offset)) {
    const part = piece.subarray(0, head.length - filled);
    head.set(part, filled);
    filled += part.length;
    if (filled === head.length) break;
  }
  return head;
}

/** A member of which only the beginning is at hand. */
function headSource(zip: ByteSource, member: ZipMember, head: Uint8Array): ByteSource {
  return {
    path: zip.path,
    size: member.size,
    readAt: (offset, into) => into.set(head.subarray(offset, offset + into.length)),
    close() {},
  };
}

/** Raw numbers: files of no format that we know, of which the user says how they lie there. */

import { BadParameter } from "../scan/errors.ts";
import { numberBytes } from "../scan/stored_number.ts";
import type { FileContext } from "./file_context.ts";
import type { Folder } from "./folder.ts";
import type { Format, OpenOptions } from "./format.ts";
import { gapsIn, numberedNames } from "./frame_names.ts";
import { recordFormat } from "./frames/record_format.ts";
import type { FrameRecords } from "./frames/records.ts";
import { listNames } from "./list_names.ts";
import { checkLayout, type RawLayout, rawParameter } from "./raw_layout.ts";

/** Taken where no format recognises a file, and the user describes it; so it is none of those that open.ts tries. */
export const rawFormat = recordFormat({
  name: "raw numbers",
  label: "raw",
  endings: [],
  recognises: () => false,
  records(file, options): FrameRecords {
    checkLayout(options);
    const { offset = 0, frameHeader = 0, frameFooter = 0, byteOrder = "little" } = options;
    const numbers = demanded(file, options, "dtype"), shape = demanded(file, options, "shape");
    const [rows, columns] = shape.slice(-2), positions = shape.slice(0, -2);
    const count = positions.reduce((product, length) => product * length, 1);
    const recordBytes = frameHeader + rows * columns * numberBytes(numbers) + frameFooter;
    const scan = positions.length > 1 ? { scan: scanOf(positions), scanSource: "`shape`" } : {};
    const record = { header: frameHeader, footer: frameFooter, rows, columns, numbers };
    const all = { ...record, ...scan, bigEndian: byteOrder === "big" };
    if (file.inside) {
      const { names, warnings } = rawFrames(file.path, file.inside, offset + recordBytes);
      if (positions.length > 0 && names.length !== count) throw otherCount(file.path, count, names.length);
      return {
        ...all,
        path: file.path,
        files: names.map((path) => ({ path, start: offset, count: 1, size: offset + recordBytes })),
        warnings,
      };
    }
    const there = Math.floor((file.size - offset) / recordBytes);
    if (there < count && !options.partial) throw tooShort(file, offset, count, recordBytes);
    const counted = positions.length > 0 && { count: Math.max(1, Math.min(count, there)) };
    return { ...all, files: [{ path: file.path, start: offset, ...counted }] };
  },
});

/** Paths of the numbered files of a folder that hold one frame, and a sentence about others. */
function rawFrames(
  path: string,
  folder: Folder,
  bytes: number,
): { names: readonly string[]; warnings: string[] } {
  const files: string[] = [], fitting: string[] = [], paths = new Map<string, string>();
  for (const name of folder.names()) {
    const file = name.startsWith(".") ? undefined : folder.open(name);
    if (!file) continue;
    file.close();
    files.push(name);
    if (file.size !== bytes) continue;
    fitting.push(name);
    paths.set(name, file.path);
  }
  const names = fitting.length > 0 ? numberedNames(fitting) : undefined;
  if (!names) {
    throw new BadParameter(`${path} holds no frames of ${bytes} bytes that are numbered by their names`, {
      file: path,
      expected: `files of ${bytes} bytes whose names differ in numbers only`,
      found: fitting.length > 0 ? listNames(fitting) : `${files.length} files of other sizes`,
      parameter: "shape",
      remedy: "give `dtype` and `shape` of one frame, and put only the frames of one scan into the folder",
    });
  }
  const others = files.filter((name) => !paths.has(name));
  return {
    names: names.map((name) => paths.get(name)!),
    warnings: [
      ...gapsIn(names),
      ...(others.length > 0
        ? [`files of other sizes in the folder were left out: ${listNames(others)}`]
        : []),
    ],
  };
}

function otherCount(path: string, expected: number, found: number): BadParameter {
  return new BadParameter(`\`shape\` asks for ${expected} frames, and ${path} holds ${found}`, {
    file: path,
    expected: `${expected} frames`,
    found: `${found}`,
    parameter: "shape",
    remedy: "give `shape` with as many frames as there are",
  });
}

/** Refuses what the user says about numbers in a file that says it itself. */
export function refuseLayout(
  file: string,
  { name, settledBy }: Pick<Format, "name" | "settledBy">,
  options: OpenOptions,
): void {
  const parameter = rawParameter(options, settledBy);
  if (parameter === undefined) return;
  throw new BadParameter(`\`${parameter}\` is for raw numbers, but ${file} is of a format of its own`, {
    file,
    expected: "a file of no known format",
    found: name,
    parameter,
    remedy: `leave out \`${parameter}\``,
  });
}

function scanOf(positions: readonly number[]): FrameRecords["scan"] {
  const [rows, columns] = positions.slice(-2);
  return { rows, columns, ...(positions.length > 2 && { frames: positions[0] }) };
}

function demanded<Name extends "dtype" | "shape">(
  { path }: FileContext,
  layout: RawLayout,
  name: Name,
): NonNullable<RawLayout[Name]> {
  const value = layout[name];
  if (value !== undefined) return value;
  throw new BadParameter(`${path} is of no format that we read, and \`${name}\` is not given`, {
    file: path,
    expected: "a known format, or a type and a shape of raw numbers",
    parameter: name,
    remedy: name === "dtype"
      ? "give `dtype`, such as uint16"
      : "give `shape`, such as 256x256 for the rows and columns of the detector",
  });
}

function tooShort(
  { path, size }: FileContext,
  offset: number,
  count: number,
  recordBytes: number,
): BadParameter {
  const missing = offset + count * recordBytes - size;
  return new BadParameter(
    `\`shape\` and \`dtype\` ask for more than ${path} holds: ${missing} bytes are missing`,
    {
      file: path,
      offset,
      expected: `${count} frames of ${recordBytes} bytes after ${offset}`,
      found: `${size} bytes`,
      parameter: "shape",
      remedy:
        "give `shape` and `dtype` of what is in the file; for a recording that stopped early, rows and columns of the " +
        "detector as `shape`, and `scanShape` for the patterns that are there",
    },
  );
}

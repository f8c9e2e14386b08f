/** A folder of single frames, one file for each probe position, numbered by their names. */

import type { FileSource } from "../scan/byte_source.ts";
import { CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import { dtypeOfNumbers, type FrameLayout, patternShape, plainFrame } from "../scan/frames.ts";
import { arrangePatterns } from "../scan/pattern_reader.ts";
import type { FramePatterns } from "../scan/stored.ts";
import { requireScanShape } from "./axes.ts";
import type { Folder } from "./folder.ts";
import type { Format } from "./format.ts";
import { RecordReader } from "./frames/record_reader.ts";
import { hasNpyMagic, parseDescriptor, readNpyHeader } from "./npy_header.ts";
import { refuseDataset } from "./refuse_dataset.ts";
import { TiffFile } from "./tiff/directories.ts";
import { frameOf } from "./tiff/format.ts";
import { readPage } from "./tiff/pages.ts";

/** TIFF files of one page, or npy files of two axes, in the order of the numbers in their names. */
export const frameFolderFormat: Format = {
  name: "folder of single frames, TIFF or .npy",
  endings: [],
  recognises({ inside }) {
    if (!inside) return false;
    const names = frameNames(inside.names());
    if (names.length < 2) return false;
    try {
      return readFrame(inside, names[0]) !== undefined;
    } catch {
      // Opened by its own name, such a file says what is wrong with it.
      return false;
    }
  },
  // deno-lint-ignore require-await
  async open({ path, inside }, options) {
    refuseDataset(path, options);
    const names = frameNames(inside!.names());
    const parts = names.map((name) => readFrame(inside!, name) ?? notAFrame(path, name));
    const [{ frame }] = parts;
    parts.forEach((part, index) => {
      if (!sameFrame(part.frame, frame)) throw unequal(path, names[index], part.frame, frame);
    });
    const shape = {
      ...requireScanShape(parts.length, options, { file: path }, "names count them in raster order"),
      ...patternShape(frame),
    };
    return arrangePatterns({
      shape,
      dtype: dtypeOfNumbers(frame.numbers),
      calibration: {},
      source: { format: "frames", path, bytes: parts.reduce((sum, { recordBytes }) => sum + recordBytes, 0) },
      warnings: gapsIn(names),
    }, new RecordReader(parts));
  },
};

/**
 * Names of the frames of a folder in natural order: all its TIFF files, or all its npy files, if their names differ in
 * numbers only; none otherwise.
 */
export function frameNames(names: readonly string[]): string[] {
  const frames = names.filter((name) => /\d.*\.(tiff?|npy)$/i.test(name) && !name.startsWith("."));
  const others = names.some((name) => /\.(tiff?|npy)$/i.test(name) && !/\d/.test(name));
  const skeletons = new Set(frames.map((name) => name.replace(/\d+/g, "#")));
  if (others || skeletons.size !== 1) return [];
  const numbered = frames.map((name) => ({ name, numbers: numbersIn(name) }));
  return numbered.sort(compareNumbers).map(({ name }) => name);
}

interface NumberedName {
  readonly name: string;
  readonly numbers: readonly bigint[];
}

/** Numbers by their values, from left to right; `f2` before `f10`. */
function compareNumbers(a: NumberedName, b: NumberedName): number {
  const differing = a.numbers.findIndex((number, index) => number !== b.numbers[index]);
  if (differing < 0) return a.name < b.name ? -1 : Number(a.name > b.name);
  return a.numbers[differing] < b.numbers[differing] ? -1 : 1;
}

function numbersIn(name: string): bigint[] {
  return Array.from(name.matchAll(/\d+/g), ([digits]) => BigInt(digits));
}

/** Where the numbers of one frame lie; `undefined` for a file that holds something else. */
function readFrame(folder: Folder, name: string): FramePatterns | undefined {
  const file = folder.open(name);
  if (!file) return undefined;
  try {
    const place = /\.npy$/i.test(name) ? npyFrame(file) : tiffFrame(file);
    if (!place) return undefined;
    const { frame, offset } = place;
    return {
      kind: "frames",
      path: file.path,
      offset,
      recordBytes: frame.rows * frame.rowBytes,
      frame,
      patterns: 1,
    };
  } finally {
    file.close();
  }
}

interface FramePlace {
  readonly frame: FrameLayout;
  readonly offset: number;
}

function npyFrame(file: FileSource): FramePlace | undefined {
  const head = new Uint8Array(Math.min(10, file.size));
  file.readAt(0, head);
  if (!hasNpyMagic(head)) return undefined;
  const { descriptor, fortranOrder, shape: [rows, columns, ...others], dataOffset } = readNpyHeader(file);
  if (fortranOrder || columns === undefined || others.length > 0) return undefined;
  const { dtype, swapped } = parseDescriptor(descriptor, file.path);
  const frame = plainFrame(rows, columns, dtype, swapped);
  return rows > 0 && columns > 0 && dataOffset + rows * frame.rowBytes <= file.size
    ? { frame, offset: dataOffset }
    : undefined;
}

function tiffFrame(source: FileSource): FramePlace | undefined {
  const file = new TiffFile(source), [first, second] = file.directories();
  if (!first || second) return undefined;
  const page = readPage(file, first);
  return { frame: frameOf(file, page), offset: page.offset };
}

function sameFrame(a: FrameLayout, b: FrameLayout): boolean {
  return a.rows === b.rows && a.columns === b.columns && a.numbers === b.numbers &&
    a.bigEndian === b.bigEndian;
}

/** A sentence where numbers are left out: a lost frame moves all that come after it. */
function gapsIn(names: readonly string[]): string[] {
  const all = names.map(numbersIn);
  const varying = all[0].map((_, index) => index).filter((index) =>
    all.some((numbers) => numbers[index] !== all[0][index])
  );
  const [index] = varying;
  if (varying.length !== 1) return [];
  const expected = Number(all.at(-1)![index] - all[0][index]) + 1;
  return expected === names.length
    ? []
    : [`the names of the frames count to ${expected}, but there are ${names.length}: some may be lost`];
}

function notAFrame(folder: string, name: string): never {
  throw new UnsupportedFormat(`${name} in ${folder} is no single frame`, {
    file: folder,
    expected: "a TIFF file of one page, or an npy file of two axes in C order",
    found: name,
    remedy: "put only the frames of one scan into the folder",
  });
}

function unequal(folder: string, name: string, found: FrameLayout, expected: FrameLayout): CorruptFile {
  const text = ({ rows, columns, numbers, bigEndian }: FrameLayout) =>
    `${rows} x ${columns} ${numbers}${bigEndian ? ", big-endian" : ""}`;
  return new CorruptFile(`the frames in ${folder} are not of one size and number type`, {
    file: folder,
    expected: text(expected),
    found: `${text(found)} in ${name}`,
    remedy: "put only the frames of one scan into the folder",
  });
}

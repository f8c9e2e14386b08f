/** A folder of single frames, one file for each probe position, numbered by their names. */

import type { ByteSource } from "../scan/byte_source.ts";
import { CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import { type FrameLayout, patternShape, plainFrame } from "../scan/frames.ts";
import { arrangePatterns } from "../scan/pattern_reader.ts";
import type { FramePatterns } from "../scan/stored.ts";
import { requireScanShape } from "./axes.ts";
import type { Folder } from "./folder.ts";
import { frameNames, gapsIn } from "./frame_names.ts";
import type { Format } from "./format.ts";
import { partsForThreads } from "./frames/record_format.ts";
import { RecordReader } from "./frames/record_reader.ts";
import { hasNpyMagic, parseDescriptor, readNpyHeader } from "./npy_header.ts";
import { refuseDataset } from "./refuse_dataset.ts";
import { TiffFile } from "./tiff/directories.ts";
import { frameOf } from "./tiff/format.ts";
import { readPage } from "./tiff/pages.ts";
import { UnderstoodFiles } from "./understood_files.ts";

/** TIFF files of one page, or npy files of two axes, in the order of the numbers in their names. */
export const frameFolderFormat: Format = {
  name: "folder of single frames, TIFF or .npy",
  endings: [],
  recognises({ inside }) {
    if (!inside) return false;
    const names = frameNames(inside.names());
    if (names.length < 2) return false;
    try {
      return locateFrame(inside, names[0], new UnderstoodFiles(understandFrame)) !== undefined;
    } catch {
      // Opened by its own name, such a file says what is wrong with it.
      return false;
    }
  },
  // deno-lint-ignore require-await
  async open({ path, inside }, options) {
    refuseDataset(path, options);
    const names = frameNames(inside!.names()),
      parts = locateFrames(path, inside!, names),
      [{ frame }] = parts;
    const shape = {
      ...requireScanShape(names.length, options, { file: path }, "names count them in raster order"),
      ...patternShape(frame),
    };
    return arrangePatterns({
      shape,
      numbers: frame.numbers,
      calibration: {},
      source: { format: "frames", path, bytes: names.length * frame.rows * frame.rowBytes },
      stored: partsForThreads(parts),
      warnings: gapsIn(names),
    }, new RecordReader(parts));
  },
};

/** Where the numbers of one frame lie in its file. */
interface FramePlace {
  readonly frame: FrameLayout;
  readonly offset: number;
}

/**
 * Files whose numbers begin at one byte are one part.
 *
 * @throws {UnsupportedFormat} when a file is no frame
 * @throws {CorruptFile} when the frames are not alike, or one is cut off
 */
function locateFrames(folder: string, inside: Folder, names: readonly string[]): FramePatterns[] {
  const files = new UnderstoodFiles(understandFrame), parts: FramePatterns[] = [];
  let paths: string[] = [], first: FramePlace | undefined, last: FramePlace | undefined;
  for (const name of names) {
    const { path, place } = locateFrame(inside, name, files) ?? notAFrame(folder, name);
    first ??= place;
    if (place !== last) {
      if (!sameFrame(place.frame, first.frame)) throw unequal(folder, name, place.frame, first.frame);
      if (place.offset !== last?.offset) {
        paths = [];
        parts.push(partOf(path, first.frame, place.offset, paths));
      }
      last = place;
    }
    paths.push(path);
  }
  return parts.map((part) => ({ ...part, patterns: part.paths!.length }));
}

function partOf(path: string, frame: FrameLayout, offset: number, paths: readonly string[]): FramePatterns {
  const recordBytes = frame.rows * frame.rowBytes;
  return { kind: "frames", path, offset, recordBytes, frame, patterns: 0, paths };
}

/** A frame by its name; `undefined` for a file that holds something else. */
function locateFrame(
  folder: Folder,
  name: string,
  files: UnderstoodFiles<FramePlace | undefined>,
): { path: string; place: FramePlace } | undefined {
  const file = folder.open(name);
  if (!file) return undefined;
  try {
    const place = files.of(file);
    return place && { path: file.path, place };
  } finally {
    file.close();
  }
}

function understandFrame(file: ByteSource): FramePlace | undefined {
  return /\.npy$/i.test(file.path) ? npyFrame(file) : tiffFrame(file);
}

function npyFrame(file: ByteSource): FramePlace | undefined {
  const head = new Uint8Array(Math.min(10, file.size));
  file.readAt(0, head);
  if (!hasNpyMagic(head)) return undefined;
  const { descriptor, fortranOrder, shape: [rows, columns, ...others], dataOffset } = readNpyHeader(file);
  if (fortranOrder || columns === undefined || others.length > 0) return undefined;
  const { numbers, swapped } = parseDescriptor(descriptor, file.path);
  const frame = plainFrame(rows, columns, numbers, swapped), end = dataOffset + frame.rows * frame.rowBytes;
  return rows > 0 && columns > 0 && end <= file.size ? { frame, offset: dataOffset } : undefined;
}

function tiffFrame(source: ByteSource): FramePlace | undefined {
  const file = new TiffFile(source), [first, second] = file.directories();
  if (!first || second) return undefined;
  const page = readPage(file, first);
  return { frame: frameOf(file, page), offset: page.offset };
}

function sameFrame(a: FrameLayout, b: FrameLayout): boolean {
  return a.rows === b.rows && a.columns === b.columns && a.numbers === b.numbers &&
    a.bigEndian === b.bigEndian;
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

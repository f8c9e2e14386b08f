/** A folder of single frames, one file for each probe position, numbered by their names. */

import { type FileSource, readBytes, throughWindow } from "../scan/byte_source.ts";
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
    const known = new KnownHead();
    const parts = names.map((name) => readFrame(inside!, name, known) ?? notAFrame(path, name));
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
      numbers: frame.numbers,
      calibration: {},
      source: { format: "frames", path, bytes: parts.reduce((sum, { recordBytes }) => sum + recordBytes, 0) },
      stored: partsForThreads(parts),
      warnings: gapsIn(names),
    }, new RecordReader(parts));
  },
};

/** Where the numbers of one frame lie; `undefined` for a file that holds something else. */
function readFrame(folder: Folder, name: string, known = new KnownHead()): FramePatterns | undefined {
  const file = folder.open(name);
  if (!file) return undefined;
  try {
    const place = /\.npy$/i.test(name)
      ? known.placeIn(file) ?? known.keep(file, npyFrame(file))
      : tiffFrame(file);
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

/** The head of the last npy file that was understood: of thousands that begin alike, only the first needs to be. */
class KnownHead {
  #head: Uint8Array = new Uint8Array(0);
  #read: Uint8Array = new Uint8Array(0);
  #place: FramePlace | undefined;

  /** Where the numbers of a file lie that begins as the last one; `undefined` where it does not, or is too short. */
  placeIn(file: FileSource): FramePlace | undefined {
    const place = this.#place;
    if (!place || endOf(place) > file.size) return undefined;
    file.readAt(0, this.#read);
    return this.#read.every((byte, index) => byte === this.#head[index]) ? place : undefined;
  }

  /** Remembers where the numbers of a file lie. */
  keep(file: FileSource, place: FramePlace | undefined): FramePlace | undefined {
    if (place) {
      this.#head = readBytes(file, 0, place.offset);
      this.#read = new Uint8Array(place.offset);
      this.#place = place;
    }
    return place;
  }
}

/** Bytes that a file has at least. */
function endOf({ frame, offset }: FramePlace): number {
  return offset + frame.rows * frame.rowBytes;
}

function npyFrame(source: FileSource): FramePlace | undefined {
  const file = throughWindow(source);
  const head = new Uint8Array(Math.min(10, file.size));
  file.readAt(0, head);
  if (!hasNpyMagic(head)) return undefined;
  const { descriptor, fortranOrder, shape: [rows, columns, ...others], dataOffset } = readNpyHeader(file);
  if (fortranOrder || columns === undefined || others.length > 0) return undefined;
  const { numbers, swapped } = parseDescriptor(descriptor, file.path);
  const frame = plainFrame(rows, columns, numbers, swapped);
  const place = { frame, offset: dataOffset };
  return rows > 0 && columns > 0 && endOf(place) <= file.size ? place : undefined;
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

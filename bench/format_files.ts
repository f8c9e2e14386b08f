/** Large files of every raw format, made record by record by the fixtures of the tests, for bench/formats.ts. */

import type { DType } from "../library/scan/dtype.ts";
import type { OpenScanOptions } from "../library/formats/open.ts";
import { npy } from "../tests/support/byte_files.ts";
import { blockfile, blockfileStart, tvipsFrame, tvipsHeader } from "../tests/support/frame_files.ts";
import { merlinFrames, type MerlinRecipe, merlinText } from "../tests/support/merlin_files.ts";
import { tiff } from "../tests/support/tiff_files.ts";
import {
  bigTiffDirectories,
  bigTiffHead,
  dm4Frame,
  mrcHead,
  seqHead,
  seqStride,
  serElement,
  serHead,
  type Size,
  swapped,
  withHead,
} from "./format_heads.ts";

/** A format of files of records, each with one pattern. */
export interface RecordFile {
  readonly name: string;
  /** Type of the numbers; the same data as npy has it too. */
  readonly dtype: DType;
  /** Sides of the detector, where the format prescribes them. */
  readonly side?: number;
  /** Name of the file in its folder. */
  readonly file: string;
  /** What a user has to say. */
  readonly options?: (size: Size) => OpenScanOptions;
  /** Bytes before the first record. */
  head?(size: Size): Uint8Array;
  /** The bytes of a record; default: the pattern as it is. */
  record?(pattern: Uint8Array, index: number, size: Size): Uint8Array;
  /** Bytes behind the last record. */
  tail?(size: Size): Uint8Array;
  /** Other files beside it. */
  beside?(folder: string, size: Size): void;
}

const scanShape = ({ rows, columns }: Size) => ({ scanShape: { rows, columns } });

/** A Merlin frame around a body, numbered. */
function merlinRecord(
  recipe: Partial<MerlinRecipe>,
  size: Size,
): (body: Uint8Array, index: number) => Uint8Array {
  const { patternRows: rows, patternColumns: columns } = size;
  const head = merlinFrames(new Uint8Array(rows * columns), { rows, columns, ...recipe }).subarray(0, 384);
  return (body, index) => {
    const record = withHead(head, body);
    record.set(new TextEncoder().encode(String(index + 1).padStart(6, "0")), 4);
    return record;
  };
}

const merlinRecords = new Map<string, (body: Uint8Array, index: number) => Uint8Array>();

function merlin(
  name: string,
  dtype: DType,
  recipe: Partial<MerlinRecipe>,
  body: (pattern: Uint8Array) => Uint8Array,
): RecordFile {
  return {
    name,
    dtype,
    file: "scan.mib",
    options: scanShape,
    record(pattern, index, size) {
      let record = merlinRecords.get(name);
      if (!record) merlinRecords.set(name, record = merlinRecord(recipe, size));
      return record(body(pattern), index);
    },
    beside(folder, { rows, columns }) {
      Deno.writeTextFileSync(`${folder}/scan.hdr`, merlinText(rows * columns, columns));
    },
  };
}

/** Words of 64 bits, the highest byte first, as RAW frames of 12 bits have them: four counters each, the first lowest. */
function rawWords(pattern: Uint8Array): Uint8Array {
  return swapped(pattern, 8);
}

/** Every format, each with as much of its own as tells it from plain numbers. */
export const recordFiles: readonly RecordFile[] = [
  merlin("Merlin, 8 bits", "u8", { kind: "U08", depth: 6 }, (pattern) => pattern),
  merlin("Merlin, 16 bits, big-endian", "u16", { kind: "U16" }, (pattern) => swapped(pattern, 2)),
  merlin("Merlin, RAW of 12 bits", "u16", { kind: "R64", depth: 12 }, rawWords),
  {
    name: "DM4, C order",
    dtype: "u16",
    file: "scan.dm4",
    head: (size) => dm4Frame(size).before,
    tail: (size) => dm4Frame(size).behind,
  },
  {
    name: "EMPAD",
    dtype: "f32",
    side: 128,
    file: "scan_x1_y1.raw",
    options: scanShape,
    record: (pattern) => withHead(new Uint8Array(0), pattern, 4 * 2 * 128),
  },
  { name: "MRC, signed 16 bits", dtype: "i16", file: "scan.mrc", options: scanShape, head: mrcHead("i16") },
  { name: "MRC, float32", dtype: "f32", file: "scan.mrc", options: scanShape, head: mrcHead("f32") },
  {
    name: "Direct Electron MRC",
    dtype: "u16",
    file: "20260101_00001_movie.mrc",
    head: mrcHead("u16"),
    beside(folder, { rows, columns, patternRows, patternColumns }) {
      const lines = Object.entries({
        "Image Size X (pixels)": patternColumns,
        "Image Size Y (pixels)": patternRows,
        "Scan - Enable": "Enable",
        "Scan - Type": "Raster",
        "Scan - Size X": columns,
        "Scan - Size Y": rows,
      });
      const text = lines.map(([key, value]) => `${key.padEnd(60)} = ${value}`).join("\r\n");
      Deno.writeTextFileSync(`${folder}/20260101_00001_info.txt`, text);
    },
  },
  {
    name: "blockfile",
    dtype: "u8",
    file: "scan.blo",
    head: ({ rows, columns, patternRows, patternColumns }) =>
      blockfile([new Uint8Array(patternRows * patternColumns)], rows, columns).slice(0, blockfileStart),
    record(pattern, index) {
      const head = new Uint8Array(6), view = new DataView(head.buffer);
      view.setUint16(0, 0x55aa, true);
      view.setUint32(2, index, true);
      return withHead(head, pattern);
    },
  },
  {
    name: "TVIPS",
    dtype: "u16",
    file: "scan_000.tvips",
    options: scanShape,
    head: ({ patternRows, patternColumns }) => tvipsHeader(patternRows, patternColumns),
    record: (pattern) => tvipsFrame(pattern, 0),
  },
  {
    name: "TIA series",
    dtype: "u16",
    file: "scan_1.ser",
    head: serHead,
    record: (pattern, _, size) => withHead(serElement(size), pattern, 8),
  },
  {
    name: "seq",
    dtype: "u16",
    file: "scan.seq",
    options: scanShape,
    head: seqHead,
    record: (pattern, _, size) => withHead(new Uint8Array(0), pattern, seqStride(size) - pattern.length),
  },
  {
    name: "BigTIFF stack",
    dtype: "u16",
    file: "scan.tif",
    options: scanShape,
    head: bigTiffHead,
    tail: bigTiffDirectories,
  },
  {
    name: "raw with headers",
    dtype: "u16",
    file: "scan.raw",
    options: ({ rows, columns, patternRows, patternColumns }) => ({
      dtype: "u16",
      shape: [rows, columns, patternRows, patternColumns],
      offset: 1000,
      frameHeader: 100,
    }),
    head: () => new Uint8Array(1000),
    record: (pattern) => withHead(new Uint8Array(100), pattern),
  },
  {
    name: "npy, big-endian",
    dtype: "u16",
    file: "scan.npy",
    head: ({ rows, columns, patternRows, patternColumns }) =>
      npy(">u2", [rows, columns, patternRows, patternColumns], new Uint8Array(0)),
    record: (pattern) => swapped(pattern, 2),
  },
];

/** Folders of single frames, a file for each. */
export const frameFolders: readonly {
  readonly name: string;
  readonly ending: string;
  frame(pattern: Uint8Array, size: Size): Uint8Array;
}[] = [
  {
    name: "folder of npy frames",
    ending: "npy",
    frame: (pattern, { patternRows, patternColumns }) => npy("<u2", [patternRows, patternColumns], pattern),
  },
  {
    name: "folder of TIFF frames",
    ending: "tif",
    frame: (pattern, { patternRows, patternColumns }) =>
      tiff({ rows: patternRows, columns: patternColumns, pages: [pattern], bits: 16 }),
  },
];

/** Files of 16-bit counts in which the numbers of one detector pixel lie together for all probes. */
export interface ScatteredFile {
  readonly name: string;
  readonly file: string;
  /** Whether columns of detector and scan are slower than rows. */
  readonly fortran: boolean;
  head(size: Size): Uint8Array;
  tail(size: Size): Uint8Array;
}

/** Those that we read. */
export const scatteredFiles: readonly ScatteredFile[] = [
  {
    name: "DM4, hybrid order",
    file: "scan.dm4",
    fortran: false,
    head: (size) => dm4Frame(size, true).before,
    tail: (size) => dm4Frame(size, true).behind,
  },
  {
    name: "npy, Fortran order",
    file: "scan.npy",
    fortran: true,
    head: ({ rows, columns, patternRows, patternColumns }) =>
      npy("<u2", [rows, columns, patternRows, patternColumns], new Uint8Array(0), true),
    tail: () => new Uint8Array(0),
  },
];

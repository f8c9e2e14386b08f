/** Sound recordings of cameras, which are all raw records, with what lies beside them. */

import { empadColumns, empadRows, newXml, oldXml } from "../empad_files.ts";
import { blockfile, blockfileStart, cut, joined, ser, tvipsFrame, tvipsHeader } from "../frame_files.ts";
import { merlinFrames, type MerlinRecipe, merlinText } from "../merlin_files.ts";
import { mrcFile, veloxRecord } from "../mrc_files.ts";
import { sequence } from "../seq_files.ts";
import { single } from "./arrays_corpus.ts";
import type { FuzzedReader, Subject } from "./subject.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const scanShape = { rows: 3, columns: 4 };
const values = Uint16Array.from({ length: 360 }, (_, index) => (index * 131 + 7) % 4093);

const empadReader: FuzzedReader = {
  name: "empad",
  subjects() {
    const frames = empadRows * empadColumns, numbers = new Float32Array(frames * 130 * 128).fill(NaN);
    for (let i = 0; i < numbers.length; i++) if (i % 16640 < 16384) numbers[i] = i / 4;
    const raw = new Uint8Array(numbers.buffer), name = `scan_x${empadColumns}_y${empadRows}.raw`;
    const boundaries = { [name]: Array.from({ length: frames }, (_, frame) => frame * 66560) };
    const shared = { boundaries, patterns: "verbatim", expansion: 1 } as const;
    return Promise.resolve([
      {
        name: "EMPAD, old",
        files: new Map([["a.xml", utf8(oldXml(name))], [name, raw]]),
        opens: "a.xml",
        ...shared,
      },
      {
        name: "EMPAD, new",
        files: new Map([["a.xml", utf8(newXml(name))], [name, raw]]),
        opens: name,
        ...shared,
      },
    ]);
  },
};

function merlin(name: string, recipe: MerlinRecipe, text: string, patterns: Subject["patterns"]): Subject {
  const pixels = recipe.rows * recipe.columns, depth = recipe.depth ?? 12;
  const frames = merlinFrames(
    Uint32Array.from({ length: 12 * pixels }, (_, i) => i * 131 % 2 ** depth),
    recipe,
  );
  return {
    name,
    files: new Map([["a.mib", frames], ["a.hdr", utf8(text)]]),
    ...{ opens: "a.mib", patterns, expansion: 8 },
    boundaries: { "a.mib": Array.from({ length: 12 }, (_, frame) => frame * frames.length / 12) },
  };
}

const merlinReader: FuzzedReader = {
  name: "merlin",
  subjects: () =>
    Promise.resolve([
      merlin("Merlin of 12 bits", { rows: 3, columns: 5 }, merlinText(12, 4), "verbatim"),
      merlin(
        "Merlin of 24 bits",
        { rows: 3, columns: 5, kind: "U32", depth: 24 },
        merlinText(12, 1, { ScanX: "4", ScanY: "3" }),
        "verbatim",
      ),
      merlin(
        "Merlin of 6 bits",
        { rows: 3, columns: 5, kind: "U08", depth: 6, fine: false },
        merlinText(12, 4),
        "verbatim",
      ),
      merlin(
        "Merlin RAW of 1 bit",
        { rows: 3, columns: 64, kind: "R64", depth: 1 },
        merlinText(12, 4),
        "packed",
      ),
      merlin(
        "Merlin RAW of 12 bits",
        { rows: 3, columns: 64, kind: "R64", depth: 12 },
        merlinText(12, 4),
        "packed",
      ),
    ]),
};

function movie(lines: Readonly<Record<string, string | number>>, coordinates?: string): Subject {
  const name = "20260101_00001",
    text = Object.entries(lines).map(([key, value]) => `${key.padEnd(50)} = ${value}`);
  const info = [
    ...["Image Size X (pixels) = 6", "Image Size Y (pixels) = 5", "Scan - Enable = Enable"],
    ...["Specimen Pixel Size X (nanometers) = 0.5", "Specimen Pixel Size Y (nanometers) = 0.5"],
  ];
  return {
    name: `movie, ${lines["Scan - Type"]}`,
    files: new Map([
      [`${name}_movie.mrc`, mrcFile({ columns: 6, rows: 5, frames: 12, numbers: "u16" }, values)],
      [`${name}_info.txt`, utf8([...info, ...text].join("\r\n"))],
      ...(coordinates === undefined ? [] : [[`${name}_scan_coordinates.csv`, utf8(coordinates)] as const]),
    ]),
    opens: `${name}_movie.mrc`,
    patterns: "verbatim",
    boundaries: { [`${name}_movie.mrc`]: Array.from({ length: 12 }, (_, frame) => 1024 + frame * 60) },
  };
}

const mrcReader: FuzzedReader = {
  name: "mrc",
  subjects() {
    const recipe = { columns: 6, rows: 5, frames: 12, numbers: "u16" } as const;
    const options = { scanShape };
    return Promise.resolve([
      single("MRC", "a.mrc", mrcFile(recipe, values), { options }),
      single(
        "MRC, big-endian bytes",
        "a.mrc",
        mrcFile({ ...recipe, numbers: "i8", bigEndian: true, imodFlags: 1 }, values),
        {
          options,
        },
      ),
      single("MRC of old programs", "a.mrc", mrcFile({ ...recipe, stamped: false, numbers: "f32" }, values), {
        options,
      }),
      single(
        "Velox",
        "a.mrc",
        mrcFile({ ...recipe, extended: veloxRecord(), extendedKind: "FEI2" }, values),
        { options },
      ),
      movie({ "Scan - Type": "Raster", "Scan - Size X": 4, "Scan - Size Y": 3 }),
      movie({
        "Scan - Type": "Raster ",
        "Scan - Size X": 2,
        "Scan - Size Y": 2,
        "Scan - Camera Frames Per Point": 3,
      }),
      movie(
        { "Scan - Type": "XY File", "Scan - Size X": 5, "Scan - Size Y": 4 },
        Array.from({ length: 12 }, (_, frame) => `${frame % 5},${frame * 3 % 4}\n`).join(""),
      ),
    ]);
  },
};

const seqReader: FuzzedReader = {
  name: "seq",
  subjects() {
    const options = { scanShape: { rows: 2, columns: 3 } }, file = sequence({ version: 3 });
    const boundaries = { "a.seq": Array.from({ length: 6 }, (_, frame) => 1024 + frame * 78) };
    return Promise.resolve([
      single("seq", "a.seq", file, { options, boundaries }),
      single("seq of 8 bits", "a.seq", sequence({ depth: 8 }), { options }),
    ]);
  },
};

const bloReader: FuzzedReader = {
  name: "blo",
  subjects() {
    const file = blockfile(cut(new Uint8Array(values.buffer, 0, 300), 12), 3, 4);
    const boundaries = { "a.blo": Array.from({ length: 12 }, (_, frame) => blockfileStart + frame * 31) };
    return Promise.resolve([single("blockfile", "a.blo", file, { boundaries, expansion: 1 })]);
  },
};

const tvipsReader: FuzzedReader = {
  name: "tvips",
  subjects() {
    const frames = cut(values, 12), options = { scanShape };
    const whole = joined(
      tvipsHeader(5, 6),
      ...frames.map((frame, index) => tvipsFrame(frame, Math.max(0, index - 2))),
    );
    const plain = (index: number) => tvipsFrame(frames[index], 0);
    const parts = [0, 1, 2].map((part) =>
      joined(
        ...(part === 0 ? [tvipsHeader(5, 6)] : []),
        ...[0, 1, 2, 3].map((index) => plain(part * 4 + index)),
      )
    );
    const version1 = tvipsHeader(5, 6, [[4, "u32", 1], [48, "u32", 0]]);
    return Promise.resolve([
      single("TVIPS with positions", "a_000.tvips", whole, { expansion: undefined }),
      {
        name: "TVIPS in three files",
        files: new Map(parts.map((part, index) => [`a_00${index}.tvips`, part] as const)),
        ...{ opens: "a_001.tvips", options, patterns: "verbatim", expansion: 1 },
      },
      single(
        "TVIPS, version 1",
        "a_000.tvips",
        joined(version1, ...frames.map((frame) => tvipsFrame(frame, 0, 12))),
        {
          options,
        },
      ),
    ]);
  },
};

const serReader: FuzzedReader = {
  name: "ser",
  subjects() {
    const recipe = { patterns: cut(values, 12), rows: 5, columns: 6, type: 2 };
    return Promise.resolve([
      single("TIA series", "a.ser", ser({ ...recipe, dimensions: [4, 3] })),
      single("TIA series of series", "a.ser", ser({ ...recipe, dimensions: [3, 2, 2], version: 0x210 })),
      single("TIA stack", "a.ser", ser({ ...recipe, dimensions: [12], version: 0x210 }), {
        options: { scanShape },
      }),
    ]);
  },
};

/** All of these. */
export const recordingReaders: readonly FuzzedReader[] = [
  ...[empadReader, merlinReader, mrcReader, seqReader, bloReader, tvipsReader, serReader],
];

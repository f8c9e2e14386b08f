/** Sound files of arrays: numpy's, Panta Rhei's, DigitalMicrograph's, TIFF, single frames and raw numbers. */

import { npy, numpyText, zip } from "../byte_files.ts";
import { dmFile, type DmKind, dmKinds, imageFileTags, numbers } from "../dm_files.ts";
import { cut, joined } from "../frame_files.ts";
import { tiff, type TiffRecipe } from "../tiff_files.ts";
import type { Files, FuzzedReader, Subject } from "./subject.ts";

const lengths = [3, 4, 5, 6], scanShape = { rows: 3, columns: 4 };
const values = Uint16Array.from({ length: 360 }, (_, index) => (index * 131 + 7) % 9973);
const array = npy("<u2", lengths, values), shuffled = values.slice().reverse();
const floats = new Uint8Array(Float32Array.from(values, (value) => value / 7).buffer);
const little = new Uint8Array(values.buffer);

/** A subject of one file. */
export function single(
  name: string,
  file: string,
  bytes: Uint8Array,
  others: Partial<Subject> = {},
): Subject {
  return {
    name,
    files: new Map([[file, bytes]]),
    opens: file,
    patterns: "verbatim",
    expansion: 2,
    ...others,
  };
}

const packed = { patterns: "packed", expansion: undefined } as const;

const npyReader: FuzzedReader = {
  name: "npy",
  subjects: () =>
    Promise.resolve([
      single("npy", "a.npy", array),
      single(
        "npy of five axes, big-endian",
        "a.npy",
        npy(">f4", [2, ...lengths.slice(0, 1), 2, 5, 6], floats),
      ),
      single("npy stack", "a.npy", npy("|u1", [12, 5, 6], little.subarray(0, 360)), {
        options: { scanShape },
      }),
      single("npy in Fortran order", "a.npy", npy("<u2", lengths, values, true), { patterns: "packed" }),
    ]),
};

const npzReader: FuzzedReader = {
  name: "npz",
  subjects() {
    const data = { name: "data.npy", data: array },
      other = { name: "positions.npy", data: npy("<u2", [12, 2], values) };
    const stored = zip([other, data]), deflated = zip([other, { ...data, deflated: true, zip64: true }]);
    return Promise.resolve([
      single("stored npz", "a.npz", stored, {
        boundaries: { "a.npz": [stored.length - 200, stored.length - 22] },
      }),
      single("deflated npz", "a.npz", deflated, packed),
    ]);
  },
};

const przReader: FuzzedReader = {
  name: "prz",
  subjects() {
    const metadata = numpyText(JSON.stringify({
      "content.types": ["CameraX", "CameraY", "ScanX", "ScanY"],
      "device.calib": [{ value: 1e8, unit: "m^-1" }, { value: 1e8, unit: "m^-1" }, {
        value: 2e-9,
        unit: "m",
      }],
      "electron_gun.voltage": 2e5,
    }));
    const members = [{ name: "meta_data_json.npy", data: metadata }, { name: "data.npy", data: array }];
    return Promise.resolve([
      single("prz", "a.prz", zip(members)),
      single("deflated prz", "a.prz", zip(members.map((member) => ({ ...member, deflated: true }))), packed),
    ]);
  },
};

/** Scans of DigitalMicrograph: patterns one after the other, or scattered. */
function dm(kind: DmKind, swapped: boolean): Subject {
  const dimensions = swapped ? [6, 5, 4, 3] : [4, 3, 6, 5], data = numbers("u16", values);
  const axes = (swapped ? ["1/nm", "1/nm", "nm", "nm"] : ["nm", "nm", "1/nm", "1/nm"]).map((unit) =>
    [0.1, unit] as const
  );
  const file = dmFile(kind, imageFileTags({ dimensions, dataType: 10, data, axes, swapped }));
  const name = `DM${kind.version} ${kind.littleEndian ? "little" : "big"}-endian${
    swapped ? "" : ", scattered"
  }`;
  return single(name, `a.dm${kind.version}`, file, { patterns: swapped ? "verbatim" : "packed" });
}

const dmReader: FuzzedReader = {
  name: "dm",
  subjects: () => Promise.resolve(dmKinds.flatMap((kind) => [dm(kind, true), dm(kind, false)])),
};

function stack(recipe: Partial<TiffRecipe>): Uint8Array {
  return tiff({ rows: 5, columns: 6, bits: 16, pages: cut(little, 12), ...recipe });
}

const tiffReader: FuzzedReader = {
  name: "tiff",
  subjects: () =>
    Promise.resolve([
      single("TIFF", "a.tif", stack({ stripRows: 2, description: '{"shape": [3, 4, 5, 6]}' })),
      single("BigTIFF", "a.tif", stack({ big: true, description: '{"shape": [3, 4, 5, 6]}' })),
      single("big-endian TIFF, pages apart", "a.tif", stack({ bigEndian: true, gap: (page) => 8 * page }), {
        options: { scanShape },
      }),
      single(
        "ImageJ stack",
        "a.tif",
        stack({
          described: 1,
          description: "ImageJ=1.53t\nimages=12\nslices=12\nunit=1/nm\nloop=false\n",
          resolution: [20, 20],
        }),
        { options: { scanShape } },
      ),
    ]),
};

function frames(
  make: (page: Uint8Array, index: number) => readonly [name: string, bytes: Uint8Array],
): Files {
  return new Map(cut(little, 12).slice(0, 6).map(make));
}

const framesReader: FuzzedReader = {
  name: "frames",
  subjects: () =>
    Promise.resolve(
      [
        {
          name: "folder of npy",
          files: frames((page, index) => [`frame_${index}.npy`, npy("<u2", [5, 6], page)]),
          ...{
            opens: "",
            patterns: "verbatim",
            expansion: 2,
            options: { scanShape: { rows: 2, columns: 3 } },
          },
        },
        {
          name: "folder of TIFF",
          files: frames((page, index) => [`frame_${index}.tif`, stack({ pages: [page] })]),
          ...{
            opens: "",
            patterns: "verbatim",
            expansion: 2,
            options: { scanShape: { rows: 2, columns: 3 } },
          },
        },
        {
          name: "folder of raw numbers",
          files: frames((page, index) => [`frame_${index}.raw`, page]),
          ...{ opens: "", patterns: "verbatim", expansion: 2 },
          options: { dtype: "u16", shape: [5, 6], scanShape: { rows: 2, columns: 3 } },
        },
      ] satisfies Subject[],
    ),
};

const rawReader: FuzzedReader = {
  name: "raw",
  subjects: () =>
    Promise.resolve([
      single("raw numbers", "a.bin", joined(new Uint8Array(16).fill(7), little), {
        options: { dtype: "u16", shape: [3, 4, 5, 6], offset: 16 },
      }),
      single(
        "raw frames with headers",
        "a.bin",
        joined(...cut(little, 12).flatMap((page) => [new Uint8Array(4), page])),
        {
          options: { dtype: "u16", shape: [5, 6], frameHeader: 4, byteOrder: "big", scanShape },
        },
      ),
      single("raw bytes", "a.bin", new Uint8Array(shuffled.buffer), {
        options: { dtype: "i8", shape: [5, 6], scanShape: { rows: 4, columns: 6 } },
      }),
    ]),
};

/** All of these. */
export const arrayReaders: readonly FuzzedReader[] = [
  ...[npyReader, npzReader, przReader, dmReader, tiffReader, framesReader, rawReader],
];

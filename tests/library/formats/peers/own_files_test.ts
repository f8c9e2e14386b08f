/** Files that the tests make, of kinds that ../shared lacks, read by us and by RosettaSciIO, py4DSTEM and LiberTEM. */

import type { PixelArray } from "../../../../library/scan/dtype.ts";
import {
  dmFile,
  type DmImageRecipe,
  type DmTag,
  imageFileTags,
  number,
  numbers,
} from "../../../support/dm_files.ts";
import { withFolder } from "../../../support/folders.ts";
import { blockfile, cut, joined, ser, tvipsFrame, tvipsHeader } from "../../../support/frame_files.ts";
import { merlinFrames, type MerlinRecipe } from "../../../support/merlin_files.ts";
import { mrcFile, type MrcRecipe } from "../../../support/mrc_files.ts";
import { compareWithPeers, type Comparison, detectorRowsFlipped } from "../../../support/peer_comparisons.ts";
import { type Peer, peerTest } from "../../../support/peers.ts";
import { sequence } from "../../../support/seq_files.ts";
import { tiff } from "../../../support/tiff_files.ts";

type Rest = Omit<Comparison, "file" | "program">;

/** A file, and what is compared of each program that reads its format. */
interface OwnFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly peers: Partial<Record<Peer, Rest>>;
}

/** (row, column, qy, qx) of most files; 6 patterns. */
const scanShape = { rows: 2, columns: 3 }, ours = { scanShape };
const counts = Uint16Array.from({ length: 6 * 5 * 7 }, (_, index) => (index * 7919) % 65521);
const listed = { ours, shape: [6, 5, 7] } as const;

const dmImage: DmImageRecipe = {
  dimensions: [7, 5, 3, 2],
  dataType: 10,
  data: numbers("u16", counts),
  axes: [[0.1, "1/nm"], [0.2, "1/nm"], [2, "nm"], [1, "nm"]],
  swapped: true,
  format: "Diffraction image",
  microscope: { Voltage: number("f64", 200000) },
};
/** The scan lies fastest. */
const dmHybrid: DmImageRecipe = {
  ...dmImage,
  dimensions: [3, 2, 7, 5],
  axes: [[2, "nm"], [1, "nm"], [0.1, "1/nm"], [0.2, "1/nm"]],
  swapped: false,
};

function dm(name: string, image: DmImageRecipe, peers: OwnFile["peers"]): OwnFile {
  const version = name.endsWith("3") ? 3 : 4;
  // ncempy, by which py4DSTEM and LiberTEM read these files, stumbles over tags that are strings.
  const { Name: _, ...tags } = imageFileTags(image) as Record<string, DmTag>;
  return { name, bytes: dmFile({ version, littleEndian: true }, tags), peers };
}

const merlinKinds: readonly MerlinRecipe[] = [
  { rows: 256, columns: 256, kind: "U08", depth: 6 },
  { rows: 256, columns: 256, kind: "U16", depth: 12 },
  { rows: 256, columns: 256, kind: "U32", depth: 24 },
  { rows: 256, columns: 256, kind: "R64", depth: 1 },
  { rows: 256, columns: 256, kind: "R64", depth: 6 },
  { rows: 256, columns: 256, kind: "R64", depth: 12 },
  { rows: 512, columns: 512, kind: "R64", depth: 6, chips: 4 },
  { rows: 512, columns: 512, kind: "R64", depth: 12, chips: 4 },
];

function merlin(recipe: MerlinRecipe): OwnFile {
  const { rows, columns, kind, depth, chips = 1 } = recipe;
  const pixels = Uint32Array.from(
    { length: 2 * rows * columns },
    (_, i) => (Math.imul(i, 2654435761) >>> 0) % 2 ** depth!,
  );
  const raw = kind === "R64",
    libertem = { reader: "mib", options: { nav_shape: [1, 2], disable_glob: true } };
  const two = { ours: { scanShape: { rows: 1, columns: 2 } } };
  return {
    name: `${kind}_${depth}_${chips}.mib`,
    bytes: merlinFrames(pixels, recipe),
    peers: {
      libertem: depth === 1
        ? { ...libertem, fails: /AssertionError/, differs: ["R10"] }
        : { ...two, ...libertem },
      rosettasciio: raw
        ? { fails: /RAW MIB data not supported/, differs: ["R10"] }
        : { ...two, shape: [2, rows, columns], arranged: detectorRowsFlipped, differs: ["R2"] },
      py4dstem: raw ? { fails: /MQ1A/, differs: ["R10"] } : { ...two, options: { scan: [1, 2] } },
    },
  };
}

function mrc(name: string, recipe: Partial<MrcRecipe>, peers: OwnFile["peers"]): OwnFile {
  const data = Array.from(counts, (count) => count % 256 + (recipe.numbers === "i8" ? -128 : 0));
  const bytes = mrcFile({ rows: 5, columns: 7, frames: 6, numbers: "u16", ...recipe }, data);
  // A stack of images, not a volume.
  new DataView(bytes.buffer).setInt32(36, 1, !recipe.bigEndian);
  return { name, bytes, peers };
}

const noCell = [[0, "nm"], [0, "nm"]] as const;
const bothMrc = {
  rosettasciio: { ...listed, reader: "mrc", axes: noCell, differs: ["R6"] },
  libertem: { ...listed, reader: "mrc" },
};
const signed: Rest = {
  dtype: "i8",
  arranged: (pixels) => Int16Array.from(pixels, (byte) => byte << 24 >> 24),
  differs: ["R20"],
};
const unsigned: Rest = {
  dtype: "u8",
  arranged: (pixels) => Int16Array.from(pixels, (byte) => byte & 255),
  differs: ["R6", "R20"],
};

const pixelsOnly = [[1, "pixels"], [1, "pixels"], [1, "pixels"], [1, "pixels"]] as const;
const inventedSteps = [[1, "nm"], [1, "nm"], [3, "1/nm"], [3, "1/nm"]] as const;
const square = Uint8Array.from({ length: 6 * 25 }, (_, index) => (index * 37) % 256);
const patterns = cut(counts, 6);

const files: readonly OwnFile[] = [
  ...["whole.dm3", "whole.dm4"].map((name) =>
    dm(name, dmImage, {
      rosettasciio: {},
      py4dstem: {
        axes: [[2, "nm"], [2, "nm"], [0.010000000149011612, "A^-1"], [0.010000000149011612, "A^-1"]],
        differs: ["R22"],
      },
      libertem: { reader: "dm", options: { force_c_order: true } },
    })
  ),
  dm("hybrid.dm4", dmHybrid, {
    rosettasciio: {
      shape: [5, 7, 2, 3],
      arranged: detectorAxesFirst,
      axes: [[Math.fround(0.2), "1/nm"], [Math.fround(0.1), "1/nm"], [1, "nm"], [2, "nm"]],
      differs: ["R21"],
    },
    py4dstem: { shape: [5, 7, 2, 3], arranged: detectorAxesFirst, axes: pixelsOnly, differs: ["R21"] },
    libertem: { reader: "dm", fails: /C-ordered/, differs: ["R7"] },
  }),
  ...merlinKinds.map(merlin),
  mrc("u16.mrc", {}, bothMrc),
  mrc("i16.mrc", { numbers: "i16" }, bothMrc),
  mrc("f32.mrc", { numbers: "f32" }, bothMrc),
  mrc("big_endian.mrc", { bigEndian: true }, {
    rosettasciio: { reader: "mrc", fails: /Unrecognised mode/, differs: ["R19"] },
    libertem: { reader: "mrc", fails: /too big/, differs: ["R19"] },
  }),
  mrc("u8.mrc", { numbers: "u8", least: 0, most: 255 }, {
    ...bothMrc,
    libertem: { ...bothMrc.libertem, ...signed },
  }),
  mrc("i8.mrc", { numbers: "i8", imodFlags: 1 }, {
    rosettasciio: { ...bothMrc.rosettasciio, ...unsigned },
    libertem: { ...bothMrc.libertem, dtype: "i8", differs: ["R20"] },
  }),
  {
    name: "a.blo",
    bytes: blockfile(cut(square, 6), 2, 3),
    peers: {
      rosettasciio: {
        axes: [[0.016061676839061997, "cm"], [0.016061676839061997, "cm"]],
        differs: ["R14"],
      },
      libertem: { reader: "blo" },
    },
  },
  {
    name: "a_000.tvips",
    bytes: joined(tvipsHeader(5, 7), ...patterns.map((pattern, frame) => tvipsFrame(pattern, frame + 1))),
    peers: {
      rosettasciio: { ours, options: { scan_shape: [2, 3] }, axes: inventedSteps, differs: ["R15"] },
      libertem: { ours, reader: "tvips", options: { nav_shape: [2, 3], sync_offset: 0 } },
    },
  },
  {
    name: "scan.ser",
    bytes: ser({ patterns, rows: 5, columns: 7, type: 2, dimensions: [3, 2] }),
    peers: {
      rosettasciio: {
        shape: [3, 2, 5, 7],
        axes: [[2, "nm"], [4, "nm"], [-4e16, "nm"], [2e16, "nm"]],
        arranged: detectorRowsFlipped,
        differs: ["R2", "R16", "R18"],
      },
      libertem: { reader: "ser", arranged: detectorRowsFlipped, differs: ["R2"] },
    },
  },
  {
    name: "a.seq",
    bytes: sequence(),
    peers: { libertem: { ours, reader: "seq", options: { nav_shape: [2, 3] } } },
  },
  ...[false, true].map((bigEndian): OwnFile => ({
    name: `${bigEndian ? "big" : "little"}.tif`,
    bytes: tiff({ rows: 5, columns: 7, pages: patterns, bits: 16, bigEndian, big: bigEndian }),
    peers: { rosettasciio: listed },
  })),
];

peerTest("other programs read of files of our making what we read", (test) =>
  withFolder(async (folder) => {
    const comparisons: Comparison[] = [];
    for (const { name, bytes, peers } of files) {
      const file = `${folder}/${name}`;
      await Deno.writeFile(file, bytes);
      for (const [program, rest] of Object.entries(peers)) {
        comparisons.push({ file, program: program as Peer, ...rest });
      }
    }
    await compareWithPeers(comparisons, test);
  }));

/** (row, column, qy, qx) as (qy, qx, row, column). */
function detectorAxesFirst(pixels: PixelArray, shape: readonly number[]): PixelArray {
  const positions = shape[0] * shape[1], size = shape[2] * shape[3], turned = pixels.slice();
  for (let i = 0; i < pixels.length; i++) turned[i % size * positions + Math.floor(i / size)] = pixels[i];
  return turned;
}

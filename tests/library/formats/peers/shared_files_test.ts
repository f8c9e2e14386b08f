/** The files of ../shared, read by us and by RosettaSciIO, py4DSTEM and LiberTEM. */

import type { PixelArray } from "../../../../library/scan/dtype.ts";
import { compareWithPeers, type Comparison, detectorRowsFlipped } from "../../../support/peer_comparisons.ts";
import { type Peer, peerTest } from "../../../support/peers.ts";
import { sharedPath } from "../../../support/shared.ts";

type Rest = Omit<Comparison, "file" | "program">;
type Entry = readonly [file: string, program: Peer, rest?: Rest];

const series = (frames: number, rows = 1) => ({ scanShape: { rows, columns: frames / rows } });
const merlin = "merlin_test_roi_sig256x";
const merlinScans = [
  ["merlin/001_4x2_6bit.mib", 256],
  [`merlin/002_${merlin}128_nav4x2_hot_pixel_52x_39y.mib`, 128],
  [`merlin/003_${merlin}64_nav4x2_hot_pixel_52x_39y.mib`, 64],
] as const;
const singles = ["Single_1_Frame_CounterDepth_12_Rows_256", "Single_1_Frame_CounterDepth_1_Rows_256"];
const raws = ["Single_1_Frame_CounterDepth_1_Rows_256RAW", "Quad_1_Frame_CounterDepth_1_Rows_256RAW"];
const oneFile = { reader: "mib", options: { nav_shape: [1, 1], disable_glob: true } };
const pixelsOnly = [[1, "pixels"], [1, "pixels"], [1, "pixels"], [1, "pixels"]] as const;
const inventedSteps = [[1, "nm"], [1, "nm"], [1, "1/nm"], [1, "1/nm"]] as const;
const nanometres = [[0.5, "nm"], [0.5, "nm"], [0.18416205048561096, "1 / nm"], [
  0.18416205048561096,
  "1 / nm",
]] as const;

const entries: readonly Entry[] = [
  ["arina/test_00_master.h5", "rosettasciio", { reader: "arina", dtype: "u16", differs: ["R1"] }],
  ["arina/test_00_master.h5", "py4dstem", { dtype: "u16", differs: ["R1"] }],
  ["synthetic/syn_master.h5", "rosettasciio", { reader: "arina", fails: /can't open file/, differs: ["R3"] }],
  ["synthetic/syn_master.h5", "libertem", {
    reader: "hdf5",
    options: { ds_path: "/entry/vds" },
    ours: series(20, 4),
    shape: [20, 24, 16],
  }],
  ["emd/py4DSTEM_size2x3x4x5.h5", "rosettasciio", { reader: "emd" }],
  ["emd/py4DSTEM_size2x3x4x5.h5", "py4dstem", { reader: "read" }],
  ["emd/py4DSTEM_size2x3x4x5.h5", "libertem"],
  ["emd/Si100_4D.emd", "rosettasciio", { reader: "emd", axes: nanometres, differs: ["R4"] }],
  ["emd/Si100_4D.emd", "py4dstem", { reader: "read", fails: /NoneType/, differs: ["R4"] }],
  ["emd/Si100_4D.emd", "libertem", {
    options: { ds_path: "4DSTEM_simulation/data/datacubes/CBED_array_depth0000/datacube" },
    ours: { dataset: "4DSTEM_simulation/data/datacubes/CBED_array_depth0000/datacube" },
  }],
  ["empad/map4x4.xml", "rosettasciio", { reader: "empad" }],
  ["empad/scan_x4_y4.raw", "py4dstem", { axes: pixelsOnly, differs: ["R5"] }],
  ["empad/scan_x4_y4.raw", "libertem", { reader: "empad", options: { nav_shape: [4, 4] } }],
  ...["dm/3D_test-1.dm3", "dm/3D_test-1.dm4"].flatMap((file): Entry[] => [
    [file, "rosettasciio", { ours: series(2), shape: [2, 2, 2] }],
    [file, "py4dstem", { ours: series(2), shape: [2, 2, 2] }],
    [file, "libertem", { reader: "dm", options: { nav_shape: [1, 2] }, ours: series(2) }],
  ]),
  ["dm/test_stackbuilder_imagestack.dm3", "rosettasciio", {
    ours: series(3),
    shape: [3, 2, 16],
    axes: [[0.05998290330171585, "µm"], [0.05998290330171585, "µm"]],
    differs: ["R6"],
  }],
  ["dm/test_stackbuilder_imagestack.dm3", "py4dstem", { ours: series(3), shape: [3, 2, 16] }],
  ["dm/test_stackbuilder_imagestack.dm3", "libertem", {
    reader: "dm",
    fails: /number of frames/,
    differs: ["R7"],
  }],
  ...merlinScans.flatMap(([file, rows]): Entry[] => [
    [file, "rosettasciio", { arranged: detectorRowsFlipped, differs: ["R2"] }],
    [file, "py4dstem", { fails: rows === 256 ? /NoneType/ : /cannot reshape/, differs: ["R8"] }],
    [file, "libertem", { reader: "mib", options: { nav_shape: [2, 4] } }],
    [
      file.replace(".mib", ".hdr"),
      "libertem",
      rows === 256 ? { reader: "mib", shape: [8, 1, 256, 256], differs: ["R9"] } : { reader: "mib" },
    ],
  ]),
  ...singles.flatMap((name): Entry[] => [
    [`merlin/${name}.mib`, "rosettasciio", {
      ours: series(1),
      shape: [256, 256],
      arranged: detectorRowsFlipped,
      differs: ["R2"],
    }],
    [`merlin/${name}.mib`, "libertem", { ...oneFile, ours: series(1) }],
  ]),
  ...raws.flatMap((name): Entry[] => [
    [`merlin/${name}.mib`, "rosettasciio", { fails: /RAW MIB data not supported/, differs: ["R10"] }],
    [`merlin/${name}.mib`, "py4dstem", { fails: /invalid literal/, differs: ["R10"] }],
    [`merlin/${name}.mib`, "libertem", { ...oneFile, fails: /AssertionError/, differs: ["R10"] }],
  ]),
  ["mrc/20241021_00405_movie.mrc", "rosettasciio", {
    reader: "mrc",
    axes: [[1, "nm"], [1, "nm"], [1, "nm^-1"], [1, "nm^-1"]],
    differs: ["R11"],
  }],
  ["mrc/20241021_00405_movie.mrc", "libertem", {
    reader: "mrc",
    options: { nav_shape: [4, 8] },
    fails: /cannot assign slice/,
    differs: ["R12"],
  }],
  ...[["ROI_Random_Scan", 348], ["Custom", 30]].map(([name, frames]): Entry => [
    `mrc/${name}_movie.mrc`,
    "rosettasciio",
    {
      reader: "mrc",
      shape: [Number(frames), 16, 16],
      axes: [[-1, "nm"], [-1, "nm"]],
      arranged: (pixels, shape) => inOrderOfAcquisition(pixels, shape, `mrc/${name}_scan_coordinates.csv`),
      differs: ["R11", "R13"],
    },
  ]),
  ["mrc/HAADFscan.mrc", "rosettasciio", {
    reader: "mrc",
    ours: series(1),
    shape: [16, 16],
    axes: [[5.679131317138672, "nm"], [5.679131317138672, "nm"]],
    differs: ["R6"],
  }],
  ["mrc/HAADFscan.mrc", "libertem", { reader: "mrc", ours: series(1), shape: [1, 16, 16] }],
  ...["blockfile/test1.blo", "blockfile/test2.blo"].flatMap((file): Entry[] => [
    [file, "rosettasciio", {
      axes: [[0.016061676839061997, "cm"], [0.016061676839061997, "cm"]],
      differs: ["R14"],
    }],
    [file, "libertem", { reader: "blo" }],
  ]),
  ...["2345_000", "2345_split_000"].flatMap((name): Entry[] => [
    [`tvips/test_tvips_${name}.tvips`, "rosettasciio", {
      options: { scan_shape: [2, 3] },
      ours: series(6, 2),
      axes: inventedSteps,
      differs: ["R15"],
    }],
    [`tvips/test_tvips_${name}.tvips`, "libertem", {
      reader: "tvips",
      options: { nav_shape: [2, 3] },
      fails: /IndexError/,
      differs: ["R12"],
    }],
  ]),
  ["tvips/test_tvips_2233_000.tvips", "rosettasciio", {
    options: { scan_shape: "auto" },
    axes: inventedSteps,
    differs: ["R15"],
  }],
  ["tvips/test_tvips_2233_000.tvips", "libertem", {
    reader: "tvips",
    options: { nav_shape: [2, 2] },
    fails: /IndexError/,
    differs: ["R12"],
  }],
  ["tia/128x128x5-diffraction_preview_1.ser", "rosettasciio", {
    ours: series(5),
    shape: [5, 128, 128],
    axes: [[4.246413461271667e16, "nm"], [4.246413461271667e16, "nm"]],
    arranged: detectorRowsFlipped,
    differs: ["R2", "R16"],
  }],
  ["tia/128x128x5-diffraction_preview_1.ser", "libertem", {
    reader: "ser",
    ours: series(5),
    shape: [5, 128, 128],
    arranged: detectorRowsFlipped,
    differs: ["R2"],
  }],
  ["tiff/test_loading_image_saved_with_DM_stack.tif", "rosettasciio", {
    ours: series(2),
    shape: [2, 68, 68],
    axes: [[1.6867400407791138, "µm"], [0.16867400705814362, "µm"]],
    differs: ["R6"],
  }],
  ...["t5d.npy", "t5d_be_f.npy", "v3_ref.npy"].map((name): Entry => [
    `synthetic/${name}`,
    "rosettasciio",
    { reader: "numpy" },
  ]),
  ["synthetic/t5d.npy", "libertem"],
  ["synthetic/t5d_be_f.npy", "libertem", { reader: "npy", fails: /not C_CONTIGUOUS/, differs: ["R17"] }],
  ["synthetic/v3_ref.npy", "libertem"],
  ["synthetic/t5d.hspy", "rosettasciio"],
  ["synthetic/t5d.hspy", "libertem"],
  ...["plain", "gzip", "bslz4", "bs", "lz4", "blosc", "lzf"].flatMap((filter) =>
    ["u1", "u2", "u4", "f4", "beu2"].map((type): Entry => ["synthetic/filters.h5", "libertem", {
      reader: "hdf5",
      options: { ds_path: `/${filter}_${type}` },
      ours: { dataset: `${filter}_${type}` },
    }])
  ),
];

if (sharedPath("data/formats") === null) console.warn("skipped, the shared data are not here: other readers");
else {
  peerTest("other programs read of the files of ../shared what we read", (test) =>
    compareWithPeers(
      entries.map(([file, program, rest]) => ({
        file: sharedPath(`data/formats/${file}`)!,
        program,
        ...rest,
      })),
      test,
    ));
}

/** The frames of a movie as they were recorded, of the positions that the lines `x,y` of a file have put them on. */
function inOrderOfAcquisition(pixels: PixelArray, shape: readonly number[], file: string): PixelArray {
  const [rows, columns, patternRows, patternColumns] = shape.slice(-4), size = patternRows * patternColumns;
  const visits = new Map<number, number>();
  const lines = Deno.readTextFileSync(sharedPath(`data/formats/${file}`)!).trim().split(/\r?\n/);
  const recorded = pixels.slice(0, lines.length * size);
  for (const [frame, line] of lines.entries()) {
    const [column, row] = line.split(",").map(Number), position = row * columns + column;
    const visit = visits.get(position) ?? 0, from = (visit * rows * columns + position) * size;
    visits.set(position, visit + 1);
    recorded.set(pixels.subarray(from, from + size), frame * size);
  }
  return recorded;
}

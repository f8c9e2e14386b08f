import assert from "node:assert/strict";
import { openFile, openScan } from "../../../library/formats/open.ts";
import type { OpenOptions } from "../../../library/formats/format.ts";
import { isSeries, type Scan } from "../../../library/scan/scan.ts";
import { pixelCount } from "../../../library/scan/shape.ts";
import { readAll, sumOf } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";

/** What MANIFEST.md says about a file: sum, and values at positions of (row, column, qy, qx). */
interface Expected {
  readonly file: string;
  readonly options?: OpenOptions;
  readonly shape: readonly [number, number, number, number];
  readonly dtype: string;
  readonly sum: number;
  readonly values: readonly (readonly [position: readonly number[], value: number])[];
}

/** One frame, which says nothing of a scan. */
const single: OpenOptions = { scanShape: { rows: 1, columns: 1 } };

const scans: readonly Expected[] = [
  {
    file: "arina/test_00_master.h5",
    shape: [4, 4, 192, 192],
    dtype: "u32",
    sum: 0,
    values: [[[0, 0, 0, 0], 0], [[3, 3, 191, 191], 0]],
  },
  {
    file: "synthetic/syn_master.h5",
    options: { scanShape: { rows: 4, columns: 5 } },
    shape: [4, 5, 24, 16],
    dtype: "u32",
    sum: 15512,
    values: [[[0, 0, 0, 0], 3], [[2, 2, 12, 8], 3], [[3, 4, 23, 15], 3], [[1, 4, 23, 4], 9]],
  },
  {
    file: "synthetic/syn_master.h5",
    options: { scanShape: { rows: 4, columns: 5 }, dataset: "entry/vds" },
    shape: [4, 5, 24, 16],
    dtype: "u32",
    sum: 15512,
    values: [[[2, 2, 12, 8], 3], [[1, 4, 23, 4], 9]],
  },
  {
    file: "emd/py4DSTEM_size2x3x4x5.h5",
    shape: [2, 3, 4, 5],
    dtype: "f32",
    sum: 28255.876245498657,
    values: [
      [[0, 0, 0, 0], 472.5212097167969],
      [[1, 1, 2, 2], 100.96309661865234],
      [[1, 2, 3, 4], 772.6738891601562],
      [[0, 2, 3, 4], 2766.8955078125],
    ],
  },
  {
    file: "emd/Si100_4D.emd",
    options: { dataset: "4DSTEM_simulation/data/datacubes/CBED_array_depth0000/datacube" },
    shape: [11, 11, 8, 8],
    dtype: "f32",
    sum: 110.66839191815737,
    values: [
      [[0, 0, 0, 0], 1.0614234469130679e-07],
      [[5, 5, 4, 4], 0.01787138730287552],
      [[10, 10, 7, 7], 0.007700291927903891],
    ],
  },
  {
    file: "emd/Si100_4D.emd",
    options: { dataset: "4DSTEM_simulation/data/datacubes/CBED_array_depth0001" },
    shape: [11, 11, 8, 8],
    dtype: "f32",
    sum: 110.60731239670996,
    values: [
      [[0, 0, 0, 0], 9.818247053772211e-05],
      [[5, 5, 4, 4], 0.018476616591215134],
      [[10, 10, 7, 7], 0.008548570796847343],
    ],
  },
  ...["empad/scan_x4_y4.raw", "empad/map4x4.xml"].map((file): Expected => ({
    file,
    shape: [4, 4, 128, 128],
    dtype: "f32",
    sum: 34862923776,
    values: [
      [[0, 0, 0, 0], 0],
      [[2, 2, 64, 64], 174656],
      [[3, 3, 127, 127], 265983],
    ],
  })),
  ...["dm/3D_test-1.dm3", "dm/3D_test-1.dm4"].map((file): Expected => ({
    file,
    options: { scanShape: { rows: 1, columns: 2 } },
    shape: [1, 2, 2, 2],
    dtype: "i16",
    sum: 36,
    values: [[[0, 0, 0, 0], 1], [[0, 1, 1, 1], 8]],
  })),
  {
    file: "dm/test_stackbuilder_imagestack.dm3",
    options: { scanShape: { rows: 3, columns: 1 } },
    shape: [3, 1, 2, 16],
    dtype: "u32",
    sum: 58576739,
    values: [
      [[0, 0, 0, 0], 606491],
      [[1, 0, 1, 8], 604864],
      [[2, 0, 1, 15], 601887],
      [[2, 0, 1, 7], 640661],
    ],
  },
  ...["mib", "hdr"].flatMap((ending): Expected[] => [
    {
      file: `merlin/001_4x2_6bit.${ending}`,
      shape: [2, 4, 256, 256],
      dtype: "u8",
      sum: 3623664,
      values: [[[0, 0, 0, 0], 2], [[1, 2, 128, 128], 3], [[1, 3, 255, 255], 1], [[0, 0, 73, 19], 63]],
    },
    {
      file: `merlin/002_merlin_test_roi_sig256x128_nav4x2_hot_pixel_52x_39y.${ending}`,
      shape: [2, 4, 128, 256],
      dtype: "u16",
      sum: 79,
      values: [[[0, 0, 0, 0], 0], [[1, 2, 64, 128], 0], [[1, 3, 127, 255], 0], [[1, 1, 39, 52], 10]],
    },
    {
      file: `merlin/003_merlin_test_roi_sig256x64_nav4x2_hot_pixel_52x_39y.${ending}`,
      shape: [2, 4, 64, 256],
      dtype: "u16",
      sum: 77,
      values: [[[0, 0, 0, 0], 0], [[1, 2, 32, 128], 0], [[1, 3, 63, 255], 0], [[0, 0, 39, 52], 15]],
    },
    {
      file: `merlin/Single_1_Frame_CounterDepth_12_Rows_256.${ending}`,
      options: single,
      shape: [1, 1, 256, 256],
      dtype: "u16",
      sum: 28911,
      values: [
        [[0, 0, 0, 0], 10],
        [[0, 0, 128, 128], 0],
        [[0, 0, 255, 255], 0],
        [[0, 0, 108, 200], 2239],
      ],
    },
    {
      file: `merlin/Single_1_Frame_CounterDepth_1_Rows_256.${ending}`,
      options: single,
      shape: [1, 1, 256, 256],
      dtype: "u8",
      sum: 2398,
      values: [[[0, 0, 0, 0], 1], [[0, 0, 128, 128], 0], [[0, 0, 255, 255], 0]],
    },
    {
      file: `merlin/Single_1_Frame_CounterDepth_1_Rows_256RAW.${ending}`,
      options: single,
      shape: [1, 1, 256, 256],
      dtype: "u8",
      sum: 2394,
      values: [[[0, 0, 0, 0], 1], [[0, 0, 128, 128], 0], [[0, 0, 255, 255], 0]],
    },
    {
      file: `merlin/Quad_1_Frame_CounterDepth_1_Rows_256RAW.${ending}`,
      options: single,
      shape: [1, 1, 512, 512],
      dtype: "u8",
      sum: 10348,
      values: [[[0, 0, 0, 0], 1], [[0, 0, 256, 256], 0], [[0, 0, 511, 511], 1]],
    },
  ]),
  {
    file: "mrc/20241021_00405_movie.mrc",
    shape: [4, 8, 4, 8],
    dtype: "u16",
    sum: 15872,
    values: [[[0, 0, 0, 0], 0], [[2, 4, 2, 4], 20], [[3, 7, 3, 7], 31], [[3, 7, 0, 0], 31]],
  },
  {
    file: "mrc/ROI_Random_Scan_movie.mrc",
    shape: [29, 12, 16, 16],
    dtype: "u16",
    sum: 104477835,
    values: [[[0, 0, 0, 0], 745], [[14, 6, 8, 8], 1565], [[28, 11, 15, 15], 1474]],
  },
  {
    file: "mrc/HAADFscan.mrc",
    options: { scanShape: { rows: 1, columns: 1 } },
    shape: [1, 1, 16, 16],
    dtype: "u16",
    sum: 1552947,
    values: [[[0, 0, 0, 0], 5715], [[0, 0, 8, 8], 5926], [[0, 0, 15, 15], 5721], [[0, 0, 0, 4], 9399]],
  },
  {
    file: "blockfile/test1.blo",
    shape: [3, 2, 144, 144],
    dtype: "u8",
    sum: 5164570,
    values: [[[0, 0, 0, 0], 17], [[1, 1, 72, 72], 255], [[2, 1, 143, 143], 34], [[0, 0, 69, 72], 255]],
  },
  {
    file: "blockfile/test2.blo",
    shape: [2, 3, 5, 5],
    dtype: "u8",
    sum: 2952,
    values: [[[0, 0, 0, 0], 20], [[1, 1, 2, 2], 0], [[1, 2, 4, 4], 27], [[0, 2, 1, 0], 30]],
  },
  ...["2345_000", "2345_split_000", "2345_split_001"].map((name): Expected => ({
    file: `tvips/test_tvips_${name}.tvips`,
    options: { scanShape: { rows: 2, columns: 3 } },
    shape: [2, 3, 4, 5],
    dtype: "u16",
    sum: 7140,
    values: [[[0, 0, 0, 0], 0], [[1, 1, 2, 2], 92], [[1, 2, 3, 4], 119]],
  })),
  {
    file: "tvips/test_tvips_2233_000.tvips",
    shape: [2, 2, 3, 3],
    dtype: "u16",
    sum: 630,
    values: [[[0, 0, 0, 0], 0], [[1, 1, 1, 1], 31], [[1, 1, 2, 2], 35]],
  },
  {
    file: "tia/128x128x5-diffraction_preview_1.ser",
    options: { scanShape: { rows: 1, columns: 5 } },
    shape: [1, 5, 128, 128],
    dtype: "i32",
    sum: 9416326,
    values: [
      [[0, 0, 0, 0], 1180],
      [[0, 2, 64, 64], 64],
      [[0, 4, 127, 127], 409],
      [[0, 0, 80, 0], 1317],
    ],
  },
  {
    file: "tiff/test_loading_image_saved_with_DM_stack.tif",
    options: { scanShape: { rows: 2, columns: 1 } },
    shape: [2, 1, 68, 68],
    dtype: "f32",
    sum: 30845660,
    values: [[[0, 0, 0, 0], 3465], [[1, 0, 34, 34], 3481], [[1, 0, 67, 67], 3319], [[0, 0, 20, 5], 3774]],
  },
  ...["v3_ref.npy", "v3_zstd.zarr", "v3_shard.zarr"].map((name): Expected => ({
    file: `synthetic/${name}`,
    shape: [6, 5, 32, 32],
    dtype: "u16",
    sum: 92360,
    values: [[[0, 0, 0, 0], 1], [[3, 2, 16, 16], 2], [[5, 4, 31, 31], 5], [[4, 0, 11, 31], 13]],
  })),
  ...["plain", "gzip", "bslz4", "bs", "lz4", "blosc", "lzf"].flatMap((filter) =>
    ["u1", "u2", "u4", "f4", "beu2"].map((type): Expected => ({
      file: "synthetic/filters.h5",
      options: { dataset: `${filter}_${type}` },
      shape: [6, 5, 16, 12],
      dtype: { u1: "u8", u2: "u16", u4: "u32", f4: "f32", beu2: "u16" }[type]!,
      sum: 719876,
      values: [[[0, 0, 0, 0], 0], [[3, 2, 8, 6], 158], [[5, 4, 15, 11], 76], [[0, 0, 1, 8], 250]],
    }))
  ),
];

for (const expected of scans) {
  const dataset = expected.options?.dataset ?? "";
  sharedTest(`${expected.file} ${dataset} reads as the manifest says, in bands of any height`, async () => {
    const scan = await openScan(path(expected.file), expected.options);
    try {
      const { rows, columns, patternRows, patternColumns } = scan.shape;
      assert.deepEqual([rows, columns, patternRows, patternColumns], expected.shape);
      assert.equal(scan.dtype, expected.dtype);
      const whole = await checkBands(scan);
      assertSum(sumOf(whole), expected.sum);
      for (const [position, value] of expected.values) {
        assert.equal(whole[flatIndex(position, expected.shape)], value, `at ${position}`);
      }
    } finally {
      scan.close();
    }
  });
}

for (const name of ["t5d.npy", "t5d_be_f.npy", "t5d.npz", "t5d.hspy", "t5d_v2.zarr"]) {
  sharedTest(`synthetic/${name} is a series whose frames read as the manifest says`, async () => {
    const series = await openFile(path(`synthetic/${name}`));
    assert.ok(isSeries(series));
    try {
      assert.equal(series.frames, 3);
      const { rows, columns, patternRows, patternColumns } = series.shape;
      const shape = [rows, columns, patternRows, patternColumns];
      assert.deepEqual(shape, [4, 5, 8, 6]);
      assert.equal(series.dtype, "u16");
      const frames = await Promise.all([0, 1, 2].map((index) => checkBands(series.frame(index))));
      assert.equal(frames.map(sumOf).reduce((a, b) => a + b), 7154);
      assert.equal(frames[0][flatIndex([0, 0, 0, 0], shape)], 4);
      assert.equal(frames[0][flatIndex([2, 0, 7, 4], shape)], 9);
      assert.equal(frames[1][flatIndex([2, 2, 4, 3], shape)], 3);
      assert.equal(frames[2][flatIndex([3, 4, 7, 5], shape)], 5);
    } finally {
      series.close();
    }
  });
}

sharedTest("the depths of a Prismatic simulation make a series", async () => {
  const series = await openFile(path("emd/Si100_4D.emd"));
  assert.ok(isSeries(series));
  assert.equal(series.frames, 2);
  assertSum(sumOf(await readAll(series.frame(0))), 110.66839191815737);
  assertSum(sumOf(await readAll(series.frame(1), 3)), 110.60731239670996);
  assert.equal(series.calibration.pixelSize?.unit, "A");
  assert.equal(series.calibration.pixelSize?.row, 0.5);
  assert.ok(Math.abs(series.calibration.qPixelSize!.row - 1 / 5.43) < 1e-6);
  assert.equal(series.calibration.beamEnergy, 100);
  assert.equal(series.calibration.convergenceAngle, 24);
  series.close();
});

sharedTest("calibrations are those of the manifest", async () => {
  const py4dstem = await openScan(path("emd/py4DSTEM_size2x3x4x5.h5"));
  assert.deepEqual(py4dstem.calibration, {
    pixelSize: { row: 0.126796875, column: 0.126796875, unit: "nm" },
    qPixelSize: { row: 0.044251566616087125, column: 0.044251566616087125, unit: "A^-1" },
  });
  assert.equal(py4dstem.source.format, "EMD 1.0");
  py4dstem.close();
  const arina = await openScan(path("arina/test_00_master.h5"));
  assert.deepEqual(arina.calibration.pixelSize, { row: 0.13915206, column: 0.13915206, unit: "nm" });
  assert.equal(arina.calibration.beamEnergy, 300);
  assert.equal(arina.calibration.cameraLength, 0.115);
  assert.equal(arina.warnings.length, 1);
  assert.match(arina.warnings[0], /not calibrated/);
  assert.deepEqual(arina.badPixels, new Uint8Array(192 * 192));
  arina.close();
  const hyperspy = await openScan(path("synthetic/t5d.hspy"), { frame: 0 });
  assert.deepEqual(hyperspy.calibration, {
    pixelSize: { row: 0.5, column: 0.5, unit: "nm" },
    qPixelSize: { row: 0.02, column: 0.02, unit: "A^-1" },
    beamEnergy: 200,
    convergenceAngle: 1.5,
    cameraLength: 0.15,
  });
  hyperspy.close();
});

/** Files that are sound, but no scan that we read. */
const refused: readonly (readonly [file: string, kind: string, options?: OpenOptions])[] = [
  ["synthetic/syn_master.h5", "ShapeUnknown"],
  ["synthetic/syn_master.h5", "BadParameter", { scanShape: { rows: 4, columns: 6 } }],
  ["synthetic/syn_master.h5", "FileUnavailable", {
    dataset: "entry/vds_missing",
    scanShape: { rows: 4, columns: 6 },
  }],
  ["synthetic/syn_master.h5", "BadParameter", { dataset: "entry/data/data_000004" }],
  ["synthetic/filters.h5", "BadParameter"],
  ["hspy/example2_v3.1.hspy", "UnsupportedFormat"],
  ["prz/panta_rhei_sample.prz", "UnsupportedFormat"],
  ["prz/panta_rhei_sample_legacy.prz", "UnsupportedFormat"],
  ["zspy/signal1d_10x10-ZipStore.zspy", "UnsupportedFormat"],
  ["tvips/test_tvips_2345_000.tvips", "ShapeUnknown"],
  ["tia/128x128x5-diffraction_preview_1.ser", "ShapeUnknown"],
  ["merlin/001_4x2_6bit.mib", "BadParameter", { scanShape: { rows: 2, columns: 3 } }],
  ["merlin/Quad_1_Frame_CounterDepth_1_Rows_256RAW.hdr", "ShapeUnknown"],
  ["mrc/HAADFscan.mrc", "UnsupportedFormat"],
  ["mrc/20241021_00405_final.mrc", "UnsupportedFormat"],
  ["dm/EELS_SI.dm4", "UnsupportedFormat"],
  ["dm/EELS_SI.dm4", "UnsupportedFormat", { scanShape: { rows: 2, columns: 1024 } }],
  ["dm/test_diffraction_pattern.dm3", "UnsupportedFormat"],
  ["dm/3D_test-1.dm4", "ShapeUnknown"],
];

for (const [file, kind, options] of refused) {
  const how = options ? ` with ${JSON.stringify(options)}` : "";
  sharedTest(`${file}${how} is refused as ${kind} with a remedy`, async () => {
    await assert.rejects(
      openFile(path(file), options),
      (error: Error & { kind: string; details: object }) => {
        assert.equal(error.kind, kind);
        assert.ok("remedy" in error.details && "file" in error.details);
        return true;
      },
    );
  });
}

function path(file: string): string {
  return sharedPath(`data/formats/${file}`)!;
}

function flatIndex(position: readonly number[], shape: readonly number[]): number {
  return position.reduce((flat, index, axis) => flat * shape[axis] + index, 0);
}

/** Integer sums are exact; float sums depend on the order of summing. */
function assertSum(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) <= 1e-10 * Math.abs(expected), `sum ${found}, expected ${expected}`);
}

/** Reads a scan whole and in bands of one and two rows, on plain and shared memory, which must all agree. */
async function checkBands(scan: Scan) {
  const whole = await readAll(scan);
  assert.equal(whole.length, scan.shape.rows * scan.shape.columns * pixelCount(scan.shape));
  for (const bandHeight of [1, 2]) assert.deepEqual(await readAll(scan, bandHeight), whole);
  assert.deepEqual(await readAll(scan, 1, true), whole);
  assert.deepEqual(await readAll(scan, scan.shape.rows, true), whole);
  return whole;
}

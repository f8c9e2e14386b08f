/** What goes along with the geometry, where threads can still read by themselves, and values that are refused. */

import assert from "node:assert/strict";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openFile, openScan, type OpenScanOptions } from "../../../library/formats/open.ts";
import { recordedOpenOptions } from "../../../library/results/scan_of_result.ts";
import { orientDetector } from "../../../library/scan/detector_orientation.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import { isSeries, type Scan } from "../../../library/scan/scan.ts";
import { followPath } from "../../../library/scan/scan_path.ts";
import { withFolder } from "../../support/folders.ts";
import { checkScan, expected, stackOf, withStack } from "../../support/geometry.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";

Deno.test("pixel sizes and bad pixels go along", () =>
  withStack("u16", 6, [2, 3], async (path, pixels) => {
    const opened = await openScan(path, { scanShape: { rows: 2, columns: 3 } });
    const calibration = {
      pixelSize: { row: 1, column: 2, unit: "nm" },
      qPixelSize: { row: 3, column: 4, unit: "mrad" },
      beamEnergy: 200,
    };
    const scan = { ...opened, calibration, badPixels: Uint8Array.of(0, 1, 0, 1, 0, 0) };
    const turned = followPath(orientDetector(scan, { detectorFlip: "columns", detectorTranspose: true }), {
      swapScanAxes: true,
    });
    assert.deepEqual(turned.calibration, {
      pixelSize: { row: 2, column: 1, unit: "nm" },
      qPixelSize: { row: 4, column: 3, unit: "mrad" },
      beamEnergy: 200,
    });
    // Rows 0 1 0 and 1 0 0, flipped 0 1 0 and 0 0 1.
    assert.deepEqual(Array.from(turned.badPixels!), [0, 0, 1, 0, 0, 1]);
    const flipped = orientDetector(scan, { detectorFlip: "rows" });
    assert.deepEqual([flipped.calibration, [...flipped.badPixels!]], [calibration, [1, 0, 0, 0, 1, 0]]);
    assert.deepEqual(followPath(scan, { scanOrder: "snake" }).calibration, calibration);
    // Scans that hand out rows only.
    const rows: Scan = { ...scan, readPatterns: undefined, stored: undefined };
    for (const options of [{ swapScanAxes: true }, { scanOrder: "snake", flyback: 1 }] as const) {
      await checkScan(followPath(rows, options), expected(pixels, [2, 3, 2, 3], options), false);
    }
    const flip = { detectorFlip: "rows", detectorTranspose: true } as const;
    await checkScan(orientDetector(rows, flip), expected(pixels, [2, 3, 2, 3], flip), false);
    opened.close();
  }));

Deno.test("the rotation of the scan is calibration and nothing else", () =>
  withStack("u8", 6, [2, 3], async (path, pixels) => {
    const scan = await openScan(path, { scanShape: { rows: 2, columns: 3 }, scanRotation: -12.5 });
    assert.deepEqual(scan.calibration, { scanRotation: -12.5 });
    assert.deepEqual(scan.source.selection, { scanShape: "2x3", scanRotation: -12.5 });
    await checkScan(scan, expected(pixels, [2, 3, 2, 3], {}), true);
    scan.close();
  }));

Deno.test("what says nothing new leaves a scan as it is", () =>
  withStack("u8", 6, [2, 3], async (path) => {
    const scan = await openScan(path, {
      scanShape: { rows: 2, columns: 3 },
      ...{ skipFrames: 0, flyback: 0, scanOrder: "raster", swapScanAxes: false, detectorTranspose: false },
    });
    assert.deepEqual(scan.source.selection, { scanShape: "2x3" });
    assert.deepEqual(scan.stored!.map(({ kind }) => kind), ["contiguous"]);
    scan.close();
  }));

Deno.test("each scan of a series loses its own first patterns, and arrays with axes are taken as a stack", () =>
  withFolder(async (folder) => {
    const path = `${folder}/series.npy`, pixels = stackOf("u16", 2 * 3 * 5, 2, 3);
    await Deno.writeFile(path, encodeNpy("u16", [2, 3, 5, 2, 3], pixels));
    const options = { skipFrames: 3, scanShape: { rows: 4, columns: 3 } };
    const series = await openFile(path, options);
    assert.ok(isSeries(series) && series.frames === 2);
    assert.deepEqual(series.shape, { rows: 4, columns: 3, patternRows: 2, patternColumns: 3 });
    for (const frame of [0, 1]) {
      const own = pixels.subarray(frame * 15 * 6, (frame + 1) * 15 * 6);
      await checkScan(series.frame(frame), expected(own, [4, 3, 2, 3], options), true);
    }
    series.close();
  }));

Deno.test("chunks of one pattern are read by threads in any order, of several as long as they stay whole", () =>
  withFolder(async (folder) => {
    const pixels = stackOf("u16", 24, 4, 3), shape = [4, 6, 4, 3];
    for (const perChunk of [1, 2, 3]) {
      const path = await writeHdf5(`${folder}/${perChunk}.h5`, (file) => {
        file.create_dataset({ name: "data", data: pixels, shape, dtype: "<H", chunks: [1, perChunk, 4, 3] });
      });
      const threads: readonly (readonly [OpenScanOptions, boolean])[] = [
        [{ flyback: 2 }, true],
        [{ flyback: 3 }, true],
        [{ scanOrder: "snake" }, perChunk === 1],
        [{ swapScanAxes: true }, perChunk === 1],
        [{ detectorFlip: "rows" }, false],
        [{ detectorFlip: "rows", swapScanAxes: true, scanOrder: "snake", flyback: 1 }, false],
      ];
      for (const [options, byThreads] of threads) {
        const scan = await openScan(path, options);
        await checkScan(scan, expected(pixels, [4, 6, 4, 3], options), byThreads);
        scan.close();
      }
    }
  }));

const size = { scanShape: { rows: 2, columns: 3 } }, one = { scanShape: { rows: 1, columns: 1 } };
const refused: readonly (readonly [OpenScanOptions, parameter: string, says: RegExp])[] = [
  [{ skipFrames: 1 }, "scanShape", /needs a scan shape/],
  [{ skipFrames: -1 }, "skipFrames", /out of range/],
  [{ skipFrames: 1.5, ...size }, "skipFrames", /out of range/],
  [{ skipFrames: 1, ...size }, "scanShape", /has 6 patterns, 5 without the first 1/],
  [{ skipFrames: 6, ...one }, "skipFrames", /0 without the first 6/],
  [{ skipFrames: 9, ...one }, "skipFrames", /0 without the first 9/],
  [{ flyback: 3, ...size }, "flyback", /lines of 3 patterns cannot lose 3/],
  [{ flyback: -1, ...size }, "flyback", /out of range/],
  [{ flyback: 0.5, ...size }, "flyback", /out of range/],
  [{ scanOrder: "zigzag" as "snake", ...size }, "scanOrder", /out of range/],
  [{ detectorFlip: "both" as "rows", ...size }, "detectorFlip", /out of range/],
  [{ scanRotation: NaN, ...size }, "scanRotation", /out of range/],
  [{ scanRotation: 361, ...size }, "scanRotation", /out of range/],
];

for (const [options, parameter, says] of refused) {
  Deno.test(`${JSON.stringify(options)} is refused for a stack of six`, () =>
    withStack("u8", 6, [2, 3], async (path) => {
      await assert.rejects(openScan(path, options), (error: unknown) => {
        assert.ok(error instanceof BadParameter);
        assert.equal(error.details.parameter, parameter);
        assert.match(error.message, says);
        return true;
      });
    }));
}

Deno.test("a region and binning are of what comes out", () =>
  withStack("u8", 13, [4, 2], async (path, pixels) => {
    const options: OpenScanOptions = {
      ...{ skipFrames: 1, scanShape: { rows: 3, columns: 4 }, flyback: 1, swapScanAxes: true },
      ...{ detectorTranspose: true, region: { firstRow: 1, lastRow: 3, firstColumn: 2, lastColumn: 3 } },
    };
    const scan = await openScan(path, {
      ...options,
      qBin: 2,
      qPixelSize: { row: 1, column: 2, unit: "mrad" },
    });
    assert.deepEqual(scan.shape, { rows: 2, columns: 1, patternRows: 1, patternColumns: 2 });
    assert.deepEqual(scan.calibration.qPixelSize, { row: 2, column: 4, unit: "mrad" });
    const binned = expected(pixels, [3, 4, 4, 2], options).flat().flatMap(([upper, lower]) =>
      [0, 2].map((from) => upper[from] + upper[from + 1] + lower[from] + lower[from + 1])
    );
    assert.deepEqual(Array.from(await readAll(scan)), binned);
    scan.close();
  }));

Deno.test("records that are no geometry are refused", () => {
  for (const selection of [{ flyback: "many" }, { scanOrder: "zigzag" }, { speed: 3 }, { swapScanAxes: 1 }]) {
    assert.throws(() => recordedOpenOptions({ selection } as never, "result"), {
      kind: "CorruptFile",
      message: /does not say how its scan was read/,
    });
  }
});

/** A scan that was recorded in another order gives the same clusters as one that was not, and is found again by `edit`. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { pixelCount } from "../../../library/scan/shape.ts";
import { crystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { readAll } from "../../support/reading.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";

const geometry = [
  ...["--skip-frames", "1", "--scan-shape", "14x13", "--flyback", "1", "--scan-order", "snake"],
  ...["--swap-scan-axes", "--detector-flip", "columns", "--scan-rotation", "-12.5"],
];

/** The film as a microscope would record it that scans its columns in turn, to and fro, with a detector seen from behind. */
async function record(film: string, path: string): Promise<void> {
  const scan = await openScan(film), { rows, columns, patternRows, patternColumns } = scan.shape;
  const pixels = await readAll(scan) as Uint16Array, size = pixelCount(scan.shape);
  scan.close();
  // One pattern before the scan, and one after each line.
  const recorded = new Uint16Array((1 + columns * (rows + 1)) * size).fill(7);
  for (let line = 0, place = 1; line < columns; line++, place++) {
    for (let step = 0; step < rows; step++, place++) {
      const row = line % 2 ? rows - 1 - step : step, start = (row * columns + line) * size;
      for (let pixel = 0; pixel < size; pixel++) {
        const mirrored = pixel - pixel % patternColumns + patternColumns - 1 - pixel % patternColumns;
        recorded[place * size + mirrored] = pixels[start + pixel];
      }
    }
  }
  await Deno.writeFile(
    path,
    encodeNpy("u16", [recorded.length / size, patternRows, patternColumns], recorded),
  );
}

Deno.test("cluster, info and edit read a scan as it was recorded", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), path = join(folder, "recorded.npy");
    await record(film, path);
    const info = await crystallite("info", path, ...geometry);
    assert.match(info.out, /shape +12 x 14 x 32 x 32/);
    assert.match(info.out, /scan rotation +-12\.5 degrees/);
    assert.match(info.out, /read with .*--skip-frames 1 --flyback 1 --scan-order snake --swap-scan-axes/);

    const out = (name: string) => join(folder, name);
    const runs = [[film, out("plain")], [path, out("turned"), ...geometry]];
    for (const [scan, directory, ...flags] of runs) {
      const { code, error } = await crystallite(
        ...["cluster", scan, ...flags, ...clusterFlags, "--out", directory, "--quiet"],
      );
      assert.equal(code, 0, error);
    }
    const labels = (directory: string) => Deno.readFile(join(directory, "labels.npy"));
    assert.deepEqual(await labels(out("turned")), await labels(out("plain")));
    const { input, calibration } = JSON.parse(await Deno.readTextFile(join(out("turned"), "run.json")));
    assert.deepEqual(calibration, { scanRotation: -12.5 });
    assert.deepEqual(input.selection, {
      ...{ skipFrames: 1, scanShape: "14x13", flyback: 1, scanOrder: "snake", swapScanAxes: true },
      ...{ detectorFlip: "columns", scanRotation: -12.5 },
    });

    // Averages are made again from the scan, which is opened by what run.json says.
    for (const directory of [out("plain"), out("turned")]) {
      const { code, error } = await crystallite("edit", directory, "--merge", "0,1", "--quiet");
      assert.equal(code, 0, error);
    }
    const averages = (directory: string) => Deno.readFile(join(directory, "averages.npy"));
    assert.deepEqual(await averages(out("turned")), await averages(out("plain")));
  }));

/** The writer that conversions and filtered scans share: rows that lie elsewhere, too many, too few. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFilteredScan } from "../../../library/conversion/filtered_scan.ts";
import { ScanWriter } from "../../../library/conversion/scan_writer.ts";
import { targetExtensions, targetOf } from "../../../library/conversion/targets.ts";
import { withEngine } from "../../../library/engine/with_engine.ts";
import { openScan } from "../../../library/formats/open.ts";
import { filterScan } from "../../../library/passes/prefilter/filter_scan.ts";
import { defaultPrefilter } from "../../../library/passes/prefilter/parameters.ts";
import { FileUnavailable } from "../../../library/scan/errors.ts";
import { withFolder } from "../../support/folders.ts";
import { readAll } from "../../support/reading.ts";
import { grainScan } from "../../support/scans.ts";

const shape = { rows: 5, columns: 3, patternRows: 4, patternColumns: 6 };
const rowLength = 3 * 4 * 6;
const values = Float32Array.from({ length: 5 * rowLength }, (_, i) => i / 7);

for (const extension of targetExtensions) {
  Deno.test(`${extension}: rows are written piece by piece; too many, broken and missing ones are refused`, () =>
    withFolder((folder) =>
      withEngine({ workers: 2 }, async (engine) => {
        const target = targetOf(`a${extension}`), compression = target.compressions[0];
        const source = { format: "array", path: "array in memory" };
        const description = { shape, dtype: "f32", calibration: {}, source, name: "rows" } as const;
        const path = join(folder, `a${extension}`), settings = { engine, target, description, compression };
        const writer = await ScanWriter.create(path, settings, 2);
        writer.acceptRows();
        await writer.writeRows(values.slice(0, 3 * rowLength));
        await assert.rejects(writer.writeRows(values.slice(0, rowLength + 1)), RangeError);
        await assert.rejects(writer.writeRows(new Float32Array(4 * rowLength)), RangeError);
        await writer.writeRows(values.slice(3 * rowLength));
        writer.finish();
        writer.abandon();
        const scan = await openScan(path);
        assert.deepEqual(await readAll(scan), values);
        scan.close();
        const cut = await ScanWriter.create(join(folder, `cut${extension}`), settings, 1);
        assert.throws(() => cut.finish(), /the last 5 rows are missing/);
        await Deno.writeTextFile(join(folder, "a.txt"), "");
        const lost = ScanWriter.create(join(folder, "a.txt", `b${extension}`), settings, 1);
        await assert.rejects(lost, FileUnavailable);
      })
    ));
}

Deno.test("a filtered scan is what the filter gives, whatever the threads, with the calibration of the scan", () =>
  withFolder(async (folder) => {
    const scan = {
      ...grainScan({ rows: 12, columns: 9, patternRows: 24, patternColumns: 24 }),
      calibration: { pixelSize: { row: 2, column: 2, unit: "nm" }, beamEnergy: 80 },
    };
    const parameters = { badPixels: { kind: "none" }, prefilter: { ...defaultPrefilter, edge: 2 } } as const;
    const wanted: number[] = [];
    for await (const { patterns } of filterScan(scan, parameters)) wanted.push(...patterns);
    for (const [workers, bandHeight] of [[1, undefined], [2, 1], [3, 5]] as const) {
      const path = join(folder, `${workers}.h5`);
      await writeFilteredScan(scan, path, parameters, { workers, bandHeight });
      const read = await openScan(path);
      assert.deepEqual(await readAll(read), Float32Array.from(wanted));
      assert.deepEqual(read.calibration, scan.calibration);
      read.close();
    }
  }));

/** Single patterns of a scan are those of its rows, read with or without them. */

import assert from "node:assert/strict";
import { openScan } from "../../../library/formats/open.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { withCalibration } from "../../../library/scan/derive.ts";
import { readPattern, type Scan } from "../../../library/scan/scan.ts";
import { withFolder } from "../../support/folders.ts";

const data = Uint16Array.from({ length: 2 * 5 * 7 * 4 * 6 }, (_, i) => i * 7919 % 65536);
const pixelSize = { row: 1, column: 1, unit: "nm" };

/** Opens frame 1 of a series of two scans in one of several ways. */
const ways: Record<string, { options?: object; derive?: (scan: Scan) => Scan; rows: boolean }> = {
  "as it is": { rows: false },
  "with other pixel sizes": { derive: (scan) => withCalibration(scan, { pixelSize }), rows: false },
  "a region of it": {
    options: { region: { firstRow: 1, lastRow: 4, firstColumn: 2, lastColumn: 5 } },
    rows: true,
  },
  "binned": { options: { qBin: 2 }, rows: true },
};

for (const [name, { options, derive = (scan: Scan) => scan, rows }] of Object.entries(ways)) {
  Deno.test(`a pattern of a scan is that of its row (${name})`, () =>
    withFolder(async (folder) => {
      const path = `${folder}/series.npy`;
      await Deno.writeFile(path, encodeNpy("u16", [2, 5, 7, 4, 6], data));
      const scan = derive(await openScan(path, { frame: 1, ...options }));
      assert.equal(scan.readPatterns === undefined, rows);
      const { shape } = scan, pixels = shape.patternRows * shape.patternColumns;
      const all = scan.dtype === "u16"
        ? new Uint16Array(shape.rows * shape.columns * pixels)
        : new Uint32Array(shape.rows * shape.columns * pixels);
      await scan.readRows(0, shape.rows, all);
      for (let probe = 0; probe < shape.rows * shape.columns; probe++) {
        const pattern = await readPattern(scan, Math.floor(probe / shape.columns), probe % shape.columns);
        assert.deepEqual(pattern, all.slice(probe * pixels, (probe + 1) * pixels));
      }
      if (!rows) {
        assert.throws(() => scan.readPatterns!(34, 2, new Uint16Array(2 * pixels)), RangeError);
        assert.throws(() => scan.readPatterns!(0, 2, new Uint16Array(pixels)), RangeError);
      }
      scan.close();
    }));
}

/** Files that RosettaSciIO, py4DSTEM, tifffile and h5py write of one scan, read by us. */

import assert from "node:assert/strict";
import { openFile } from "../../../../library/formats/open.ts";
import type { OpenOptions } from "../../../../library/formats/format.ts";
import type { Calibration, PixelSize } from "../../../../library/scan/calibration.ts";
import { isSeries } from "../../../../library/scan/scan.ts";
import { withFolder } from "../../../support/folders.ts";
import { peerTest, python } from "../../../support/peers.ts";
import { readAll } from "../../../support/reading.ts";

const scanShape = { rows: 3, columns: 4 };
const square = (step: number, unit: string): PixelSize => ({ row: step, column: step, unit });
const steps = { pixelSize: { row: 2, column: 3, unit: "nm" }, qPixelSize: square(0.1, "A^-1") };
const microscope = { beamEnergy: 200, convergenceAngle: 1.5, cameraLength: 0.15 };
const hyperspy = { ...steps, ...microscope };

/** What we read of each file beside its numbers; those without calibration have none to read. */
const files: Readonly<Record<string, { calibration?: Calibration; options?: OpenOptions }>> = {
  "plain.hspy": { calibration: hyperspy },
  "gzip.hspy": { calibration: hyperspy },
  "zstd.hspy": { calibration: hyperspy },
  "folder.zspy": { calibration: hyperspy },
  // Its axes stand in reverse in the file, and are turned.
  "emd02.emd": { calibration: steps },
  "scan.blo": { calibration: { pixelSize: steps.pixelSize } },
  // RosettaSciIO writes 20 as the size of the pixels.
  "scan_000.tvips": {
    options: { scanShape },
    calibration: { qPixelSize: square(20, "nm^-1"), beamEnergy: 200 },
  },
  "stack.tif": {},
  "big.tif": {},
  "imagej.tif": { options: { scanShape } },
  "py4dstem.h5": { calibration: { pixelSize: square(2, "nm"), qPixelSize: square(0.1, "A^-1") } },
  "bitshuffle.h5": {},
  "blosc.h5": {},
  "blosc2.h5": {},
  "zstd.h5": {},
  "lz4.h5": {},
  "fletcher.h5": {},
};

peerTest(
  "what other programs write is read with every number and its calibration",
  (test) =>
    withFolder(async (folder) => {
      const script = decodeURIComponent(
        new URL("../../../python/write_with_peers.py", import.meta.url).pathname,
      );
      const { success, stdout, stderr } = await new Deno.Command(python, {
        args: [script, folder],
        env: { HOME: folder },
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), {});
      for (const [name, { calibration = {}, options }] of Object.entries(files)) {
        await test.step(name, async () => {
          const scan = await openFile(`${folder}/${name}`, options);
          try {
            assert.ok(!isSeries(scan));
            assert.deepEqual(scan.shape, { ...scanShape, patternRows: 5, patternColumns: 5 });
            assert.equal(scan.dtype, name === "scan.blo" ? "u8" : "u16");
            assert.deepEqual(scan.calibration, calibration);
            const pixels = await readAll(scan);
            assert.equal(pixels.findIndex((value, i) => value !== i * 37 % 251), -1);
          } finally {
            scan.close();
          }
        });
      }
    }),
);

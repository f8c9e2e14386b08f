/** Converted scans open in the programs they are meant for, with their axes and calibration. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canPack, type Compression, compressions } from "../../../library/conversion/compression.ts";
import { convertScan } from "../../../library/conversion/convert.ts";
import { writeFilteredScan } from "../../../library/conversion/filtered_scan.ts";
import { targetExtensions } from "../../../library/conversion/targets.ts";
import { defaultPrefilter } from "../../../library/passes/prefilter/parameters.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { withFolder } from "../../support/folders.ts";
import { grainScan } from "../../support/scans.ts";

const python = Deno.env.get("CRYSTALLITE_TEST_PYTHON") ?? "python3";
/** RosettaSciIO and py4DSTEM want a zarr that does not read version 3 of the format. */
const zarrPython = Deno.env.get("CRYSTALLITE_TEST_ZARR_PYTHON") ?? python;
const script = fileURLToPath(new URL("../../python/check_converted.py", import.meta.url));

const calibration = {
  pixelSize: { row: 2, column: 3, unit: "nm" },
  qPixelSize: { row: 0.5, column: 0.5, unit: "nm^-1" },
  ...{ beamEnergy: 200, convergenceAngle: 1.5, cameraLength: 0.125 },
};

/** A scan of several chunks a row, the last of which is not full. */
function calibratedScan(): Scan {
  const shape = { rows: 2, columns: 67, patternRows: 160, patternColumns: 140 };
  const data = Uint16Array.from({ length: 2 * 67 * 160 * 140 }, (_, i) => i % 7 === 0 ? i % 4099 : 0);
  return scanFromArray(data, shape, { calibration, badPixels: new Uint8Array(160 * 140).fill(1, 9, 11) });
}

/** Registers a test that asks a program of Python's; it is ignored, and says so, where a package is missing. */
function programTest(
  program: string,
  packages: string,
  check: (found: Record<string, Record<string, unknown>>) => void,
  packed: readonly Compression[] = ["bitshuffle-lz4"],
  interpreter = python,
): void {
  const name = `${program} reads what was converted`;
  const missing = !canImport(packages, interpreter);
  if (missing) {
    const variable = interpreter === python ? "CRYSTALLITE_TEST_PYTHON" : "CRYSTALLITE_TEST_ZARR_PYTHON";
    console.warn(`skipped, ${interpreter} lacks ${packages} (${variable}): ${name}`);
  }
  Deno.test({
    name,
    ignore: missing,
    fn: () =>
      withFolder(async (folder) => {
        await convertScan(calibratedScan(), join(folder, "scan.npy"));
        for (const compression of packed) {
          for (const extension of targetExtensions.filter((extension) => extension !== ".npy")) {
            await convertScan(calibratedScan(), join(folder, `scan${extension}`), {
              compression,
              force: true,
            });
          }
          const found = await ask(program, folder, interpreter);
          for (const [file, { same }] of Object.entries(found)) {
            assert.equal(same, true, `${file}, ${compression}`);
          }
          check(found);
        }
      }),
  });
}

async function ask(program: string, folder: string, interpreter: string) {
  const { success, stdout, stderr } = await new Deno.Command(interpreter, { args: [script, program, folder] })
    .output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)) as Record<string, Record<string, unknown>>;
}

function canImport(packages: string, interpreter = python): boolean {
  try {
    return new Deno.Command(interpreter, {
      args: ["-c", `import ${packages}`],
      stderr: "null",
      stdout: "null",
    })
      .outputSync().success;
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    return false;
  }
}

programTest("h5py", "numpy, h5py, hdf5plugin", (found) => {
  assert.deepEqual(found["scan.h5"].chunks, [1, 23, 160, 140]);
  assert.deepEqual(found["scan.hspy"].chunks, found["scan.h5"].chunks);
}, compressions.filter(canPack));

programTest("py4dstem", "py4DSTEM", ({ "scan.h5": cube }) => {
  assert.equal(cube.class, "DataCube");
  assert.deepEqual(cube.real, [3, "nm"]);
  const [size, unit] = cube.reciprocal as [number, string];
  assert.equal(unit, "A^-1");
  assert(Math.abs(size - 0.05) < 1e-12);
});

programTest("rsciio", "rsciio, h5py, hdf5plugin, zarr", (found) => {
  for (const file of ["scan.hspy", "scan.zspy"]) {
    assert.deepEqual(found[file].axes, [
      ["row", 2, "nm", true],
      ["column", 3, "nm", true],
      ["qy", 0.5, "nm^-1", false],
      ["qx", 0.5, "nm^-1", false],
    ]);
    assert.deepEqual(found[file].instrument, {
      ...{ beam_energy: 200, camera_length: 125, convergence_angle: 1.5 },
    });
  }
});

programTest("hyperspy", "hyperspy.api, hdf5plugin, zarr", (found) => {
  for (const file of ["scan.hspy", "scan.zspy"]) {
    assert.deepEqual(found[file].dimensions, [2, 2]);
    assert.equal(found[file].beam_energy, 200);
  }
});

programTest("libertem", "libertem.api, hdf5plugin", (found) => {
  assert.deepEqual(Object.keys(found), ["scan.h5", "scan.hspy", "scan.npy"]);
  assert.deepEqual(found["scan.h5"].shape, [2, 67, 160, 140]);
});

programTest(
  "zarr",
  "zarr.codecs, zarr.storage; assert zarr.__version__ >= '3'",
  ({ "scan.zarr": store }) => {
    assert.deepEqual(store.names, ["row", "column", "qy", "qx"]);
  },
  compressions.filter(canPack),
  zarrPython,
);

Deno.test({
  name: "what filter writes is a DataCube of py4DSTEM's",
  ignore: !canImport("py4DSTEM"),
  fn: () =>
    withFolder(async (folder) => {
      const scan = {
        ...grainScan({ rows: 6, columns: 5, patternRows: 24, patternColumns: 20 }),
        calibration,
      };
      const parameters = {
        badPixels: { kind: "none" },
        prefilter: { ...defaultPrefilter, edge: 2 },
      } as const;
      const path = join(folder, "filtered.h5");
      await writeFilteredScan(scan, path, parameters);
      const code = "import sys, py4DSTEM; cube = py4DSTEM.read(sys.argv[1]); " +
        "print(type(cube).__name__, cube.data.shape, cube.data.dtype, cube.calibration.get_R_pixel_size())";
      const { success, stdout, stderr } = await new Deno.Command(python, { args: ["-c", code, path] })
        .output();
      assert.ok(success, new TextDecoder().decode(stderr));
      assert.match(new TextDecoder().decode(stdout), /DataCube \(6, 5, 24, 20\) float32 3\.0\n$/);
    }),
});

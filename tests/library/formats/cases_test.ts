/** The inputs of ../shared/cases/files, made by its script, which needs Python with numpy, h5py and hdf5plugin. */

import assert from "node:assert/strict";
import { openScan, type OpenScanOptions } from "../../../library/formats/open.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import { probeCount } from "../../../library/scan/shape.ts";
import { decodeNpy } from "../../support/numpy.ts";
import { readAll, sumOf } from "../../support/reading.ts";
import { sharedPath } from "../../support/shared.ts";

const python = Deno.env.get("CRYSTALLITE_TEST_PYTHON") ?? "python3";
const script = sharedPath("cases/files/gen.py");

/** Whether Python and its packages are there. */
function canMake(): boolean {
  try {
    const args = ["-c", "import numpy, h5py, hdf5plugin"];
    return new Deno.Command(python, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

const ready = script !== null && canMake();
if (!ready) {
  console.warn("skipped, no shared folder, or no Python with numpy, h5py, hdf5plugin: inputs of cases/files");
}

/** Files that hold the scan of `good.npy`, and how they are opened. */
const sound: readonly (readonly [name: string, options?: OpenScanOptions])[] = [
  ...["06_fpd.hdf5", "06_leading_one.npy", "08_py4dstem_0.12.h5", "08_py4dstem_0.13.h5"],
  ...["07_nexus_hard.nxs", "07_nexus_soft.nxs", "07_nexus_virtual.nxs", "08_units_differ.hspy"],
  ...["11_control_master.h5", "11_control.h5", "11_control_data_000001.h5", "11_early_master.h5"],
  ...["11_early.h5", "20_many_nodes.h5", "05_hyperspy_saved.emd", "05_matlab73.mat"],
].map((name) => [name] as const);
const stacks = ["09_velox_stack.emd", "19_stack_and_coords.npz", "20_path with space.h5", "virtual.h5"];

const refused: readonly (readonly [name: string, says: RegExp])[] = [
  ["10_prismatic_3d.h5", /--save-4D-output/],
  ["20_sperr.h5", /filter sperr/],
  ["20_electron_events.h5", /events of single electrons/],
  ["20_lfs_pointer.h5", /Git LFS/],
  ["20_web_page.h5", /web page/],
];

const more = `
import h5py, numpy as np
d = np.load("good.npy").reshape(-1, 20, 24)
with h5py.File("virtual.h5", "w") as f:
    f["raw/frames"] = d[:70]; f["raw/others"] = d[70:]
    f["raw/all"] = d
    lay = h5py.VirtualLayout(d.shape, d.dtype)
    lay[:] = h5py.VirtualSource(".", "/raw/all", d.shape)
    f.create_virtual_dataset("view", lay)
`;

Deno.test({
  name: "the inputs of cases/files are read as the scan that they hold, or refused with the remedy",
  ignore: !ready,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "crystallite-cases-" });
    try {
      await Deno.writeFile(`${folder}/gen.py`, await Deno.readFile(script!));
      await Deno.writeTextFile(`${folder}/more.py`, more);
      for (const file of ["gen.py", "more.py"]) {
        const { success, stderr } = await new Deno.Command(python, { args: [file], cwd: folder }).output();
        assert.ok(success, new TextDecoder().decode(stderr));
      }
      const { data, shape } = decodeNpy(await Deno.readFile(`${folder}/good.npy`));
      assert.ok(!(data instanceof BigInt64Array));
      const scanShape = { rows: shape[0], columns: shape[1] };
      for (const [name, options] of [...sound, ...stacks.map((stack) => [stack, { scanShape }] as const)]) {
        const scan = await openScan(`${folder}/${name}`, options);
        assert.equal(probeCount(scan.shape), 140, name);
        const pixels = await readAll(scan, 3);
        assert.ok(pixels.every((value, index) => value === data[index]), `${name}: ${sumOf(pixels)}`);
        scan.close();
      }
      for (const [name, says] of refused) {
        await assert.rejects(openScan(`${folder}/${name}`), (error: unknown) => {
          assert.ok(error instanceof CrystalliteError, `${name}: ${error}`);
          assert.match(`${error.message} ${error.details.remedy}`, says);
          return true;
        });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

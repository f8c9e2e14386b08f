/** Virtual data sets, which the HDF5 library reads in a thread of its own: h5py writes a view on a file beside it. */

import assert from "node:assert/strict";
import { relative } from "node:path";
import { openScan } from "../../../../library/formats/open.ts";
import { withFolder } from "../../../support/folders.ts";
import { peerTest, python } from "../../../support/peers.ts";
import { readAll } from "../../../support/reading.ts";

const script = `
import h5py, numpy, sys
data = numpy.arange(3 * 4 * 5 * 6, dtype="u2").reshape(3, 4, 5, 6)
with h5py.File(sys.argv[1] + "/parts.h5", "w") as file:
    file["all"] = data
with h5py.File(sys.argv[1] + "/view.h5", "w") as file:
    layout = h5py.VirtualLayout(data.shape, data.dtype)
    layout[:2] = h5py.VirtualSource("parts.h5", "all", data.shape)[:2]
    file.create_virtual_dataset("view", layout, fillvalue=9)
`;

peerTest(
  "HDF5: a view is read by its whole path and by one from the working folder",
  () =>
    withFolder(async (folder) => {
      const { success, stderr } = await new Deno.Command(python, { args: ["-c", script, folder] }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const expected = Uint16Array.from({ length: 360 }, (_, place) => place < 240 ? place : 9);
      const path = `${folder}/view.h5`;
      for (const name of [path, relative(Deno.cwd(), path)]) {
        const scan = await openScan(name);
        for (const rows of [1, 3]) assert.deepEqual(await readAll(scan, rows), expected, name);
        scan.close();
      }
    }),
);

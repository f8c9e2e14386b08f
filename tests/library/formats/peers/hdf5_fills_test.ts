/** Fill values of HDF5 files that h5py writes, in every type of number and both byte orders. */

import assert from "node:assert/strict";
import { openScan } from "../../../../library/formats/open.ts";
import { demandFills, fills } from "../../../support/fills.ts";
import { withFolder } from "../../../support/folders.ts";
import { peerTest, python } from "../../../support/peers.ts";

peerTest("HDF5: fill values of every type in both byte orders", () =>
  withFolder(async (folder) => {
    const script = decodeURIComponent(new URL("../../../python/write_fills.py", import.meta.url).pathname);
    const { success, stderr } = await new Deno.Command(python, {
      args: [script, folder, ...fills.map(([type, fill]) => `${type}=${fill}`)],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    for (const [type, fill] of fills) {
      for (const order of ["little", "big"]) {
        for (const packing of ["plain", "gzip"]) {
          const name = `${type}_${order}_${packing}`, scan = await openScan(`${folder}/${name}.h5`);
          await demandFills(scan, fill, name);
          scan.close();
        }
      }
    }
  }));

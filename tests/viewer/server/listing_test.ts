/** What a folder lists: sizes of scans, results below their scans, and not what was saved of them. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { listFolder } from "../../../viewer/server/files/listing.ts";
import { Roots } from "../../../viewer/server/files/roots.ts";
import { withFolder } from "../../support/folders.ts";
import { command } from "../../support/viewer_scans.ts";

Deno.test("results stand below their scans with their sizes; what was saved of a scan is no scan", () =>
  withFolder(async (folder) => {
    const counts = Uint16Array.from({ length: 8 * 9 * 16 * 16 }, (_, i) => i % 50);
    for (const name of ["äther.npy", "z_labels.npy", "z.npy"]) {
      await Deno.writeFile(join(folder, name), encodeNpy("u16", [8, 9, 16, 16], counts));
    }
    for (const name of ["z_averages.npy", "z_mask.npy", "other_averages.npy"]) {
      await Deno.writeFile(join(folder, name), encodeNpy("f32", [3, 16, 16], new Float32Array(768)));
    }
    await Deno.writeFile(join(folder, "z_truth.npz"), new Uint8Array(8));
    const words = ["--threshold", "0.9", "--bad-pixels", "none"];
    await command("cluster", join(folder, "äther.npy"), "--out", join(folder, "a result"), ...words);
    const { entries } = await listFolder(new Roots([folder]), folder);
    assert.deepEqual(entries.map(({ name, kind, shape, scan }) => [name, kind, shape, scan]), [
      ["äther.npy", "scan", [8, 9, 16, 16], undefined],
      ["a result", "result", [8, 9, 16, 16], "äther.npy"],
      ["other_averages.npy", "scan", [3, 16, 16], undefined],
      ["z.npy", "scan", [8, 9, 16, 16], undefined],
    ]);
    await Deno.remove(join(folder, "äther.npy"));
    const after = await listFolder(new Roots([folder]), folder);
    const { scan: _, ...alone } = entries[1];
    assert.deepEqual(after.entries[0], alone);
  }));

/** The viewer divides its memory between runs and answers: its map is the command line's, whatever the limit. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { readResult } from "../../../mod.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import type { MapHeader } from "../../../viewer/protocol/maps.ts";
import { crystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { partsOf, withServer } from "../../support/serving.ts";

const mebibyte = 2 ** 20, words = ["--preset", "auto"];
/** More patterns than the least of these limits holds at a time. */
const size = { rows: 40, columns: 44, patternRows: 64, patternColumns: 64 };

Deno.test("labels are equal byte for byte with --memory 266M to 4G, in the viewer and on the command line", () =>
  withFolder(async (folder) => {
    const scan = simulateScan({
      ...size,
      grains: 6,
      minimumMisorientation: 12,
      hotPixels: 2,
      dose: 3000,
      seed: 8,
    });
    const data = new Uint16Array(size.rows * size.columns * size.patternRows * size.patternColumns);
    scan.readRows(0, size.rows, data);
    const path = join(folder, "scan.npy"), out = join(folder, "result");
    const lengths = [size.rows, size.columns, size.patternRows, size.patternColumns];
    await Deno.writeFile(path, encodeNpy("u16", lengths, data));
    const run = await crystallite("cluster", path, "--out", out, "--memory", "1G", ...words);
    assert.equal(run.code, 0, run.error);
    const { labels, meanSimilarity } = await readResult(out);
    assert.ok(new Set(labels).size > 3, "the scan has several clusters");
    for (const memory of [266 * mebibyte, 400 * mebibyte, 4096 * mebibyte]) {
      await withServer({ roots: [folder], memory, workers: 2 }, async (server) => {
        const { id } = await server.open(path), { last } = await server.run(id, words);
        assert.equal(last.kind, "done", `${memory}`);
        const { arrays } = await partsOf<MapHeader>(server.get(`/api/items/${id}/map`));
        assert.deepEqual(arrays.labels, labels, `labels with ${memory} bytes`);
        assert.deepEqual(arrays.mean, meanSimilarity, `similarity with ${memory} bytes`);
      });
    }
  }));

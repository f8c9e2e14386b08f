import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import {
  BadParameter,
  CorruptFile,
  FileUnavailable,
  UnsupportedFormat,
} from "../../../library/scan/errors.ts";
import { readResult } from "../../../library/results/read.ts";
import { writeResult } from "../../../library/results/write.ts";
import { drawClustering, resultOf } from "../../support/clustering.ts";
import { withFolder } from "../../support/folders.ts";

const clustering = drawClustering(["0011.", "0.112", "##122"]);

Deno.test("a result reads back as it was written", () =>
  withFolder(async (folder) => {
    for (const one of [clustering, drawClustering(["..."]), drawClustering([..."0011"])]) {
      const out = join(folder, String(one.clusters.length));
      await writeResult(out, resultOf(one));
      const stored = await readResult(out);
      assert.deepEqual(stored.shape, one.shape);
      assert.deepEqual(stored.labels, one.labels);
      assert.deepEqual(stored.similarity, one.similarity);
      assert.deepEqual(stored.meanSimilarity, one.meanSimilarity);
      assert.deepEqual(stored.mask, one.mask);
      assert.deepEqual(stored.clusters, one.clusters);
      assert.equal(stored.run.parameters.threshold, 0.9);
    }
  }));

Deno.test("labels saved again by numpy in the other byte order are read", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out");
    await writeResult(out, resultOf(clustering));
    const bytes = await Deno.readFile(join(out, "labels.npy"));
    const start = 10 + bytes[8] + 256 * bytes[9];
    bytes[bytes.indexOf("<".charCodeAt(0))] = ">".charCodeAt(0);
    for (let offset = start; offset < bytes.length; offset += 4) bytes.subarray(offset, offset + 4).reverse();
    await Deno.writeFile(join(out, "labels.npy"), bytes);
    assert.deepEqual((await readResult(out)).labels, clustering.labels);
  }));

Deno.test("results that are missing, incomplete, damaged or from the future are refused with the right error", () =>
  withFolder(async (folder) => {
    await assert.rejects(readResult(join(folder, "nothing")), BadParameter);
    const out = join(folder, "out");
    const wrong = clustering.labels.slice();
    wrong[0] = 2;
    const outside = clustering.labels.slice();
    outside[0] = 3;
    const edit = (name: string, change: (text: string) => string) => async () => {
      await Deno.writeTextFile(join(out, name), change(await Deno.readTextFile(join(out, name))));
    };
    const put = (name: string, bytes: Uint8Array) => () => Deno.writeFile(join(out, name), bytes);
    const cases: [() => Promise<void>, { new (message: string): Error }, RegExp][] = [
      [() => Deno.remove(join(out, "labels.npy")), FileUnavailable, /labels\.npy does not exist/],
      [() => Deno.remove(join(out, "clusters.csv")), FileUnavailable, /clusters\.csv does not exist/],
      [
        () => Deno.truncate(join(out, "similarity.npy"), 200),
        CorruptFile,
        /similarity\.npy is not the array/,
      ],
      [() => Deno.truncate(join(out, "mask.npy"), 40), CorruptFile, /mask\.npy/],
      [put("mask.npy", new Uint8Array(0)), CorruptFile, /mask\.npy/],
      [
        put("labels.npy", encodeNpy("i32", [5, 3], clustering.labels)),
        CorruptFile,
        /labels\.npy is not the array/,
      ],
      [
        put("labels.npy", encodeNpy("u8", [3, 5], clustering.mask)),
        CorruptFile,
        /labels\.npy is not the array/,
      ],
      [put("labels.npy", encodeNpy("i32", [3, 5], wrong)), CorruptFile, /size of cluster 0 differs/],
      [put("labels.npy", encodeNpy("i32", [3, 5], outside)), CorruptFile, /a label names no cluster/],
      [
        edit("clusters.csv", (text) => text.slice(0, text.indexOf("\n2,") + 1)),
        CorruptFile,
        /number of clusters/,
      ],
      [
        edit("clusters.csv", (text) => text.replace("seed_row", "x")),
        CorruptFile,
        /columns of a cluster table/,
      ],
      [
        edit("run.json", (text) => text.replace('"rows": 3', '"rows": 1e300')),
        CorruptFile,
        /shape of a scan/,
      ],
      [edit("run.json", (text) => text.replace('"rows": 3', '"rows": -3')), CorruptFile, /shape of a scan/],
      [
        edit("run.json", (text) => text.replace('"rows": 3', '"rows": 3000000')),
        CorruptFile,
        /not the array/,
      ],
      [
        edit("run.json", (text) => text.replace('"resultVersion": 1', '"resultVersion": 99')),
        UnsupportedFormat,
        /newer crystallite/,
      ],
      [edit("run.json", (text) => text.slice(2)), BadParameter, /not a result/],
    ];
    for (const [damage, kind, message] of cases) {
      await writeResult(out, resultOf(clustering), { force: true });
      await damage();
      await assert.rejects(readResult(out), (error: unknown) => {
        assert.ok(error instanceof kind, `${message}: ${error}`);
        assert.match(error.message, message);
        return true;
      });
      await Deno.remove(out, { recursive: true });
    }
  }));

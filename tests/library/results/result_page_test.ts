/** A result in a page: whole, within the limit, and with nothing in it that is not of the result. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { unshuffleBytes } from "../../../library/formats/unshuffle.ts";
import {
  encodePageCrystals,
  pageCrystalsName,
  readPageCrystals,
} from "../../../library/results/page_crystals.ts";
import { readHeld, roundAverages, spreadMeans, waysToHold } from "../../../library/results/page_averages.ts";
import type { PackedResult } from "../../../library/results/page_pack.ts";
import { readResult } from "../../../library/results/read.ts";
import { resultPage } from "../../../library/results/result_page.ts";
import { writeResult } from "../../../library/results/write.ts";
import { CorruptFile, OutOfResources } from "../../../library/scan/errors.ts";
import { drawClustering, resultOf } from "../../support/clustering.ts";
import { withFolder } from "../../support/folders.ts";
import { decodeNpy } from "../../support/numpy.ts";
import { seededRandom } from "../../support/random.ts";

const clustering = drawClustering(["0011.", "0.112", "##122"]);

/** Writes a result with averages of digits that do not pack; gives its folder. */
async function writeNoisy(folder: string, name = "result"): Promise<string> {
  const random = seededRandom(11), { patternRows, patternColumns } = clustering.shape;
  const count = clustering.clusters.length;
  const patterns = Float32Array.from({ length: count * patternRows * patternColumns }, () => 100 * random());
  const out = join(folder, name);
  await writeResult(out, resultOf(clustering, { averages: [{ first: 0, count, patterns }] }));
  return out;
}

/** What a page holds, by name. */
function filesIn(html: Uint8Array): { name: string; files: Map<string, Uint8Array> } {
  const text = new TextDecoder().decode(html);
  const [, data] = /<script type="text\/plain" id="result">(.*?)<\/script>/.exec(text)!;
  const { name, files }: PackedResult = JSON.parse(data);
  return {
    name,
    files: new Map(files.map(({ name, width, content }) => {
      const bytes = inflateSync(Buffer.from(content, "base64")), plain = new Uint8Array(bytes.length);
      unshuffleBytes(bytes, plain, width);
      return [name, plain];
    })),
  };
}

const recordIn = (files: ReadonlyMap<string, Uint8Array>) =>
  JSON.parse(new TextDecoder().decode(files.get("run.json")));

Deno.test("a page holds the arrays of its result to the last byte, and a record of those alone", () =>
  withFolder(async (folder) => {
    const out = await writeNoisy(folder),
      { html, page } = await resultPage(await readResult(out), "auto");
    const { name, files } = filesIn(html);
    assert.equal(name, "result");
    assert.ok(
      ["labels.npy", "averages.npy", "similarity.npy", "clusters.csv"].every((file) => files.has(file)),
    );
    assert.ok(!files.has("report.html") && !files.has("clusters.h5"));
    for (const [file, bytes] of files) {
      if (file !== "run.json") {
        assert.deepEqual(bytes, new Uint8Array(Deno.readFileSync(join(out, file))), file);
      }
    }
    const record = recordIn(files);
    assert.deepEqual(record.page, { averages: "exact" });
    assert.deepEqual(
      record.files.map(({ name }: { name: string }) => name),
      [...files.keys()].slice(1).sort(),
    );
    assert.deepEqual(await resultPage(await readResult(out), "auto"), { html, page });
  }));

Deno.test("beyond the limit averages are rounded, then binned, which the page says; then it is refused, with its size and what to do", () =>
  withFolder(async (folder) => {
    const out = await writeNoisy(folder), stored = await readResult(out);
    const { length } = (await resultPage(stored, "exact")).html;
    const { html, page } = await resultPage(stored, "auto", length - 1);
    assert.deepEqual(page, { averages: "rounded" });
    assert.ok(html.length < length);
    const { files } = filesIn(html), record = recordIn(files);
    assert.match(record.warnings.at(-1), /rounded to 8 significant bits/);
    const [rounded, exact] = [files.get("averages.npy")!, Deno.readFileSync(join(out, "averages.npy"))]
      .map((bytes) => decodeNpy(bytes).data);
    for (let i = 0; i < exact.length; i++) {
      assert.ok(Math.abs(Number(rounded[i]) / Number(exact[i]) - 1) <= 2 ** -8);
    }
    const binned = await resultPage(stored, "auto", html.length - 1);
    assert.deepEqual(binned.page, { averages: "binned", bin: 2 });
    assert.match(recordIn(filesIn(binned.html).files).warnings.at(-1), /means of 2 x 2 pixels, rounded/);
    const none = await resultPage(stored, "none", binned.html.length - 1);
    assert.ok(!filesIn(none.html).files.has("averages.npy"));
    for (
      const [wanted, most, remedy] of [
        ["exact", length - 1, /`page\.averages: auto`/],
        ["rounded", html.length - 1, /`page\.averages: auto`/],
        ["auto", binned.html.length - 1, /`page\.averages: none`/],
        ["none", none.html.length - 1, /crystallite serve/],
      ] as const
    ) {
      await assert.rejects(resultPage(stored, wanted, most), (error) => {
        assert.ok(error instanceof OutOfResources);
        assert.match(error.details.found!, /^\d+ bytes$/);
        assert.match(error.details.remedy!, remedy);
        return true;
      });
    }
  }));

Deno.test("no name ends the element that the result stands in", () =>
  withFolder(async (folder) => {
    const name = "<script>alert(1)<!--<style>";
    const page = await resultPage(await readResult(await writeNoisy(folder, name)), "auto");
    const other = await resultPage(await readResult(await writeNoisy(folder)), "auto");
    const tags = ({ html }: { html: Uint8Array }) =>
      new TextDecoder().decode(html).match(/<\/?(script|style)|<!--/gi)!.length;
    assert.equal(tags(page), tags(other));
    assert.equal(filesIn(page.html).name, name);
  }));

Deno.test("what lies outside the result does not come into the page", () =>
  withFolder(async (folder) => {
    const out = await writeNoisy(folder),
      record = join(out, "run.json"),
      text = Deno.readTextFileSync(record);
    const secret = join(folder, "secret.json");
    Deno.writeTextFileSync(secret, '"secret"');
    for (const name of ["../secret.json", secret, "..\\secret.json", ".json"]) {
      const value = JSON.parse(text);
      Deno.writeTextFileSync(
        record,
        JSON.stringify({ ...value, files: [...value.files, { name, bytes: 8 }] }),
      );
      await assert.rejects(async () => await resultPage(await readResult(out), "auto"), name);
    }
    Deno.writeTextFileSync(record, text);
    Deno.renameSync(join(out, "clusters.csv"), join(folder, "clusters.csv"));
    Deno.symlinkSync(join(folder, "clusters.csv"), join(out, "clusters.csv"));
    await assert.rejects(async () => await resultPage(await readResult(out), "auto"), CorruptFile);
  }));

Deno.test("binned averages are means of the pixels that there are, also at the far edges", () =>
  withFolder((folder) => {
    const path = join(folder, "averages.npy"), shape = { patternRows: 3, patternColumns: 5 };
    const pattern = Float32Array.from({ length: 15 }, (_, pixel) => 2 ** (pixel % 4));
    Deno.writeFileSync(path, encodeNpy("f32", [2, 3, 5], Float32Array.of(...pattern, ...pattern)));
    const held = readHeld(path, 2, shape, { averages: "binned", bin: 2 }), [a, b, c, d, e] = pattern;
    assert.deepEqual(held.subarray(0, 6), held.subarray(6));
    const rows = (row: number, column: number) => pattern[5 * row + column];
    const means = [
      [a + b + rows(1, 0) + rows(1, 1), 4],
      [c + d + rows(1, 2) + rows(1, 3), 4],
      [e + rows(1, 4), 2],
      [rows(2, 0) + rows(2, 1), 2],
      [rows(2, 2) + rows(2, 3), 2],
      [rows(2, 4), 1],
    ].map(([sum, count]) => sum / count);
    assert.deepEqual([...held.subarray(0, 6)], means);
    const spread = spreadMeans(held.subarray(0, 6), shape, 2);
    assert.deepEqual([0, 1, 5, 6, 4, 9, 14].map((pixel) => spread[pixel]), [
      ...Array(4).fill(means[0]),
      ...[means[2], means[2], means[5]],
    ]);
    const bins = (side: number) =>
      waysToHold("binned", { patternRows: side, patternColumns: 2 * side }).map(({ bin }) => bin);
    assert.deepEqual([16, 64, 128].map(bins), [[2], [2, 4], [2, 4, 8]]);
  }));

Deno.test("rounding is to the nearest, and leaves what is no number", () => {
  const values = Float32Array.of(1, 257, 258, 259, 0, -3.3e38, NaN, Infinity, 3.4e38);
  assert.deepEqual(
    [...roundAverages(values)].slice(0, 5),
    [1, 256, 258, 260, 0],
  );
  assert.ok(Number.isNaN(values[6]) && values[7] === Infinity && Number.isFinite(values[8]));
});

Deno.test("crystals come back from a page as they were, and damaged ones are refused", () =>
  withFolder(async (folder) => {
    const crystals = await Promise.all(["Au", "Ti", "SrTiO3"].map(builtInCrystal)),
      path = join(folder, pageCrystalsName);
    const bytes = encodePageCrystals(crystals);
    Deno.writeFileSync(path, bytes);
    assert.deepEqual(await readPageCrystals(folder), crystals);
    const text = new TextDecoder().decode(bytes);
    for (
      const damaged of [
        "{}",
        "[1]",
        text.replace('"rotation":[1,', '"rotation":['),
        text.replace(/"a":[\d.]+/, '"a":null'),
      ]
    ) {
      Deno.writeTextFileSync(path, damaged);
      await assert.rejects(readPageCrystals(folder), CorruptFile);
    }
  }));

/** A result as one page, which opens as a file: without a server, the scan, or a request for anything. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { decode } from "fast-png";
import { browserTest } from "../../support/browser.ts";
import { decodeNpy } from "../../support/numpy.ts";
import type { Page } from "../../support/playwright.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import {
  clickProbe,
  clustersAre,
  mainShown,
  nearly,
  pointAt,
  readout,
  shows,
} from "../../support/viewer_page.ts";
import { command, countLabels } from "../../support/viewer_scans.ts";

/** Numbers of a file of a result. */
const numbersIn = (path: string) => Array.from(decodeNpy(Deno.readFileSync(path)).data, Number);

/** Bytes that a button hands to the browser's downloads. */
async function downloaded(page: Page, button: string): Promise<Uint8Array<ArrayBuffer>> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  return await Deno.readFile(await download.path());
}

/** What the page has asked for since it was opened. */
const asked = "performance.getEntriesByType('resource').map(({ name }) => name)";

browserTest("a result as one page", async (open, step, folder) => {
  const path = await writeFilm(folder), result = join(folder, "result"), file = join(folder, "page.html");
  const other = join(folder, "other"), columns = 14, side = 32;
  await command("cluster", path, "--out", result, ...clusterFlags);
  await command("cluster", path, "--out", other, ...clusterFlags.slice(0, -1), "0.9");
  await command("page", result, "--out", file);
  const [labels, averages, otherLabels] = [
    join(result, "labels.npy"),
    join(result, "averages.npy"),
    join(other, "labels.npy"),
  ].map(numbersIn);
  const [labelsNpy, averagesNpy] = ["labels.npy", "averages.npy"].map((name) =>
    decodeNpy(Deno.readFileSync(join(result, name)))
  );
  const clustersCsv = Deno.readFileSync(join(result, "clusters.csv"));
  // All that the page was made from is gone.
  for (const gone of [path, result]) await Deno.remove(gone, { recursive: true });
  const { page, screenshot } = await open({ address: `file://${file}` });

  await step("shows the clusters of labels.npy, and the average of the one that is clicked", async () => {
    await mainShown(page);
    await clustersAre(page, countLabels(labels));
    for (const [row, column] of [[1, 1], [10, 12], [1, 10]]) {
      const cluster = labels[row * columns + column];
      await clickProbe(page, row, column);
      await shows(() => readout(page), new RegExp(`row ${row} column ${column}; Cluster ${cluster};`));
      const { x, y } = await pointAt(page, 12, 20, "upper-pattern");
      await page.mouse.move(x, y);
      const expected = averages[(cluster * side + 12) * side + 20];
      await shows(() => readout(page, ".reciprocal"), nearly(expected));
    }
    await page.getByText("Patterns cannot be shown: this page holds a result without its scan").waitFor();
    await screenshot("result-page");
  });

  await step(
    "hands over what it shows, without a server: averages, labels, map, table, pictures",
    async () => {
      await page.getByRole("tab", { name: "Export" }).click();
      const table = await downloaded(page, "Download: cluster table");
      assert.deepEqual(table, clustersCsv);
      assert.deepEqual(decodeNpy(await downloaded(page, "Download: labels")), labelsNpy);
      assert.deepEqual(decodeNpy(await downloaded(page, "Download: averaged patterns")), averagesNpy);
      const tiff = await downloaded(page, "Download: averaged patterns as TIFF");
      assert.deepEqual(tiff.subarray(0, 4), Uint8Array.of(0x49, 0x49, 42, 0));
      for (const picture of ["Download: picture of the map", "Download Map: clusters as PNG"]) {
        const { width, height } = decode(await downloaded(page, picture));
        assert.ok(width >= columns && height >= 12, picture);
      }
      const report = new TextDecoder().decode(await downloaded(page, "Download: report"));
      assert.match(report, /^<!doctype html>/i);
      // The pattern that is shown: of the cluster that was clicked last.
      const shown = labels[columns + 10], name = `Download Cluster ${shown} average as`;
      const { data } = decodeNpy(await downloaded(page, `${name} npy`));
      assert.deepEqual(
        Array.from(data, Number),
        averages.slice(shown * side ** 2, (shown + 1) * side ** 2),
      );
      const { width } = decode(await downloaded(page, `${name} PNG`));
      assert.ok(width >= side);
      await screenshot("result-page-export");
    },
  );

  await step("moves the threshold, and gives the labels of the command at that threshold", async () => {
    await page.getByRole("tab", { name: /^Clusters/ }).click();
    const field = page.getByRole("textbox", { name: "Similarity threshold" });
    await field.fill("0.9");
    await field.press("Enter");
    await clustersAre(page, countLabels(otherLabels));
    await page.getByRole("tab", { name: "Export" }).click();
    const { data } = decodeNpy(await downloaded(page, "Download: labels"));
    assert.deepEqual(Array.from(data, Number), otherLabels);
  });

  await step("averages of other clusters than those in it cannot be had, which it says", async () => {
    const button = page.getByRole("button", { name: "Download: averaged patterns", exact: true });
    assert.ok(await button.isDisabled());
    await page.getByText("of the clusters as the result has them").waitFor();
    await page.getByRole("tab", { name: /^Clusters/ }).click();
    const field = page.getByRole("textbox", { name: "Similarity threshold" });
    await field.fill("0.97");
    await field.press("Enter");
    await clustersAre(page, countLabels(labels));
    await page.getByRole("tab", { name: "Export" }).click();
    await shows(() => button.isEnabled(), true);
    assert.deepEqual(decodeNpy(await downloaded(page, "Download: averaged patterns")), averagesNpy);
  });

  await step("has asked for nothing", async () => {
    const names = await page.evaluate(asked) as string[];
    assert.deepEqual(names.filter((name) => !/^(blob|data):/.test(name)), []);
  });

  await step("a page that was cut says so", async () => {
    const text = await Deno.readTextFile(file), at = text.indexOf('"name":"averages.npy"');
    await Deno.writeTextFile(file, text.slice(0, at + 100) + text.slice(at + 140));
    await page.reload();
    await page.getByRole("heading", { name: "The result in this page is damaged." }).waitFor();
  });
});

/** A result as one page, which opens as a file: without a server, the scan, or a request for anything. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { browserTest } from "../../support/browser.ts";
import { withFolder } from "../../support/folders.ts";
import { decodeNpy } from "../../support/numpy.ts";
import {
  clickProbe,
  clustersAre,
  mainShown,
  nearly,
  pointAt,
  readout,
  shows,
} from "../../support/viewer_page.ts";
import {
  command,
  countLabels,
  growthWords,
  labelsIn,
  labelsOf,
  patternSide,
  sameNumbers,
  scanColumns,
  scanRows,
  writeScan,
} from "../../support/viewer_scans.ts";

/** What the page has asked for since it was opened. */
const asked = "performance.getEntriesByType('resource').map(({ name }) => name)";

browserTest("a result as one page", (open, step) =>
  withFolder(async (folder) => {
    const { path } = await writeScan(folder), result = join(folder, "result");
    const words = growthWords.slice(0, -1), other = join(folder, "other");
    await command("cluster", path, "--out", result, ...growthWords);
    await command("cluster", path, "--out", other, ...words, "0.99");
    const labels = labelsOf(result), file = join(folder, "page.html");
    await command("page", result, "--out", file);
    // The scan is gone, and the folder of the result too.
    await Deno.remove(path);
    const averages = decodeNpy(Deno.readFileSync(join(result, "averages.npy"))).data;
    await Deno.rename(result, join(folder, "moved"));
    const { page, screenshot } = await open({ address: `file://${file}` });

    await step("shows the clusters of labels.npy, and the average of the one that is clicked", async () => {
      await mainShown(page);
      await clustersAre(page, countLabels(labels));
      for (const [row, column] of [[8, 8], [30, 40], [scanRows - 1, 0]]) {
        const cluster = labels[row * scanColumns + column];
        await clickProbe(page, row, column);
        await shows(() => readout(page), new RegExp(`row ${row} column ${column}; Cluster ${cluster};`));
        const { x, y } = await pointAt(page, 12, 20, "upper-pattern");
        await page.mouse.move(x, y);
        const expected = averages[(cluster * patternSide + 12) * patternSide + 20];
        await shows(() => readout(page, ".reciprocal"), nearly(Number(expected)));
      }
      await page.getByText("Patterns cannot be shown: this page holds a result without its scan").waitFor();
      await screenshot("result-page");
    });

    await step("moves the threshold, and gives the labels of the command at that threshold", async () => {
      const field = page.getByRole("textbox", { name: "Similarity threshold" });
      await field.fill("0.99");
      await field.press("Enter");
      await clustersAre(page, countLabels(labelsOf(other)));
      await page.getByRole("tab", { name: "Export" }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Download: labels", exact: true }).click(),
      ]);
      await Deno.copyFile(await download.path(), join(folder, "labels.npy"));
      sameNumbers(labelsIn(join(folder, "labels.npy")), labelsOf(other));
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
  }));

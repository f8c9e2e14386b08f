/** A result as one page, which opens as a file: without a server, the scan, or a request for anything. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { browserTest } from "../../support/browser.ts";
import { withFolder } from "../../support/folders.ts";
import { decodeNpy } from "../../support/numpy.ts";
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

/** What the page has asked for since it was opened. */
const asked = "performance.getEntriesByType('resource').map(({ name }) => name)";

browserTest("a result as one page", (open, step) =>
  withFolder(async (folder) => {
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

    await step("moves the threshold, and gives the labels of the command at that threshold", async () => {
      const field = page.getByRole("textbox", { name: "Similarity threshold" });
      await field.fill("0.9");
      await field.press("Enter");
      await clustersAre(page, countLabels(otherLabels));
      await page.getByRole("tab", { name: "Export" }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Download: labels", exact: true }).click(),
      ]);
      assert.deepEqual(numbersIn(await download.path()), otherLabels);
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

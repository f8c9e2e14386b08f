/** Two windows on one scan: each has its own run, with its own labels, averages and command. */

import assert from "node:assert/strict";
import type { Page } from "../../support/playwright.ts";
import { browserTest } from "../../support/browser.ts";
import { openFilm } from "../../support/film_page.ts";
import { withFolder } from "../../support/folders.ts";
import { clickProbe, clustersAre, commandLabels, savedLabels, shows } from "../../support/viewer_page.ts";
import { countLabels, growthWords, labelsOf, sameNumbers, writeResult } from "../../support/viewer_scans.ts";

/** Runs with another threshold. */
async function runAt(page: Page, threshold: string): Promise<void> {
  await page.getByRole("tab", { name: "Parameters" }).click();
  await page.getByLabel("Threshold", { exact: true }).fill(threshold);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("progressbar").waitFor({ state: "detached", timeout: 30_000 });
  await page.getByRole("button", { name: "Run again" }).first().waitFor();
}

browserTest("two windows on one scan", (open, step) =>
  withFolder(async (folder) => {
    const { page: first, scan, labels, count } = await openFilm(open, folder, { mayBeRefused: true });
    const words = growthWords.slice(0, growthWords.indexOf("--threshold"));
    const other = labelsOf(
      await writeResult(folder, scan.path, [...words, "--threshold", "0.97"], "other"),
    );
    const notice = (page: Page) => page.getByRole("alert");
    const second = await first.context().newPage();
    await second.goto(first.url());
    await clustersAre(second, count);

    await step("a number written in a field is what Ctrl Enter runs (case 4)", async () => {
      await runAt(second, "0.97");
      await clustersAre(second, countLabels(other));
      sameNumbers(await savedLabels(second, folder), other);
    });

    await step("the other window is told, and keeps its own labels and command (case 2)", async () => {
      assert.notEqual(countLabels(other), count);
      await clickProbe(first, 7, 38);
      await shows(() => notice(first).innerText(), /Another window has clustered this again/);
      await notice(first).getByRole("button", { name: "Stay here" }).click();
      await clustersAre(first, count);
      sameNumbers(await savedLabels(first, folder), labels);
      await shows(() => first.locator("pre.code").innerText(), /--threshold 0\.985/);
      sameNumbers(await commandLabels(first, folder, "first again"), labels);
      await shows(() => second.locator("pre.code").innerText(), /--threshold 0\.97\b/);
    });

    await step("a run that the server does not keep any more is no dead end: that is said", async () => {
      const error = { kind: "Stale", message: "not kept any more", details: {} };
      await first.route(/\/command\b/, (route) => route.fulfill({ status: 410, json: { error } }));
      await first.getByRole("tab", { name: /^Clusters/ }).click();
      await first.getByRole("tab", { name: "Export" }).click();
      await shows(() => notice(first).innerText(), /The run before, which you see, is not kept any more/);
      assert.equal(await notice(first).getByRole("button").count(), 1);
      await first.unroute(/\/command\b/);
    });

    await step("an image that gave way to the other window's run comes after it", async () => {
      const error = { kind: "Aborted", message: "the run was cancelled", details: {} };
      let refused = 0;
      await first.route(/\/virtual\b/, async (route) => {
        await route.fulfill({ status: 409, json: { error } });
        refused++;
      });
      await first.locator("#map").press("3");
      // A draft, and the exact image.
      await shows(() => Promise.resolve(refused), 2);
      await first.unroute(/\/virtual\b/);
      await shows(() => first.locator(".real div.legend").innerText(), /counts/);
      await first.locator("#map").press("1");
    });

    await step("it goes on to the last run when it wants to", async () => {
      await runAt(second, "0.985");
      await first.getByRole("tab", { name: /^Clusters/ }).click();
      await clickProbe(first, 34, 9);
      await notice(first).getByRole("button", { name: "Show the last run" }).click();
      await notice(first).waitFor({ state: "detached" });
      await clustersAre(first, count);
    });
  }));

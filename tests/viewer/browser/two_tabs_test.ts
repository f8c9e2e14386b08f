/** Two windows on one scan: each has its own run, with its own labels, averages and command. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "../../support/playwright.ts";
import { browserTest } from "../../support/browser.ts";
import { openFilm } from "../../support/film_page.ts";
import { slowness } from "../../support/slowness.ts";
import {
  clickProbe,
  clustersAre,
  commandLabels,
  holdBack,
  listedSizes,
  savedLabels,
  saveKinds,
  shows,
} from "../../support/viewer_page.ts";
import {
  countLabels,
  growthWords,
  labelsIn,
  labelsOf,
  sameNumbers,
  tableOf,
  writeResult,
} from "../../support/viewer_scans.ts";

/** Runs with another threshold, and leaves out a disk of another radius where one is given. */
async function runAt(page: Page, threshold: string, radius?: string): Promise<void> {
  await page.getByRole("tab", { name: "Parameters" }).click();
  if (radius) await page.getByLabel("Radius in pixels", { exact: true }).fill(radius);
  await page.getByLabel("Threshold", { exact: true }).fill(threshold);
  const came = page.waitForResponse(/\/map\b/);
  await page.keyboard.press("Control+Enter");
  await came;
  await page.getByRole("progressbar").waitFor({ state: "detached", timeout: 30_000 * slowness() });
  await page.getByRole("button", { name: "Run again" }).first().waitFor();
}

browserTest("two windows on one scan", async (open, step, folder) => {
  const { page: first, scan, labels, count } = await openFilm(open, folder, { mayBeRefused: true });
  const words = growthWords.slice(0, growthWords.indexOf("--threshold"));
  const wideWords = words.map((word) => word.replace("outside:4", "outside:6"));
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
    await shows(() => Promise.resolve(refused), (count) => count >= 2);
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

  await step("what is saved while the map of the last run is on its way is that of this run", async () => {
    const wide = labelsOf(
      await writeResult(folder, scan.path, [...wideWords, "--threshold", "0.985"], "wide"),
    );
    assert.notEqual(countLabels(wide), count);
    await runAt(second, "0.985", "6");
    await clickProbe(first, 21, 35);
    const held = await holdBack(first, /\/map\b/, 1);
    await notice(first).getByRole("button", { name: "Show the last run" }).click();
    await notice(first).waitFor({ state: "detached" });
    // Windows behind others may get no frames, which clicks wait for.
    await first.bringToFront();
    const saving = saveKinds(first, folder, ["labels", "picture"]);
    saving.catch(() => {});
    await shows(() => first.locator(".panel-footer").innerText(), /Saving…/);
    // It waits for the map, whose colours the picture has.
    await first.waitForTimeout(1000);
    assert.equal(await first.locator(".panel-footer p").innerText(), "Saving…");
    await held.letGo();
    sameNumbers(labelsIn((await saving).find((file) => file.endsWith(".npy"))!), wide);
    await runAt(first, "0.985", "4");
    await clustersAre(first, count);
  });

  await step("an older run whose map comes late does not take the place of a newer one", async () => {
    const wider = await writeResult(folder, scan.path, [...wideWords, "--threshold", "0.97"], "wider");
    const sizesOf = (out: string) => tableOf(out).map(({ size }) => size);
    assert.notDeepEqual(sizesOf(wider), sizesOf(join(folder, "other")));
    await runAt(second, "0.985", "6");
    // Of a cluster whose average was not asked for before.
    await clickProbe(first, 21, 5);
    const held = await holdBack(first, /\/map\b/, 1);
    await notice(first).getByRole("button", { name: "Show the last run" }).click();
    await notice(first).waitFor({ state: "detached" });
    await runAt(first, "0.985", "4");
    await clustersAre(first, count);
    const came = first.waitForResponse(/\/map\b/);
    await held.letGo();
    await came;
    const field = first.getByRole("textbox", { name: "Similarity threshold" });
    await field.fill("0.97");
    await field.press("Enter");
    await shows(() => listedSizes(first), sizesOf(join(folder, "other")));
  });
});

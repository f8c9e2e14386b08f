/** Corrections by hand outlive a reload of the page and a restart of the server; those of a result can be undone. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "../../support/playwright.ts";
import { browserTest } from "../../support/browser.ts";
import { slowness } from "../../support/slowness.ts";
import { startViewer } from "../../support/viewer.ts";
import {
  clickProbe,
  clusterOptions,
  clustersAre,
  mainShown,
  saveKinds,
  showAdvanced,
  showFile,
  shows,
} from "../../support/viewer_page.ts";
import { countLabels, growthWords, labelsOf, writeResult, writeScan } from "../../support/viewer_scans.ts";

const window = { viewport: { width: 1440, height: 900 } } as const;
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

async function mergeTwo(page: Page): Promise<void> {
  await clickProbe(page, 7, 38);
  await clickProbe(page, 34, 9, "Shift");
  await page.keyboard.press("m");
}

browserTest("corrections outlive page and server", async (open, step, folder) => {
  const scan = await writeScan(folder), result = await writeResult(folder, scan.path);
  const count = countLabels(labelsOf(result));
  let server = await startViewer({ args: [folder] });
  const { port } = new URL(server.origin);
  /** Another server in its place, which the browser gets to know by its address. */
  const restart = async (page: Page) => {
    await server.stop();
    server = await startViewer({ args: [folder, "--port", port] });
    const banner = page.getByRole("alert");
    await clickProbe(page, 20, 20);
    await shows(() => banner.innerText(), /server was started anew.*corrections are kept in this browser/);
    const visitor = await page.context().newPage();
    await visitor.goto(server.address);
    await visitor.close();
    // It tries again by itself, and may have been quicker.
    await banner.getByRole("button", { name: "Try now" }).click({ timeout: 2000 }).catch(() => {});
  };
  try {
    const { page } = await open({ address: server.address, context: window, mayComplain: true });
    await showFile(page, result);
    await clustersAre(page, count);

    await step("after a reload they are there, and can be undone (case 5)", async () => {
      await mergeTwo(page);
      await clustersAre(page, count - 1);
      await page.waitForTimeout(400);
      await page.reload();
      await mainShown(page);
      await clustersAre(page, count - 1);
      await button(page, "Undo").click();
      await clustersAre(page, count);
      await button(page, "Redo").click();
      await clustersAre(page, count - 1);
    });

    await step("after a restart the page goes on with them (case 5)", async () => {
      await restart(page);
      await page.getByRole("alert").waitFor({ state: "detached" });
      await shows(
        () => page.locator("figure").nth(1).locator("figcaption").innerText(),
        /\(20, 20\)[^]*counts/,
      );
      await clustersAre(page, count - 1);
      await page.reload();
      await mainShown(page);
      await clustersAre(page, count - 1);
    });

    await step("corrections that a result has can be undone one by one (case 5)", async () => {
      await clickProbe(page, 34, 30);
      await page.keyboard.press("x");
      await clustersAre(page, count - 2);
      await saveKinds(page, folder, ["result"]).catch(() => {});
      const out = join(folder, "edited");
      await Deno.mkdir(out);
      const [saved] = (await saveKinds(page, out, ["result"])).filter((path) =>
        Deno.statSync(path).isDirectory
      );
      await showFile(page, saved);
      await page.getByRole("tab", { name: /^Clusters/ }).click();
      await clustersAre(page, count - 2);
      await button(page, "Undo").click();
      await clustersAre(page, count - 1);
      await button(page, "Undo").click();
      await clustersAre(page, count);
      assert.ok(await button(page, "Undo").isDisabled());
    });

    await step("a run that is lost with its server is done again, with its corrections", async () => {
      await showFile(page, scan.path);
      await showAdvanced(page);
      await page.getByLabel("Settings").selectOption("none");
      const words = new Map([["Threshold", "0.985"], ["Blur in px", "1"], ["Radius in pixels", "4"]]);
      await page.getByLabel("Method").selectOption("growth");
      await page.getByLabel("Similarity threshold", { exact: true }).last().selectOption("number");
      await page.getByLabel("Blur", { exact: true }).selectOption("number");
      await page.getByLabel("Part of the pattern").selectOption("outside");
      for (const [label, text] of words) await page.getByLabel(label, { exact: true }).fill(text);
      assert.ok(growthWords.includes("0.985"));
      await page.keyboard.press("Control+Enter");
      await page.getByRole("progressbar").waitFor({ state: "detached", timeout: 30_000 * slowness() });
      await clustersAre(page, count);
      await mergeTwo(page);
      await clustersAre(page, count - 1);
      await page.getByRole("tab", { name: /^Clusters/ }).click();
      await page.getByLabel(/^Note on cluster/).fill("stays #here");
      await page.keyboard.press("Enter");
      await page.getByLabel("Find notes and tags").waitFor();
      await restart(page);
      const again = page.getByRole("button", { name: "Run again and put them back" });
      await again.click();
      await again.waitFor({ state: "detached" });
      await clustersAre(page, count - 1);
      // Notes that no file has are kept by the browser as well.
      await page.getByRole("tab", { name: /^Clusters/ }).click();
      await page.getByLabel("Find notes and tags").fill("#here");
      await shows(
        () => clusterOptions(page).allInnerTexts(),
        ([text, ...others]) => others.length === 0 && text.includes("stays #here"),
      );
      await page.getByLabel("Find notes and tags").fill("");
      await button(page, "Undo").click();
      await clustersAre(page, count);
    });

    await step("a window with corrections that no file has is not left unasked (case 5)", async () => {
      await mergeTwo(page);
      await clustersAre(page, count - 1);
      const [asked] = await Promise.all([
        page.waitForEvent("dialog"),
        page.close({ runBeforeUnload: true }),
      ]);
      assert.equal(asked.type(), "beforeunload");
      await asked.dismiss();
      await clustersAre(page, count - 1);
    });
  } finally {
    await server.stop();
  }
});

/** A series that outlives a reload of the page and a restart of the server, with corrections of tracks and of clusters. */

import type { Page } from "../../support/playwright.ts";
import { browserTest } from "../../support/browser.ts";
import { frameIs, option, slider, window, writeMerging } from "../../support/series_page.ts";
import { startViewer } from "../../support/viewer.ts";
import { clickProbe, mainShown, showFile, shows } from "../../support/viewer_page.ts";

const undo = (page: Page) => page.getByRole("button", { name: "Undo", exact: true });
const tabText = (page: Page, name: RegExp) => page.getByRole("tab", { name }).innerText();

browserTest("a series outlives page and server", async (open, step, folder) => {
  const { series, trackAt, regions } = await writeMerging(folder);
  const count = new Set(regions.map(({ track }) => track)).size;
  const clusters = regions.filter(({ frame }) => frame === "2").length;
  let server = await startViewer({ args: [folder] });
  const { port } = new URL(server.origin);
  const tracksAre = (page: Page, wanted: number) =>
    shows(() => tabText(page, /^Tracks/), new RegExp(`^Tracks\\s+${wanted}$`));
  const clustersAre = (page: Page, wanted: number) =>
    shows(() => tabText(page, /^Clusters/), new RegExp(`^Clusters\\s+${wanted}$`));
  try {
    const { page } = await open({ address: server.address, context: window, mayComplain: true });
    await showFile(page, series);
    await tracksAre(page, count);

    await step("corrections that are not kept beside the series are there after a reload", async () => {
      await slider(page).focus();
      for (let frame = 0; frame < 2; frame++) await slider(page).press("ArrowRight");
      await frameIs(page, 2);
      await option(page, trackAt(2, 10, 10)).click();
      await page.getByRole("button", { name: "Cut here" }).click();
      await tracksAre(page, count + 1);
      await page.waitForTimeout(400);
      await page.reload();
      await mainShown(page);
      await frameIs(page, 2);
      await tracksAre(page, count + 1);
    });

    await step("clusters of a frame that were corrected are so when time comes back to it", async () => {
      await page.getByLabel("Maps of").selectOption("clusters");
      await page.getByRole("tab", { name: /^Clusters/ }).click();
      await clustersAre(page, clusters);
      await clickProbe(page, 10, 10);
      await page.locator("#map").focus();
      await page.keyboard.press("x");
      await clustersAre(page, clusters - 1);
      await slider(page).focus();
      await slider(page).press("ArrowRight");
      await frameIs(page, 3);
      // What is offered there would undo something of this frame.
      await page.getByRole("main").getByRole("button", { name: "Undo", exact: true }).waitFor({
        state: "detached",
        timeout: 1000,
      });
      await slider(page).press("ArrowLeft");
      await frameIs(page, 2);
      await clustersAre(page, clusters - 1);
    });

    await step(
      "another server in its place: the page goes on with time, tracks and corrections",
      async () => {
        await server.stop();
        server = await startViewer({ args: [folder, "--port", port] });
        await clickProbe(page, 16, 16);
        const banner = page.getByRole("alert");
        await shows(() => banner.innerText(), /server was started anew/);
        const visitor = await page.context().newPage();
        await visitor.goto(server.address);
        await visitor.close();
        // It tries again by itself, and may have been quicker.
        await banner.getByRole("button", { name: "Try now" }).click({ timeout: 2000 }).catch(() => {});
        await banner.waitFor({ state: "detached" });
        await clustersAre(page, clusters - 1);
        await tracksAre(page, count + 1);
        await slider(page).focus();
        await slider(page).press("End");
        await frameIs(page, 7);
        await page.getByLabel("Maps of").selectOption("tracks");
        await undo(page).click();
        await tracksAre(page, count);
      },
    );
  } finally {
    await server.stop();
  }
});

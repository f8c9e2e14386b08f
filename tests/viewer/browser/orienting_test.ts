/** From a scan to orientations and strain without leaving the page: open, run, choose, correct, orient, export. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { browserTest } from "../../support/browser.ts";
import { withFolder } from "../../support/folders.ts";
import { countedClusters, openPath, saveKinds, shows } from "../../support/viewer_page.ts";
import { command, writeGold } from "../../support/viewer_scans.ts";

browserTest("orientations and strain are found from the page", (open, step) =>
  withFolder(async (folder) => {
    const scan = await writeGold(folder);
    const { page, screenshot } = await open({
      args: [folder],
      context: { viewport: { width: 1440, height: 900 } },
      mayBeRefused: true,
    });
    const tab = (name: string | RegExp) => page.getByRole("tab", { name }).click();
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const status = page.locator(".panel-footer [role=status]");
    await openPath(page, scan);
    await tab("Crystals");
    await page.getByText("run the clustering first").waitFor();
    await button("Run").first().click();
    await button("Run again").first().waitFor({ timeout: 30_000 });
    const clusters = await countedClusters(page);
    assert.ok(clusters >= 2);

    await step("without a crystal nothing can be found; one is chosen by its name", async () => {
      await tab("Crystals");
      assert.ok(await button("Find orientations").isDisabled());
      assert.ok(await button("Measure strain").isDisabled());
      await page.getByLabel("Add a known crystal").selectOption("Au");
      await page.getByLabel("Size of a detector pixel").fill("0.033 A^-1");
      await page.getByLabel("Voltage").fill("much");
      await page.getByLabel("Name of the result").fill("gold of the page");
      await screenshot("orienting-form");
    });

    await step("a voltage that makes no sense is said, in words without flags (case 11)", async () => {
      await button("Find orientations").click();
      const banner = page.getByRole("alert");
      await shows(() => banner.innerText(), /voltage/);
      assert.doesNotMatch(await banner.innerText(), /--/);
      await banner.getByRole("button", { name: "Close" }).click();
    });

    await step("orientations are found for the result that was saved, and shown", async () => {
      await tab("Crystals");
      await page.getByLabel("Voltage").fill("200 kV");
      await button("Find orientations").click();
      await status.waitFor();
      await shows(() => page.getByLabel("Maps of").inputValue(), "orientation", 30_000);
      await shows(() => page.getByLabel("Crystal", { exact: true }).textContent(), /zone axis/);
      await screenshot("orienting-found");
    });

    await step("strain is measured against them, and can be stopped on the way", async () => {
      await tab("Crystals");
      await button("Measure strain").click();
      await button("Cancel").click();
      await status.waitFor({ state: "detached" });
      await button("Measure strain").click();
      await shows(() => page.getByLabel("Maps of").inputValue(), "strain", 30_000);
      await shows(() => page.getByLabel("Crystal", { exact: true }).textContent(), /e_xx −?\d/);
    });

    await step("they are what the commands give, and go along when it is exported", async () => {
      const byPage = join(folder, "gold of the page"), byCommand = join(folder, "by command");
      await command("cluster", scan, "--out", byCommand, "--preset", "auto");
      const conditions = ["--voltage", "200kV", "--q-pixel-size", "0.033 A^-1"];
      await command("orient", byCommand, "--crystal", "Au", ...conditions);
      await command("strain", byCommand);
      for (const file of ["orientations.csv", "orientation_matrices.npy", "strain.npy"]) {
        assert.deepEqual(
          Deno.readFileSync(join(byPage, file)),
          Deno.readFileSync(join(byCommand, file)),
          file,
        );
      }
      await saveKinds(page, folder, ["table"]);
    });
  }));

/** From a scan to orientations and strain without leaving the page: open, run, choose, correct, orient, export. */

import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { browserTest } from "../../support/browser.ts";
import { flagsNamed } from "../../support/page_rules.ts";
import { slowness } from "../../support/slowness.ts";
import {
  clusterOptions,
  clustersAre,
  countedClusters,
  mainShown,
  saveKinds,
  shows,
} from "../../support/viewer_page.ts";
import { command, writeGold } from "../../support/viewer_scans.ts";

browserTest("orientations and strain are found from the page", async (open, step, folder) => {
  const scan = await writeGold(folder);
  const { page, screenshot } = await open({
    args: [folder],
    context: { viewport: { width: 1440, height: 900 } },
    mayBeRefused: true,
  });
  const tab = (name: string | RegExp) => page.getByRole("tab", { name }).click();
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const status = page.locator(".panel-footer [role=status]");
  const spare = async () => assert.deepEqual(await flagsNamed(page), []);
  const result = join(folder, "gold of the page");

  await step("open: a scan is chosen from the list, and what to do first is said", async () => {
    await page.getByRole("list", { name: "Files" }).getByRole("button", { name: basename(scan) }).click();
    await mainShown(page);
    await tab("Crystals");
    await page.getByText("run the clustering first").waitFor();
    await spare();
  });

  await step("run: the settings that are there need no thought", async () => {
    await button("Run").first().click();
    await button("Run again").first().waitFor({ timeout: 30_000 * slowness() });
    assert.ok(await countedClusters(page) >= 2);
    await tab(/^Clusters/);
    await spare();
  });

  await step("choose: a threshold is compared with the regions", async () => {
    const regions = await countedClusters(page);
    const field = page.getByRole("textbox", { name: "Similarity threshold" });
    await field.fill("0.1");
    await field.press("Enter");
    await shows(() => countedClusters(page), (count) => count !== regions);
    await spare();
    await button("Back to regions").click();
    await clustersAre(page, regions);
  });

  await step("correct: one cluster is cut in two, which can be undone", async () => {
    const regions = await countedClusters(page);
    await clusterOptions(page).first().click();
    await button("Split").click();
    await clustersAre(page, regions + 1);
    await button("Undo").first().click();
    await clustersAre(page, regions);
    await button("Redo").click();
    await clustersAre(page, regions + 1);
    await spare();
  });

  await step("without a crystal nothing can be found; one is chosen by its name", async () => {
    await tab("Crystals");
    assert.ok(await button("Find orientations").isDisabled());
    assert.ok(await button("Measure strain").isDisabled());
    await page.getByLabel("Add a known crystal").selectOption({ label: "Au · Fm-3m, a 4.0782 Å" });
    await page.getByLabel("Size of a detector pixel").fill("0.033 A^-1");
    await page.getByLabel("Voltage").fill("much");
    await page.getByLabel("Name of the result").fill(basename(result));
    await spare();
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
    const byCommand = join(folder, "by command"), edits = join(result, "edits.json");
    await command("cluster", scan, "--out", byCommand, "--preset", "auto", "--edits", edits);
    const conditions = ["--voltage", "200kV", "--q-pixel-size", "0.033 A^-1"];
    await command("orient", byCommand, "--crystal", "Au", ...conditions);
    await command("strain", byCommand);
    for (const file of ["orientations.csv", "orientation_matrices.npy", "strain.npy"]) {
      assert.deepEqual(
        Deno.readFileSync(join(result, file)),
        Deno.readFileSync(join(byCommand, file)),
        file,
      );
    }
    const [table] = await saveKinds(page, folder, ["table"]);
    assert.deepEqual(Deno.readTextFileSync(table), Deno.readTextFileSync(join(byCommand, "clusters.csv")));
    await spare();
  });
});

/** Notes on clusters leave with the table and the session, and come back with the session where nobody knows them. */

import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";
import { slowness } from "../../support/slowness.ts";
import { clusterOptions, mainShown, saveKinds, showFile, shows } from "../../support/viewer_page.ts";
import { writeScan } from "../../support/viewer_scans.ts";

const context = { viewport: { width: 1440, height: 900 } } as const;
const text = '=twin, "bent" #twin #Σ3';

browserTest("notes that leave", async (open, step, folder) => {
  const scan = await writeScan(folder);
  let session = "", cluster = "";

  await step(
    "the table has notes and tags of clusters that lie in no result yet, and no formula",
    async () => {
      const { page } = await open({ args: [folder], context });
      await showFile(page, scan.path);
      await page.keyboard.press("Control+Enter");
      await page.getByRole("button", { name: "Run again" }).first().waitFor({
        timeout: 60_000 * slowness(),
      });
      const plain = Deno.readTextFileSync((await saveKinds(page, folder, ["table"]))[0]);
      assert.doesNotMatch(plain, /note/);
      // The largest cluster is selected.
      await page.getByRole("tab", { name: /^Clusters/ }).click();
      const field = page.getByLabel(/^Note on cluster/);
      cluster = /\d+$/.exec((await field.getAttribute("aria-label"))!)![0];
      await field.fill(text);
      await page.keyboard.press("Enter");
      await page.getByLabel("Find notes and tags").waitFor();
      const saved = await saveKinds(page, folder, ["table", "session"]);
      const table = Deno.readTextFileSync(saved.find((path) => path.endsWith(".csv"))!).split("\n");
      session = saved.find((path) => path.endsWith(".session.json"))!;
      assert.equal(table[0], `${plain.split("\n")[0]},note,tags`);
      const [noted, ...others] = table.filter((line) => line.includes("twin"));
      assert.ok(noted.startsWith(`${cluster},`) && others.length === 0, noted);
      assert.ok(noted.endsWith(`,"'=twin, ""bent"" #twin #Σ3","twin σ3"`), noted);
    },
  );

  await step("a browser and a server that know nothing show them once the session is opened", async () => {
    const { page } = await open({ args: [folder], context });
    await page.goto(`${new URL(page.url()).origin}/?${new URLSearchParams({ open: session })}`);
    await mainShown(page);
    await page.getByRole("button", { name: "Run again" }).first().waitFor({ timeout: 60_000 * slowness() });
    // The session was saved while the files were looked at.
    await page.getByRole("tab", { name: /^Clusters/ }).click();
    await page.getByLabel("Find notes and tags").fill("#σ3");
    await shows(
      () => clusterOptions(page).allInnerTexts(),
      ([found, ...others]) =>
        others.length === 0 && found.includes(text) && found.includes(`Cluster ${cluster}`),
    );
  });
});

/** From an address to the first map: what is asked for when, and what the page says until the map is there. */

import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";
import { clustersAre, holdBack, mainShown, showFile, shows } from "../../support/viewer_page.ts";
import { countLabels, labelsOf, writeResult, writeScan } from "../../support/viewer_scans.ts";

browserTest("the first map", async (open, step, folder) => {
  const scan = await writeScan(folder), result = await writeResult(folder, scan.path);
  const clusters = countLabels(labelsOf(result));
  const { page, origin } = await open({ args: [folder] });
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (/\/api\/open$|\/map$|\/forest$|\/similarity$/.test(pathname)) {
      asked.push(pathname.split("/").at(-1)!);
    }
  });
  const address = `${origin}/?open=${encodeURIComponent(result)}`;

  await step("file and map are asked for while the scripts are on their way, and once only", async () => {
    const held = await holdBack(page, /\/_fresh\/js\//);
    const loaded = page.goto(address);
    await shows(() => Promise.resolve(asked), ["open", "map"]);
    await held.letGo();
    await loaded;
    await mainShown(page);
    await clustersAre(page, clusters);
    await shows(() => Promise.resolve(asked.toSorted()), ["forest", "map", "open", "similarity"]);
  });

  await step("so they are with the address that the page has written", async () => {
    await shows(() => Promise.resolve(page.url()), /view=clusters/);
    asked.length = 0;
    await page.reload();
    await mainShown(page);
    await clustersAre(page, clusters);
    await shows(() => Promise.resolve(asked.toSorted()), ["forest", "map", "open", "similarity"]);
  });

  await step("what was opened before is opened with its own words, once", async () => {
    asked.length = 0;
    await page.goto(address);
    await mainShown(page);
    await shows(() => Promise.resolve(asked.toSorted()), ["forest", "map", "open", "similarity"]);
  });

  await step(
    "until the map is there nothing is said of its clusters; a run does not wait for it, and it comes too late then",
    async () => {
      const held = await holdBack(page, /\/map\b/);
      const runs: string[] = [];
      page.on("request", (request) => {
        if (/\/runs$/.test(new URL(request.url()).pathname)) runs.push(request.method());
      });
      await page.goto(address);
      await page.getByRole("heading", { name: "Real space" }).waitFor();
      assert.equal(await page.locator("#map[data-scale]").count(), 0);
      assert.equal(await page.getByRole("tab", { name: "Clusters" }).innerText(), "Clusters");
      assert.equal(await page.locator(".evidence-summary").count(), 0);
      assert.doesNotMatch(await page.locator(".evidence").innerText(), /After a run/);
      await page.getByRole("button", { name: "Run again" }).click();
      await shows(() => Promise.resolve(runs), ["POST"]);
      await held.letGo();
      await mainShown(page);
      await shows(() => page.getByRole("button", { name: "Run again" }).isEnabled(), true);
      await clustersAre(page, clusters);
    },
  );

  await step("a map that does not come is a failure that says so, with the way out", async () => {
    await page.route(/\/map\b/, (route) => route.fulfill({ status: 200, body: "none" }), { times: 1 });
    await page.goto(address);
    await page.getByRole("alert").filter({ hasText: "damaged" }).waitFor();
    await showFile(page, result);
  });
});

/** The site of the documentation in a browser: from its files, and as `serve` shows it, under the policy of its pages. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { App, csp, staticFiles } from "fresh";
import { handler as docs } from "../../../routes/docs.ts";
import { buildSite } from "../../../tasks/documentation/site.ts";
import { secured } from "../../../viewer/server/access/response_headers.ts";
import { fileReader } from "../../../viewer/fresh/files.ts";
import { browserTest, type OpenPage } from "../../support/browser.ts";

/** Serves a folder as the viewer serves static files, without its sessions; gives its address. */
function serveFolder(folder: string): { address: string; close(): Promise<void> } {
  const app = new App()
    .use(async (ctx) => secured(await ctx.next(), ctx.url))
    .use(csp({ useNonce: true }))
    .use(staticFiles())
    .get("/docs", docs as Parameters<App["get"]>[1]);
  const nothing = { root: folder, clientEntry: "", scripts: [], islands: new Map(), routes: [] };
  app.setBuild({ ...nothing, read: fileReader([folder]) }, "production");
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, app.handler());
  return { address: `http://127.0.0.1:${server.addr.port}`, close: () => server.shutdown() };
}

/** Searches, follows what is found, and looks at the pictures of a page and where its links lead. */
async function tryPages(open: OpenPage, address: string): Promise<void> {
  const { page } = await open({ address });
  await page.getByRole("searchbox", { name: "Search" }).fill("liquid gold dark field");
  const found = page.locator("#found a");
  await found.first().waitFor();
  assert.ok((await found.allTextContents()).some((text) => text.includes("From similarity to clusters")));
  await page.getByRole("searchbox").fill("zzqqxx");
  await page.getByText("Nothing found.").waitFor();
  await page.getByRole("searchbox").fill("--scan-shape");
  await found.first().click();
  await page.waitForURL(/options\.html/);
  // Another folder, whose pages lead up to scripts and pictures.
  await page.getByRole("link", { name: "Worked examples", exact: true }).first().click();
  await page.getByRole("link", { name: "Disks and matches" }).first().click();
  await page.waitForURL(/disks\.html/);
  const pictures = page.locator("main img");
  assert.ok(await pictures.count() > 0);
  for (const picture of await pictures.all()) {
    await picture.scrollIntoViewIfNeeded();
    assert.ok(await picture.evaluate((image) => (image as HTMLImageElement).decode().then(() => true)));
  }
  const display = await page.locator("header").evaluate((header) => getComputedStyle(header).display);
  assert.notEqual(display, "block", "the style sheet is there");
}

browserTest(
  "the documentation searches, links and shows pictures, as files and under the policy of serve",
  async (open, step, folder) => {
    const site = join(folder, "docs");
    await buildSite(site);
    await step("opened as files", () => tryPages(open, pathToFileURL(join(site, "index.html")).href));
    const { address, close } = serveFolder(folder);
    try {
      await step("served", () => tryPages(open, `${address}/docs`));
    } finally {
      await close();
    }
  },
);

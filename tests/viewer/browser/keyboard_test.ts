import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "../../support/playwright.ts";
import { browserTest } from "../../support/browser.ts";
import { fileNames } from "../../support/folders.ts";
import { slowness } from "../../support/slowness.ts";
import {
  clustersAre,
  countedClusters,
  mainShown,
  readout,
  selectedOptions,
  shows,
} from "../../support/viewer_page.ts";
import { countLabels, labelsOf, writeResult, writeScan } from "../../support/viewer_scans.ts";

/** Goes on with Tab, or back with Shift-Tab, until what has the focus has a name; nothing is clicked. */
async function tabTo(page: Page, name: RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const passed: string[] = [];
  for (let times = 0; times < 90; times++) {
    const focused = await page.evaluate(() => {
      const own = document.activeElement!;
      const label = own.id && document.querySelector(`label[for="${own.id}"]`);
      return own.getAttribute("aria-label") ?? (label || own).textContent!.trim().slice(0, 60);
    });
    if (times > 0 && name.test(focused)) return;
    passed.push(focused);
    await page.keyboard.press(key);
  }
  assert.fail(`no ${name} among ${passed.join(" | ")}`);
}

browserTest("with the keyboard only, from opening to saving", async (open, step, folder) => {
  const scan = await writeScan(folder);
  const labels = labelsOf(await writeResult(folder, scan.path, ["--preset", "auto"], "expected"));
  const count = countLabels(labels);
  const { page, screenshot } = await open({
    args: [folder],
    context: { viewport: { width: 1440, height: 900 } },
  });
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const chosen = (name: string) =>
    page.getByRole("radio", { name, exact: true }).getAttribute("aria-checked");

  await step("a file of the list opens", async () => {
    await page.getByRole("list", { name: "Files" }).getByText("film.npy").waitFor();
    await tabTo(page, /^film\.npy/);
    await press("Enter");
    await mainShown(page);
  });

  await step("the settings change, and a run starts", async () => {
    await tabTo(page, /^Parameters$/);
    await tabTo(page, /^Settings$/);
    await press("ArrowDown");
    await shows(() => page.getByLabel("Settings").inputValue(), "none");
    await press("ArrowUp");
    await shows(() => page.getByLabel("Settings").inputValue(), "auto");
    await press("Control+Enter");
    await page.getByRole("button", { name: "Run again" }).first().waitFor({ timeout: 30_000 * slowness() });
    await clustersAre(page, count);
  });

  await step("the link at the top leads to the map; probe and cluster are chosen", async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.reload();
    await mainShown(page);
    await clustersAre(page, count);
    await press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement!.textContent), "Skip to the map");
    await press("Enter", "Tab");
    await tabTo(page, /^Map of the scan/, "Shift+Tab");
    const [, row, column] = /^row (\d+) column (\d+)/.exec(await readout(page))!.map(Number);
    await press("Shift+ArrowDown", "ArrowDown", "ArrowRight", "Enter");
    const place = `row ${Math.min(39, row + 11)} column ${Math.min(47, column + 1)};`;
    await shows(() => readout(page), (text) => text.startsWith(place));
    await shows(() => selectedOptions(page).count(), 1);
  });

  await step("views, tools and detectors change with the arrow keys of their group", async () => {
    await press("2");
    await shows(() => chosen("Similarity"), "true");
    await tabTo(page, /^Similarity$/, "Shift+Tab");
    await press("ArrowRight");
    await shows(() => chosen("Virtual image"), "true");
    await press("ArrowLeft", "ArrowLeft");
    await shows(() => chosen("Clusters"), "true");
    await tabTo(page, /^Select$/);
    await press("ArrowDown", "Enter");
    await shows(
      () => page.getByRole("button", { name: "Move the picture" }).getAttribute("aria-pressed"),
      "true",
    );
    await press("Escape");
    await shows(
      () => page.getByRole("button", { name: "Select", exact: true }).getAttribute("aria-pressed"),
      "true",
    );
    await tabTo(page, /^No detector/);
    await press("ArrowRight");
    await tabTo(page, /^Pattern at the probe\. Arrow keys/);
    await press("ArrowRight", "+", "Escape");
    await press("1");
    await screenshot("keyboard-detector");
  });

  await step("masks are drawn where the probe goes, applied and undone", async () => {
    const applied = async () => {
      await tabTo(page, /^Apply$/);
      await press("Enter");
      await page.locator(".notice").waitFor();
      const said = await page.locator(".notice span").innerText();
      await tabTo(page, /^Map of the scan/, "Shift+Tab");
      return said;
    };
    await tabTo(page, /^Map of the scan/, "Shift+Tab");
    for (let times = 0; times < 5; times++) await press("Shift+ArrowUp", "Shift+ArrowLeft");
    await press("r", "Enter", "Shift+ArrowRight", "Shift+ArrowDown", "Enter");
    assert.equal(await applied(), "Mask changed at 121 probes");
    await press("Control+z");
    await press("p", "Enter", "Shift+ArrowUp", "Enter", "Shift+ArrowLeft", "Enter", "Enter");
    assert.match(await applied(), /^Mask changed at [45]\d probes$/);
    await press("Control+z");
    await press("b", "Enter");
    assert.match(await applied(), /^Mask changed at \d+ probes$/);
    await press("Control+z");
    await clustersAre(page, count);
  });

  await step("the threshold moves on its handle and by number", async () => {
    await tabTo(page, /^Similarity threshold$/);
    await page.keyboard.type("0.98");
    await press("Enter");
    const handle = page.getByRole("slider", { name: "Similarity threshold" });
    await shows(() => handle.getAttribute("aria-valuenow"), "0.98");
    await tabTo(page, /^Similarity threshold$/);
    await press("ArrowRight");
    await shows(async () => Number(await handle.getAttribute("aria-valuenow")), (now) => now > 0.98);
    await tabTo(page, /^Back to regions$/, "Shift+Tab");
    await press("Enter");
    await clustersAre(page, count);
  });

  await step("two clusters of the list become one", async () => {
    await tabTo(page, /^Clusters$/);
    await press("Home", "Enter", "ArrowDown", "Shift+Enter");
    await shows(() => selectedOptions(page).count(), 2);
    await press("m");
    await clustersAre(page, count - 1);
  });

  await step("the sheet of shortcuts opens and closes", async () => {
    await press("?");
    const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await sheet.waitFor();
    const documentation = await sheet.getByRole("link", { name: "Documentation" }).getAttribute("href");
    const answer = await page.request.get(new URL(documentation!, page.url()).href);
    assert.match(await answer.text(), /<h1[^>]*>crystallite/);
    await press("Escape");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor({ state: "hidden" });
  });

  await step("labels are saved", async () => {
    await shows(async () => {
      await press("e");
      return await page.getByRole("tab", { selected: true }).innerText();
    }, "Export");
    await tabTo(page, /^Labels$/);
    await press(" ");
    await tabTo(page, /^Save 4 files$/);
    await press("Enter");
    await shows(() => page.locator(".note.good li").count(), 4);
    assert.ok((await fileNames(folder)).includes("film_labels.npy"), (await fileNames(folder)).join());
    assert.equal(await countedClusters(page), count - 1);
    assert.ok((await Deno.stat(join(folder, "film_labels.npy"))).size > 40 * 48 * 4);
  });
});

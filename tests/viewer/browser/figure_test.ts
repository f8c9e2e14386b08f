/** The composer of a figure: what is chosen is what is seen, and what leaves. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { decode } from "fast-png";
import { demandAccessible } from "../../support/axe.ts";
import { browserTest } from "../../support/browser.ts";
import { openFilm } from "../../support/film_page.ts";
import type { Page } from "../../support/playwright.ts";
import { contrastFaults, smallTargets } from "../../support/page_rules.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import {
  clickProbe,
  mainShown,
  openPath,
  saveKinds,
  selectedOptions,
  showFile,
  shows,
} from "../../support/viewer_page.ts";
import { command, patternSide, scanColumns, scanRows, writeOriented } from "../../support/viewer_scans.ts";

const context = {
  viewport: { width: 1440, height: 900 },
  acceptDownloads: true,
  reducedMotion: "reduce",
} as const;
const dialog = (page: Page) => page.getByRole("dialog", { name: "Figure" });
const preview = (page: Page) => dialog(page).getByRole("img", { name: "The figure as it will be" });

async function compose(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Export" }).click();
  await page.getByRole("button", { name: "Compose a figure…" }).click();
  await preview(page).waitFor();
}

/** Waits until the figure that is seen is that of all choices. */
async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(120);
  await shows(() => page.locator(".figure-preview").getAttribute("aria-busy"), "false");
}

async function download(page: Page, name: string): Promise<Uint8Array> {
  await settled(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog(page).getByRole("button", { name: `Download ${name}` }).click(),
  ]);
  assert.ok(download.suggestedFilename().endsWith(`figure.${name.toLowerCase()}`));
  return await Deno.readFile(await download.path());
}

const svgOf = async (page: Page) => new TextDecoder().decode(await download(page, "SVG"));
const titlesIn = (svg: string) => Array.from(svg.matchAll(/>Cluster (\d+)[,<]/g), ([, id]) => Number(id));

browserTest("composing a figure", async (open, step, folder) => {
  const { page, screenshot, count } = await openFilm(open, folder, { context });
  const listed = () => dialog(page).getByRole("list").locator("li > span").allTextContents();
  const ids = async () => (await listed()).map((text) => Number(/^Cluster (\d+)/.exec(text)![1]));

  await step("it opens with a figure: the map, and averages of the largest clusters", async () => {
    await compose(page);
    await settled(page);
    await shows(async () => (await ids()).length, 4);
    await demandAccessible(page, "figure");
    assert.deepEqual(await contrastFaults(page), []);
    assert.deepEqual(await smallTargets(page), []);
    await screenshot("figure-opened");
    const svg = await svgOf(page);
    assert.match(svg, /width="178mm"/);
    assert.deepEqual(titlesIn(svg), await ids());
    // Nothing that is written names a flag.
    assert.doesNotMatch(svg.replaceAll(/href="[^"]*"/g, ""), /--[a-z]/);
    assert.doesNotMatch(await dialog(page).innerText(), /--[a-z]/);
    // The map and the averages at one pixel for each of their own.
    const images = Array.from(
      svg.matchAll(/href="data:image\/png;base64,([^"]+)"/g),
      ([, text]) => decode(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))),
    );
    assert.deepEqual(images.map(({ width, height }) => [width, height]), [
      [scanColumns, scanRows],
      ...Array(4).fill([patternSide, patternSide]),
    ]);
    assert.match(svg, /Parameters: .*blur 1 px/s);
  });

  await step("it stays in a window that is made narrower, as when a tablet is turned", async () => {
    await page.setViewportSize({ width: 900, height: 1100 });
    await shows(() => preview(page).isVisible(), true);
    await page.setViewportSize(context.viewport);
    await settled(page);
  });

  await step("which clusters, in which order, how many columns and how wide", async () => {
    for (const id of await ids()) {
      await dialog(page).getByRole("button", { name: `Leave cluster ${id} out` }).click();
    }
    const field = dialog(page).getByLabel("Numbers of clusters to add");
    await field.fill("3, 0-1");
    await field.press("Enter");
    await shows(ids, [3, 0, 1]);
    await dialog(page).getByRole("button", { name: "Move cluster 1 up" }).click();
    await shows(ids, [3, 1, 0]);
    await field.fill(String(count));
    await field.press("Enter");
    await shows(() => dialog(page).getByRole("alert").innerText(), `There is no cluster ${count}`);
    await dialog(page).getByRole("radio", { name: "Single" }).click();
    await dialog(page).getByRole("radio", { name: "Below" }).click();
    await dialog(page).getByLabel("Patterns side by side").selectOption("3");
    const svg = await svgOf(page);
    assert.match(svg, /width="85mm"/);
    const boxes = Array.from(
      svg.matchAll(/<image x="([\d.]+)" y="([\d.]+)"/g),
      ([, x, y]) => [Number(x), Number(y)],
    );
    assert.equal(boxes.length, 4);
    // Three in one row below the map.
    assert.equal(new Set(boxes.slice(1).map(([, y]) => y)).size, 1);
    assert.ok(boxes[1][1] > boxes[0][1] && boxes[1][0] < boxes[2][0] && boxes[2][0] < boxes[3][0]);
    await screenshot("figure-narrow");
  });

  await step("numbers, outlines, bars and caption are as they are wanted", async () => {
    await dialog(page).getByLabel("Numbers on the map").selectOption("chosen");
    await dialog(page).getByLabel("Outlines on the map").selectOption("chosen");
    await dialog(page).getByRole("checkbox", { name: "Colour bars" }).uncheck();
    await dialog(page).getByLabel("Text of the caption").fill("Grains & their patterns.");
    const svg = await svgOf(page);
    const numbers = /<g class="numbers"[^>]*>(.*?)<\/g>/s.exec(svg)![1];
    assert.ok(Array.from(numbers.matchAll(/>(\d+)</g), ([, id]) => Number(id)).every((id) => id < 4));
    assert.match(svg, /class="outlines"/);
    assert.doesNotMatch(svg, /colour-bar/);
    assert.match(svg, />Grains &#38; their patterns\.</);
    await dialog(page).getByRole("button", { name: "Write it for me" }).click();
    assert.match(await svgOf(page), /clusters of 40 × 48/);
  });

  await step("as PNG it has the dots of its width, and says how many there are to a metre", async () => {
    await dialog(page).getByLabel("Dots per inch").selectOption("600");
    const { width, height, resolution, data, channels } = decode(await download(page, "PNG"));
    assert.equal(width, Math.round(85 / 25.4 * 600));
    assert.ok(height > width / 2);
    assert.equal(resolution?.x, Math.round(600 / 0.0254));
    // It is no empty sheet: the map lies at the upper left.
    const seen = new Set<number>();
    for (let x = 0; x < width; x += 7) {
      const at = channels * (Math.round(width / 4) * width + x);
      seen.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
    }
    assert.ok(seen.size > 3, String(seen.size));
  });

  await step(
    "keys of the page rest meanwhile, Escape closes, and the button has the focus again",
    async () => {
      await dialog(page).getByRole("heading", { name: "Figure", exact: true }).click();
      await page.keyboard.press("x");
      await page.keyboard.press("3");
      await page.keyboard.press("Escape");
      await dialog(page).waitFor({ state: "detached" });
      await shows(
        () => page.evaluate(() => document.activeElement?.textContent ?? ""),
        "Compose a figure…",
      );
      assert.equal(
        await page.getByRole("radio", { name: "Clusters", exact: true }).getAttribute("aria-checked"),
        "true",
      );
      // What was chosen is still there, and gives way to what is selected where that is wanted.
      await clickProbe(page, 7, 38);
      await page.getByRole("tab", { name: /^Clusters/ }).click();
      await shows(() => selectedOptions(page).count(), 1);
      const selected = Number(/^Cluster (\d+)/.exec(await selectedOptions(page).innerText())![1]);
      await compose(page);
      await shows(ids, [3, 1, 0]);
      await dialog(page).getByRole("button", { name: "Selected clusters" }).click();
      await shows(ids, [selected]);
      assert.deepEqual(titlesIn(await svgOf(page)), [selected]);
    },
  );

  await step("a session brings back what was chosen", async () => {
    const added = dialog(page).getByLabel("Numbers of clusters to add");
    await added.fill("2, 0");
    await added.press("Enter");
    const chosen = await ids();
    await dialog(page).getByLabel("Outlines on the map").selectOption("all");
    await dialog(page).getByLabel("Text of the caption").fill("Grains of the film & more.");
    const before = await svgOf(page);
    await page.keyboard.press("Escape");
    const [session] = (await saveKinds(page, folder, ["session"])).filter((file) => /session/.test(file));
    await page.goto(new URL(page.url()).origin);
    await openPath(page, session);
    await mainShown(page);
    await compose(page);
    await shows(ids, chosen);
    assert.equal(await svgOf(page), before);
  });
});

browserTest("composing a figure of strain", async (open, step, folder) => {
  const result = await writeOriented(folder),
    { page, screenshot } = await open({ args: [folder], context });
  await showFile(page, result);
  await step(
    "the map is any view of the page, with the key or bar of its own, and spots on the averages",
    async () => {
      await compose(page);
      await dialog(page).getByLabel("Map", { exact: true }).selectOption({ label: "In plane" });
      await dialog(page).getByRole("checkbox", { name: "Peaks and spots" }).check();
      const oriented = await svgOf(page);
      assert.match(oriented, />crystal direction down the detector</);
      assert.match(oriented, /class="spots"/);
      assert.match(oriented, />[^<]*m-3m</);
      await screenshot("figure-in-plane");
      await dialog(page).getByLabel("Map", { exact: true }).selectOption({ label: "Dilation" });
      const strained = await svgOf(page);
      assert.match(strained, />−[\d.]+\u202f%</);
      assert.match(strained, /\(a\) dilation/);
      await screenshot("figure-dilation");
    },
  );
});

browserTest("composing a figure on the page of a result", async (open, step, folder) => {
  const path = await writeFilm(folder), result = join(folder, "result"), file = join(folder, "page.html");
  await command("cluster", path, "--out", result, ...clusterFlags);
  await command("page", result, "--out", file);
  for (const gone of [path, result]) await Deno.remove(gone, { recursive: true });
  const { page, screenshot } = await open({ address: `file://${file}`, context });
  await step("it has the averages that the result has, and says where others need the scan", async () => {
    await mainShown(page);
    await compose(page);
    const svg = await svgOf(page);
    assert.ok(titlesIn(svg).length >= 2);
    assert.match(svg, /class="colour-bar"/);
    await screenshot("figure-alone");
    await page.keyboard.press("Escape");
    const field = page.getByRole("textbox", { name: "Similarity threshold" });
    await field.fill("0.9");
    await field.press("Enter");
    await page.waitForTimeout(500);
    await compose(page);
    await shows(
      () => page.locator(".figure-preview p").innerText(),
      /^Averages of these clusters need the scan: /,
    );
    const bare = await svgOf(page);
    assert.deepEqual(titlesIn(bare), []);
    assert.doesNotMatch(bare, /Average pattern/);
  });
});

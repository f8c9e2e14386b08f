/** What tests do with a page of the viewer, in the words of its users. */

import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { decode } from "fast-png";
import type { Page, PageScreenshotOptions, Route } from "./playwright.ts";
import type { ExportKind, SavedFiles } from "../../viewer/protocol/exports.ts";
import { crystallite } from "./command_line.ts";
import { slowness } from "./slowness.ts";
import { labelsIn, labelsOf } from "./viewer_scans.ts";

/** Shows a file in a page, by its address, and waits for the map. */
export async function showFile(
  page: Page,
  path: string,
  words: Readonly<Record<string, string>> = {},
): Promise<void> {
  const query = new URLSearchParams({ open: path, ...words });
  await page.goto(`${new URL(page.url()).origin}/?${query}`);
  await mainShown(page);
}

/** Waits for the views of a scan. */
export async function mainShown(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Real space" }).waitFor();
  await page.locator("#map[data-scale]").waitFor();
}

/** Opens a path by pasting it. */
export async function openPath(page: Page, path: string): Promise<void> {
  await page.getByLabel("Path of a scan or result").fill(path);
  await page.keyboard.press("Enter");
}

/** Clusters as the strip below the map counts them. */
export async function countedClusters(page: Page): Promise<number> {
  const text = await page.locator(".evidence-summary b").first().textContent();
  return Number(text!.replace(/\D/g, ""));
}

/** The list of clusters, as far as it is in sight. */
export const clusterOptions = (page: Page) =>
  page.getByRole("listbox", { name: "Clusters" }).getByRole("option");

/** Length of the list of clusters. */
export async function listedClusters(page: Page): Promise<number> {
  return Number(await clusterOptions(page).first().getAttribute("aria-setsize"));
}

/** Waits until strip and list agree on a number of clusters. */
export async function clustersAre(page: Page, count: number): Promise<void> {
  await shows(() => Promise.all([countedClusters(page), listedClusters(page)]), [count, count]);
}

/** Sizes of the clusters in sight, by their numbers. */
export async function listedSizes(page: Page): Promise<number[]> {
  const rows = await page.locator(".list .row").evaluateAll((rows) =>
    rows.map((row) =>
      [".name", ":scope > span"].map((part) =>
        Number(row.querySelector(part)?.textContent?.replace(/\D/g, ""))
      )
    )
  );
  return rows.sort(([first], [second]) => first - second).map(([, size]) => size);
}

/**
 * Holds back answers of some addresses until they are let go.
 *
 * @param times how many of them, the first ones; default: all
 */
export async function holdBack(
  page: Page,
  address: RegExp,
  times?: number,
): Promise<{ letGo(): Promise<void> }> {
  let open!: () => void;
  const gate = new Promise<void>((resolve) => open = resolve);
  const handler = async (route: Route) => {
    await gate;
    await route.continue().catch(() => {});
  };
  await page.route(address, handler, { times });
  return {
    letGo: async () => {
      open();
      await page.unroute(address, handler);
    },
  };
}

/** The clusters in sight that are selected. */
export const selectedOptions = (page: Page) =>
  page.getByRole("listbox", { name: "Clusters" }).getByRole("option", { selected: true });

/** How a picture lies on the screen: its corner, and CSS pixels per pixel of the picture. */
async function placeOf(
  page: Page,
  canvas: string,
): Promise<{ x: number; y: number; scale: number; rowScale: number }> {
  const element = page.locator(`#${canvas}[data-scale]`);
  const box = (await element.boundingBox())!;
  const { left, top, scale, rowScale } = await element.evaluate((own) => ({
    ...(own as HTMLElement).dataset,
  }));
  return {
    x: box.x + Number(left),
    y: box.y + Number(top),
    scale: Number(scale),
    rowScale: Number(rowScale),
  };
}

/** Middle of a probe position, or of a detector pixel, on the screen. */
export async function pointAt(page: Page, row: number, column: number, canvas = "map") {
  const { x, y, scale, rowScale } = await placeOf(page, canvas);
  return { x: x + (column + 0.5) * scale, y: y + (row + 0.5) * rowScale };
}

/** Clicks a probe of the map. */
export async function clickProbe(page: Page, row: number, column: number, modifier?: "Shift" | "Alt") {
  const { x, y } = await pointAt(page, row, column);
  if (modifier) await page.keyboard.down(modifier);
  await page.mouse.click(x, y);
  if (modifier) await page.keyboard.up(modifier);
}

/** Presses the mouse at one point, moves it to others, and releases it. */
export async function dragMouse(page: Page, points: readonly { x: number; y: number }[], steps = 6) {
  const [first, ...others] = points;
  await page.mouse.move(first.x, first.y);
  await page.mouse.down();
  for (const { x, y } of others) await page.mouse.move(x, y, { steps });
  await page.mouse.up();
}

/** The read-out under the map, or under the patterns, its parts separated by semicolons. */
export async function readout(page: Page, pane: ".real" | ".reciprocal" = ".real"): Promise<string> {
  const parts = await page.locator(`${pane} .readout > span`).allTextContents();
  return parts.map((part) => part.trim()).join("; ");
}

/** Counts at the end of a read-out. */
export function countsIn(text: string): number {
  return Number(/([\d.]+) counts$/.exec(text.replaceAll("\u202f", ""))![1]);
}

/** Whether a read-out of counts is a number: above a hundred it shows whole ones. */
export function nearly(expected: number): (text: string) => boolean {
  return (text) => Math.abs(countsIn(text) - expected) <= (expected >= 100 ? 0.5 : 0.05);
}

/** Saves some kinds of files from the Export panel into a folder, in place of what is there; returns their paths. */
export async function saveKinds(page: Page, folder: string, kinds: readonly ExportKind[]): Promise<string[]> {
  await page.getByRole("tab", { name: "Export" }).click();
  for (const box of await page.locator(".choice input[type=checkbox]").all()) {
    const kind = (await box.getAttribute("id"))!.replace("export-", "") as ExportKind;
    if (await box.isEnabled()) await box.setChecked(kinds.includes(kind));
  }
  await page.getByLabel("Folder to save into").fill(folder);
  await page.getByLabel("Replace files that are there").check();
  const answered = page.waitForResponse(/\/save\b/);
  await page.getByRole("button", { name: /^Save \d+ files?$/ }).click();
  const answer = await answered;
  assert.equal(answer.status(), 200, await answer.text());
  const { files } = await answer.json() as SavedFiles;
  await shows(() => page.locator(".note.good li").count(), files.length);
  return files.map(({ path }) => path);
}

/** Labels of the view that the page shows, as it saves them. */
export async function savedLabels(page: Page, folder: string): Promise<Int32Array> {
  const [file] = await saveKinds(page, folder, ["labels"]);
  return labelsIn(file);
}

/** Labels that the command shown by the page gives, run in a folder where the files that it needs have been saved. */
export async function commandLabels(page: Page, folder: string, name: string): Promise<Int32Array> {
  await page.getByRole("tab", { name: "Export" }).click();
  const shown = page.locator("pre.code");
  await shows(() => shown.innerText(), /^crystallite cluster /);
  // A correction may have changed it a moment ago.
  await page.waitForTimeout(300);
  const text = (await shown.innerText()).replaceAll("\\\n", " ").trim();
  const [, ...words] = text.split(/\s+/).map((word) => word.replaceAll("'", ""));
  const out = join(folder, name);
  words[words.indexOf("--out") + 1] = out;
  const inFolder = words.map((word) => /\.(npy|json)$/.test(word) ? join(folder, basename(word)) : word);
  const { code, error } = await crystallite(...inFolder);
  assert.equal(code, 0, `${text}\n${error}`);
  return labelsOf(out);
}

/** Shows the parameters that few runs need. */
export async function showAdvanced(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Parameters" }).click();
  const folded = page.locator("details.advanced:not([open]) > summary");
  if (await folded.count() > 0) await folded.click();
}

/** Colour of the middle of a probe as it is on the screen, as hexadecimal `rrggbb`. */
export async function colourAt(page: Page, row: number, column: number): Promise<string> {
  const { x, y } = await pointAt(page, row, column);
  const { data, channels } = decode(
    await page.screenshot({ clip: { x: Math.round(x), y: Math.round(y), width: 1, height: 1 } }),
  );
  assert.ok(channels >= 3);
  return Array.from(data.subarray(0, 3), (value) => value.toString(16).padStart(2, "0")).join("");
}

/** A part of the page as it looks; only good for telling whether it looks the same. */
export async function pictureOf(
  page: Page,
  clip: NonNullable<PageScreenshotOptions["clip"]>,
): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(await page.screenshot({ clip })));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Waits until something on the page is as expected: equal, or a text that matches. */
export async function shows<Value>(
  read: () => Promise<Value>,
  expected: (Value extends string | null ? RegExp : never) | Value | ((value: Value) => boolean),
  milliseconds = 6000,
): Promise<void> {
  const end = Date.now() + milliseconds * slowness();
  let found: Value | string | undefined;
  do {
    try {
      const value = found = await read();
      const fits = typeof expected === "function"
        ? (expected as (value: Value) => boolean)(value)
        : expected instanceof RegExp
        ? expected.test(String(value))
        : JSON.stringify(value) === JSON.stringify(expected);
      if (fits) return;
    } catch (cause) {
      found = String(cause);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  } while (Date.now() < end);
  const wanted = expected instanceof RegExp || typeof expected === "function"
    ? String(expected)
    : JSON.stringify(expected);
  assert.fail(`expected ${wanted}, found for ${milliseconds} ms ${JSON.stringify(found)}`);
}

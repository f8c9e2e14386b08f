/** A film of grains: opened, run, looked at, measured, corrected; lost files and a lost server; both themes, all widths. */

import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_encoding.ts";
import type { Page } from "../playwright.ts";
import { clickProbe, dragMouse, mainShown, openPath, pointAt, showFile } from "../viewer_page.ts";
import {
  patternSide,
  scanColumns,
  scanRows,
  writeResult,
  writeScan,
  writeSlowScan,
} from "../viewer_scans.ts";
import { type PageState, stateWindow, type Walk } from "./page_state.ts";

const tab = (page: Page, name: string) => page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
const escape = ({ page }: { readonly page: Page }) => page.keyboard.press("Escape");
const heading = (page: Page, name: string) => page.getByRole("heading", { name }).waitFor();
const resize = (width: number, height: number) => ({ page }: { readonly page: Page }) =>
  page.setViewportSize({ width, height });

const before: readonly PageState[] = [
  {
    name: "open",
    enter: async ({ page, origin }) => {
      await page.goto(origin);
      await heading(page, "Open a scan");
      await page.getByRole("button", { name: "result" }).first().waitFor();
    },
  },
  {
    name: "shape",
    enter: async ({ page, files }) => {
      await openPath(page, files.stack);
      await heading(page, "How was this scan laid out?");
    },
  },
  {
    name: "failed",
    enter: async ({ page, origin, files }) => {
      await page.goto(`${origin}/?open=${encodeURIComponent(`${files.scan}.gone`)}`);
      await page.getByRole("alert").waitFor();
      await page.getByText("Details").click();
    },
  },
  {
    name: "scan",
    enter: async ({ page, files }) => {
      await showFile(page, files.scan);
      await page.getByText("Not clustered yet").waitFor();
    },
  },
  {
    name: "running",
    enter: async ({ page, files }) => {
      await showFile(page, files.slow);
      await tab(page, "Parameters");
      await page.locator("details.advanced:not([open]) > summary").click();
      await page.getByLabel("Settings").selectOption("none");
      await page.getByLabel("Prefilter", { exact: true }).selectOption("on");
      await page.getByLabel("Prefilter radius in probes").fill("16");
      await page.getByLabel("Exact comparison").selectOption("on");
      await page.keyboard.press("Tab");
      await page.locator(".bar").getByRole("button", { name: "Run", exact: true }).click();
      await page.locator(".evidence-summary").getByText("so far").waitFor({ timeout: 60_000 });
    },
    leave: async ({ page }) => {
      const progress = page.locator(".progress");
      // It may have ended meanwhile.
      await progress.getByRole("button", { name: "Cancel" }).click({ timeout: 2000 }).catch(() => {});
      await progress.waitFor({ state: "detached" });
    },
  },
];

const looked: readonly PageState[] = [
  {
    name: "result",
    enter: async ({ page, files }) => {
      await showFile(page, files.result);
      await clickProbe(page, 7, 38);
      await page.locator("figure p").first().waitFor({ state: "detached" });
      await page.mouse.move(5, 5);
    },
  },
  {
    name: "threshold",
    enter: async ({ page }) => {
      const handle = (await page.getByRole("slider", { name: "Similarity threshold" }).locator(".grip")
        .boundingBox())!;
      await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
      await page.mouse.down();
      await page.mouse.move(handle.x + 90, handle.y, { steps: 5 });
    },
    leave: async ({ page, files }) => {
      await page.mouse.up();
      await showFile(page, files.result);
    },
  },
  {
    name: "similarity",
    enter: ({ page }) => page.locator("#map").press("2"),
    leave: ({ page }) => page.locator("#map").press("1"),
  },
  {
    name: "alike",
    enter: async ({ page }) => {
      await clickProbe(page, 7, 38);
      await page.getByRole("button", { name: "Like this" }).click();
      await page.locator(".likeness-line b").waitFor();
    },
    leave: ({ page }) => page.getByRole("button", { name: "Like this" }).click(),
  },
  {
    name: "contrast",
    enter: ({ page }) => page.getByRole("button", { name: "Colours and contrast" }).click(),
    leave: escape,
  },
  {
    name: "detector",
    enter: async ({ page }) => {
      await page.locator("#map").focus();
      await page.keyboard.press("a");
      await page.locator(".real .legend.values").getByText("counts").waitFor();
    },
    leave: async ({ page }) => {
      await page.keyboard.press("Escape");
      await page.locator("#map").press("1");
    },
  },
  {
    name: "measure",
    enter: async ({ page }) => {
      await page.locator("#map").focus();
      await page.keyboard.press("u");
      await dragMouse(page, [await pointAt(page, 6, 6), await pointAt(page, 30, 36)]);
      await page.locator(".evidence svg path").first().waitFor();
    },
    leave: async ({ page }) => {
      await page.keyboard.press("Escape");
      await page.keyboard.press("v");
    },
  },
];

const corrected: readonly PageState[] = [
  {
    name: "drawn",
    enter: async ({ page }) => {
      await page.locator("#map").focus();
      await page.keyboard.press("r");
      await dragMouse(page, [await pointAt(page, 5, 30), await pointAt(page, 14, 44)]);
      await page.getByRole("button", { name: "Apply" }).waitFor();
    },
    leave: ({ page }) => page.getByRole("button", { name: "Cancel", exact: true }).click(),
  },
  {
    name: "corrected",
    enter: async ({ page }) => {
      await clickProbe(page, 7, 38);
      await clickProbe(page, 34, 9, "Shift");
      await page.keyboard.press("m");
      await page.getByRole("button", { name: "History of corrections" }).click();
      await page.getByRole("dialog").waitFor();
    },
    leave: escape,
  },
  { name: "parameters", enter: ({ page }) => tab(page, "Parameters") },
  { name: "crystals", enter: ({ page }) => tab(page, "Crystals") },
  {
    name: "export",
    enter: async ({ page }) => {
      await tab(page, "Export");
      await page.locator("pre.code").getByText("crystallite cluster").waitFor();
    },
    leave: ({ page }) => tab(page, "Clusters"),
  },
  {
    name: "shortcuts",
    enter: async ({ page }) => {
      await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
      await page.getByRole("dialog").waitFor();
    },
    leave: escape,
  },
];

const around: readonly PageState[] = [
  {
    name: "offline",
    enter: async ({ page }) => {
      await page.context().setOffline(true);
      await clickProbe(page, 20, 40);
      await page.getByRole("alert").waitFor();
    },
    leave: async ({ page }) => {
      await page.context().setOffline(false);
      // It tries again by itself, and may have been quicker.
      await page.getByRole("alert").getByRole("button", { name: "Try now" }).click({ timeout: 2000 })
        .catch(() => {});
      await page.getByRole("alert").waitFor({ state: "detached" });
    },
  },
  {
    name: "light",
    enter: ({ page }) => page.getByRole("button", { name: "Switch between dark and light" }).click(),
  },
  { name: "narrow", enter: resize(820, 1000) },
  {
    name: "drawer",
    enter: async (stage) => {
      await resize(1100, 800)(stage);
      await stage.page.locator(".bar .drawer-button").click();
      await stage.page.getByRole("listbox", { name: "Clusters" }).waitFor();
    },
    leave: escape,
  },
  {
    name: "phone",
    enter: resize(420, 900),
    leave: resize(stateWindow.viewport.width, stateWindow.viewport.height),
  },
  {
    name: "without_scan",
    enter: async ({ page, files }) => {
      await Deno.rename(files.scan, `${files.scan}.moved`);
      await Deno.rename(files.result, `${files.result} alone`);
      await showFile(page, `${files.result} alone`);
      await mainShown(page);
      await tab(page, "Export");
      await heading(page, "Without its scan");
    },
  },
];

/** Everything but crystals and time. */
export const filmWalk: Walk = {
  name: "film",
  prepare: async (folder) => {
    const scan = await writeScan(folder), stack = join(folder, "stack.npy");
    const shape = [scanRows * scanColumns, patternSide, patternSide];
    await Deno.writeFile(stack, encodeNpy("u16", shape, scan.data));
    return {
      scan: scan.path,
      stack,
      slow: await writeSlowScan(folder),
      result: await writeResult(folder, scan.path),
    };
  },
  states: [...before, ...looked, ...corrected, ...around],
};

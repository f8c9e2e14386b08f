/** What tests do with a page of the viewer, in the words of its users. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { encodeNpy } from "../../formats/npy_writer.ts";
import { simulateScan } from "../../simulation/scan.ts";
import { readStoredArray } from "../../results/stored_array.ts";
import { runCommand } from "./command_line.ts";

/** Rows and columns of {@link writeScan}. */
export const scanRows = 40, scanColumns = 48;

/** A film of a few grains, 40 x 48 probes of 32 x 32 pixels, with pixel sizes only where `flags` give them. */
export async function writeScan(folder: string, name = "film.npy"): Promise<string> {
  const scan = simulateScan({
    rows: scanRows,
    columns: scanColumns,
    patternRows: 32,
    patternColumns: 32,
    grains: 8,
    twinFraction: 0,
    minimumMisorientation: 15,
    seed: 5,
  });
  const data = new Uint16Array(scanRows * scanColumns * 32 * 32);
  scan.readRows(0, scanRows, data);
  const path = join(folder, name);
  await Deno.writeFile(path, encodeNpy("u16", [scanRows, scanColumns, 32, 32], data));
  return path;
}

/** Words that cluster {@link writeScan}'s scan well. */
export const growthWords = ["--blur", "1", "--q-mask", "outside:4", "--threshold", "0.96"] as const;

/** A result of the scan by the command line; returns its folder. */
export async function writeResult(folder: string, scan: string, words: readonly string[] = growthWords) {
  const out = join(folder, "result");
  const { code, stderr } = await runCommand(["cluster", scan, "--out", out, ...words]);
  assert.equal(code, 0, stderr);
  return out;
}

/** Labels that the command line gives. */
export async function commandLabels(
  folder: string,
  name: string,
  args: readonly string[],
): Promise<Int32Array> {
  const out = join(folder, name);
  const { code, stderr } = await runCommand(["cluster", ...args, "--out", out, "--export", "npy,csv"]);
  assert.equal(code, 0, stderr);
  return labelsIn(join(out, "labels.npy"));
}

export function labelsIn(path: string): Int32Array {
  return readStoredArray(path, "i32", [scanRows, scanColumns]) as Int32Array;
}

/** Opens a path by pasting it. */
export async function openPath(page: Page, path: string): Promise<void> {
  await page.getByLabel("Path of a scan or result").fill(path);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Real space" }).waitFor();
}

/** Waits for a map with clusters that rests. */
export async function clustersShown(page: Page): Promise<number> {
  const first = page.getByRole("listbox", { name: "Clusters" }).getByRole("option").first();
  await first.waitFor();
  return Number(await first.getAttribute("aria-setsize"));
}

/** Clusters as the strip below the map counts them. */
export async function countedClusters(page: Page): Promise<number> {
  const text = await page.locator(".evidence-summary b").first().textContent();
  return Number(text!.replace(/\D/g, ""));
}

/** Middle of a probe on the screen. */
export async function probePoint(page: Page, row: number, column: number): Promise<{ x: number; y: number }> {
  const box = (await page.locator("#map").boundingBox())!;
  const scale = Math.min((box.width - 2 * 52) / scanColumns, (box.height - 16) / scanRows);
  const x = box.x + box.width / 2 + (column + 0.5 - scanColumns / 2) * scale * 0.98;
  const y = box.y + box.height / 2 + (row + 0.5 - scanRows / 2) * scale * 0.98;
  return { x, y };
}

/** Clicks a probe of the map. */
export async function clickProbe(
  page: Page,
  row: number,
  column: number,
  modifiers: ("Shift" | "Alt")[] = [],
): Promise<void> {
  const { x, y } = await probePoint(page, row, column);
  for (const modifier of modifiers) await page.keyboard.down(modifier);
  await page.mouse.click(x, y);
  for (const modifier of modifiers) await page.keyboard.up(modifier);
}

/** Waits until a condition holds on the page. */
export async function until(
  condition: () => Promise<boolean>,
  what: string,
  milliseconds = 10_000,
): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!await condition()) {
    if (Date.now() > end) assert.fail(`not within ${milliseconds} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

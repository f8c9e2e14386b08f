/** What tests do with a series on a page of the viewer. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "./playwright.ts";
import { readStoredArray } from "../../library/results/stored_array.ts";
import { crystalliteJson } from "./command_line.ts";
import { frameSide, mergingFrames, writeFrames } from "./moving_series.ts";
import { contrastFaults, namelessControls, smallTargets } from "./page_rules.ts";
import { shows } from "./viewer_page.ts";

/** The window of a page. */
export const window = { viewport: { width: 1440, height: 900 }, colorScheme: "dark" } as const;

/** A table of a series by the names of its columns. */
function tableIn(path: string): Record<string, string>[] {
  const [header, ...lines] = Deno.readTextFileSync(path).trimEnd().split("\n").map((line) => line.split(","));
  return lines.map((fields) => Object.fromEntries(header.map((name, place) => [name, fields[place]])));
}

/** A series in which a grain merges into its neighbour; gives its folder, its maps and its tables. */
export async function writeMerging(folder: string) {
  const scan = join(folder, "scan.npy"),
    series = join(folder, "series"),
    values = join(folder, "seconds.txt");
  const frames = mergingFrames();
  writeFrames(scan, frames);
  Deno.writeTextFileSync(values, frames.map((_, frame) => `${2.5 * frame}\n`).join(""));
  const axis = ["--frame-values", values, "--axis", "time s"];
  await crystalliteJson("series", scan, "--out", series, "--preset", "auto", ...axis);
  const shape = [frames.length, frameSide, frameSide], size = frameSide ** 2;
  const map = readStoredArray(join(series, "tracks.npy"), "i32", shape) as Int32Array;
  return {
    ...{ scan, series, count: frames.length },
    trackAt: (frame: number, row: number, column: number) => map[frame * size + row * frameSide + column],
    regions: tableIn(join(series, "tracks.csv")),
    events: tableIn(join(series, "events.csv")),
  };
}

/** The slider of the time. */
export const slider = (page: Page) => page.getByRole("slider", { name: "Frame", exact: true });
/** Frame, number of frames and value, as the page writes them. */
export const time = (page: Page) => page.locator(".time-value").innerText();
/** A track of the list. */
export const option = (page: Page, track: number) =>
  page.getByRole("listbox", { name: "Tracks" }).getByRole("option", {
    name: new RegExp(`^Track ${track} ?,`),
  });
/** Numbers of the tracks that are selected, as far as they are in sight. */
export const chosen = (page: Page) =>
  page.getByRole("listbox", { name: "Tracks" }).getByRole("option", { selected: true })
    .evaluateAll((rows) => rows.map(({ id }) => id.replace("track-", "")));

/** Waits until a frame is shown, with what is open of it. */
export async function frameIs(page: Page, frame: number): Promise<void> {
  await shows(() => time(page), new RegExp(`^frame ${frame} of`));
  await shows(() => page.locator(".reciprocal figcaption").last().innerText(), /counts/);
}

/** What every state of the page must keep. */
export async function keepsRules(page: Page): Promise<void> {
  await page.waitForTimeout(150);
  assert.deepEqual(await contrastFaults(page), []);
  assert.deepEqual(await smallTargets(page), []);
  assert.deepEqual(await namelessControls(page, page.context()), []);
}

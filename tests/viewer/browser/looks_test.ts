/** How maps look: edges of clusters, what is in none, and by what clusters are coloured. */

import assert from "node:assert/strict";
import { decode } from "fast-png";
import { colourTable } from "../../../library/report/colour_maps.ts";
import type { Page } from "../../support/playwright.ts";
import { browserTest } from "../../support/browser.ts";
import { openFilm } from "../../support/film_page.ts";
import {
  clickProbe,
  clusterOptions,
  clustersAre,
  colourAt,
  listedClusters,
  pointAt,
  readout,
  selectedOptions,
  shows,
} from "../../support/viewer_page.ts";
import { growthWords, scanColumns, scanRows, tableOf } from "../../support/viewer_scans.ts";

/** Colours within a probe, as `rrggbb`. */
async function coloursWithin(page: Page, row: number, column: number): Promise<Set<string>> {
  const { x, y } = await pointAt(page, row, column), half = 4;
  const clip = { x: Math.round(x) - half, y: Math.round(y) - half, width: 2 * half, height: 2 * half };
  const { data, channels } = decode(await page.screenshot({ clip })), colours = new Set<string>();
  for (let at = 0; at < data.length; at += channels) {
    colours.add(
      Array.from(data.subarray(at, at + 3), (value) => value.toString(16).padStart(2, "0")).join(""),
    );
  }
  return colours;
}

/** The first probe that fits. */
function findProbe(fits: (row: number, column: number) => boolean): [number, number] {
  for (let row = 1; row + 1 < scanRows; row++) {
    for (let column = 1; column + 1 < scanColumns; column++) if (fits(row, column)) return [row, column];
  }
  return assert.fail("there is no such probe");
}

browserTest("looks of the map", async (open, step, folder) => {
  const words = [...growthWords, "--mask", "0.93", "--min-size", "150"];
  const { page, result, labels, screenshot } = await openFilm(open, folder, {
    words,
    context: { viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  });
  const table = tableOf(result), at = (row: number, column: number) => labels[row * scanColumns + column];
  const away = () => page.mouse.move(5, 5);
  const mask = new Uint8Array(await Deno.readFile(`${result}/mask.npy`)).slice(-labels.length);

  await step("outlines go along the edges of probes, around their corners (case 15)", async () => {
    // Three probes of one cluster around a corner, the fourth in another.
    const [row, column] = findProbe((row, column) =>
      at(row, column) >= 0 && at(row, column) === at(row, column + 1) &&
      at(row, column) === at(row + 1, column) && at(row + 1, column + 1) !== at(row, column)
    );
    await page.locator("#map").focus();
    await page.keyboard.press("o");
    await away();
    const { x, y } = await pointAt(page, row + 0.5, column + 0.5);
    const white = async () => {
      const clip = { x: Math.round(x) - 1, y: Math.round(y) - 1, width: 2, height: 2 };
      const { data, channels } = decode(await page.screenshot({ clip }));
      // White has all three; colours of clusters may be as bright in one.
      return Math.max(
        ...Array.from(
          { length: 4 },
          (_, pixel) => Math.min(...data.subarray(channels * pixel, channels * pixel + 3)),
        ),
      );
    };
    await shows(white, (value) => value > 180);
    await screenshot("looks-outlines");
    await page.keyboard.press("o");
  });

  await step(
    "what is outside the mask is hatched, too small plain, excluded dotted, and all are said (case 16)",
    async () => {
      const inside = (row: number, column: number) => mask[row * scanColumns + column] === 1;
      const outside = findProbe((row, column) => !inside(row, column));
      const small = findProbe((row, column) => inside(row, column) && at(row, column) < 0);
      await away();
      assert.deepEqual([...await coloursWithin(page, ...outside)].sort(), ["222326", "5b5e65"]);
      assert.deepEqual([...await coloursWithin(page, ...small)], ["3b3d42"]);
      await clickProbe(page, 34, 30);
      await page.keyboard.press("x");
      await clustersAre(page, table.length - 1);
      await away();
      assert.deepEqual([...await coloursWithin(page, 32, 32)].sort(), ["3b3d42", "5b5e65"]);
      const said = async ([row, column]: readonly number[]) => {
        const { x, y } = await pointAt(page, row, column);
        await page.mouse.move(x, y);
        return await readout(page);
      };
      await shows(() => said([32, 32]), /; excluded/);
      await shows(() => said(small), /; below minimum size/);
      await shows(() => said(outside), /; outside the mask/);
      await shows(() => page.locator(".real div.legend").innerText(), /excluded/);
      await screenshot("looks-none");
      await page.keyboard.press("Control+z");
      await clustersAre(page, table.length);
    },
  );

  await step(
    "clusters are coloured by their size, or by their similarity, with what colours mean (case 23)",
    async () => {
      const colours = page.getByLabel("Colours of clusters"), viridis = colourTable("viridis");
      const [row, column] = [7, 38], sizes = table.map(({ size }) => size);
      const place = (size: number) =>
        (Math.log(size) - Math.log(Math.min(...sizes))) / Math.log(Math.max(...sizes) / Math.min(...sizes));
      await colours.selectOption("size");
      await away();
      const at255 = Math.round(255 * place(sizes[at(row, column)]));
      const expected = Array.from(
        viridis.subarray(3 * at255, 3 * at255 + 3),
        (value) => value.toString(16).padStart(2, "0"),
      ).join("");
      await shows(() => colourAt(page, row, column), expected);
      await shows(() => page.locator(".real div.legend").innerText(), /probes of the cluster/);
      await colours.selectOption("similarity");
      await shows(() => page.locator(".real div.legend").innerText(), /mean of the cluster/);
      await page.waitForURL(/by=similarity/);
      await screenshot("looks-similarity");
      await colours.selectOption("own");
    },
  );

  await step(
    "a threshold under the pointer shows its map, small, before it is chosen (case 17)",
    async () => {
      const plot = (await page.locator(".evidence .plot").first().boundingBox())!;
      const preview = page.locator(".threshold-preview"), before = await page.url();
      await page.mouse.move(plot.x + plot.width / 2, plot.y + plot.height / 2);
      await shows(() => preview.innerText(), /^0\.\d+ · \d+$/);
      await shows(
        () => preview.locator("canvas").evaluate((own) => (own as HTMLCanvasElement).width),
        scanColumns,
      );
      await screenshot("looks-preview");
      await away();
      await preview.waitFor({ state: "detached" });
      assert.equal(page.url(), before);
      await clustersAre(page, table.length);
    },
  );

  await step(
    "clusters like the selected one are found by their averages, and merged at once (case 23)",
    async () => {
      await clickProbe(page, 7, 38);
      await page.getByRole("button", { name: "Like this" }).click();
      const likeness = async () =>
        (await clusterOptions(page).allInnerTexts())
          .map((text) => Number(text.trim().split(/\s+/).at(-1)));
      // It is most like itself.
      await shows(likeness, (found) =>
        found.length > 3 && found[0] === 1 &&
        found.every((value, place) => place === 0 || value <= found[place - 1]));
      await shows(() => clusterOptions(page).first().getAttribute("aria-selected"), "true");
      await shows(() => colourAt(page, 9, 36), (colour) => /^f/.test(colour));
      await screenshot("looks-like");
      const found = await likeness();
      await page.getByLabel("Least likeness of listed clusters").fill(String(found[2] - 0.002));
      await page.keyboard.press("Enter");
      await shows(() => listedClusters(page), (count) => count >= 3 && count < table.length);
      const listed = await listedClusters(page);
      await page.getByRole("button", { name: `Select ${listed}` }).click();
      await shows(() => selectedOptions(page).count(), listed);
      // Another cluster is compared with at once.
      await page.getByLabel("Least likeness of listed clusters").fill("all");
      await page.keyboard.press("Enter");
      await clickProbe(page, 34, 9);
      await shows(likeness, ([first]) => first === 1);
      await shows(() => page.locator(".likeness-line b").innerText(), `cluster ${at(34, 9)}`);
      // What a correction makes is compared too.
      await clickProbe(page, 7, 38, "Shift");
      await page.keyboard.press("m");
      await clustersAre(page, table.length - 1);
      await shows(likeness, ([first]) => first === 1);
      await page.locator("#map").focus();
      await page.keyboard.press("y");
      await shows(() => page.locator(".likeness-line").count(), 0);
    },
  );
});

/** Crystals beside the list of clusters: long zone axes are seen whole. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { browserTest } from "../../support/browser.ts";
import { withFolder } from "../../support/folders.ts";
import { clusterOptions, showFile, shows } from "../../support/viewer_page.ts";
import { writeOriented } from "../../support/viewer_scans.ts";

const longest = "[-12 17 -13]";

browserTest("long zone axes in the list", (open, step) =>
  withFolder(async (folder) => {
    const result = await writeOriented(folder), table = join(result, "orientations.csv");
    const [names, ...lines] = Deno.readTextFileSync(table).trim().split("\n").map((line) => line.split(","));
    const axis = names.indexOf("zone_axis"), phase = names.indexOf("phase");
    const long = lines.map((line) => line.map((field, place) => place === axis ? longest : field));
    Deno.writeTextFileSync(table, [names, ...long].map((line) => `${line.join(",")}\n`).join(""));
    const { page, screenshot } = await open({ args: [folder] });

    /** How far the zone axis of a row is cut, in CSS pixels: to the right of its cell or below its row. */
    const cut = () =>
      clusterOptions(page).first().evaluate((row) => {
        const place = row.querySelector(".place")!, own = place.querySelector("span:last-of-type")!;
        const [inside, box, whole] = [place, own, row].map((element) => element.getBoundingClientRect());
        return [
          Math.max(0, box.right - inside.right, inside.left - box.left),
          Math.max(0, box.bottom - inside.bottom, inside.bottom - whole.bottom),
          new Set(Array.from(own.getClientRects(), ({ top }) => top)).size - 1,
        ];
      });

    for (const width of [1440, 1320, 2200]) {
      await step(`at ${width} pixels, beside clusters and beside orientations`, async () => {
        await page.setViewportSize({ width, height: 900 });
        await showFile(page, result);
        const place = clusterOptions(page).first().locator(".place"),
          written = longest.replaceAll("-", "\u2212");
        await shows(() => place.innerText(), (text) => text.includes(written));
        assert.deepEqual(await cut(), [0, 0, 0]);
        await page.getByLabel("Maps of").selectOption("orientation");
        await shows(() => place.innerText(), (text) => text === `${written} ${lines[0][phase]}`);
        assert.deepEqual(await cut(), [0, 0, 0]);
        await screenshot(`long-axes-${width}`);
      });
    }
  }));

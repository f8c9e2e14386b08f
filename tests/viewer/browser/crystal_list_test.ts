/** Crystals beside the list of clusters: long zone axes are seen whole. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { browserTest } from "../../support/browser.ts";
import { clusterOptions, showFile, shows } from "../../support/viewer_page.ts";
import { writeOriented } from "../../support/viewer_scans.ts";

/** As small and as large as tables have them. */
const longest = ["[-12 17 -13]", "[-0.035 -0.028 -1.000]"];

browserTest("long zone axes in the list", async (open, step, folder) => {
  const result = await writeOriented(folder), table = join(result, "orientations.csv");
  const [names, ...lines] = Deno.readTextFileSync(table).trim().split("\n").map((line) => line.split(","));
  const axis = names.indexOf("zone_axis"), phase = names.indexOf("phase");
  const long = lines.map((line, row) =>
    line.map((field, place) => place === axis ? longest[Math.min(1, row)] : field)
  );
  Deno.writeTextFileSync(table, [names, ...long].map((line) => `${line.join(",")}\n`).join(""));
  const { page, screenshot } = await open({ args: [folder] });

  /** How far the zone axes of the rows are cut, in CSS pixels: to the right of their cell, below it, or below the row. */
  const cut = () =>
    clusterOptions(page).evaluateAll((rows) =>
      rows.map((row) => {
        const place = row.querySelector(".place")!, words = place.querySelector("span:last-of-type")!;
        const [inside, whole] = [place, row].map((element) => element.getBoundingClientRect());
        return Math.max(
          0,
          ...Array.from(
            words.getClientRects(),
            (box) =>
              Math.max(box.right - inside.right, inside.left - box.left, box.bottom - inside.bottom - 1),
          ),
          inside.bottom - whole.bottom,
        );
      })
    );

  for (const width of [1440, 1320, 2200]) {
    await step(`at ${width} pixels, beside clusters and beside orientations`, async () => {
      await page.setViewportSize({ width, height: 900 });
      await showFile(page, result);
      const place = (row: number) =>
        page.getByRole("option", { name: new RegExp(`^Cluster ${row}\\b`) }).locator(".place").innerText();
      const [short, decimals] = longest.map((axis) => axis.replaceAll("-", "\u2212"));
      await shows(() => place(0), (text) => text.includes(` · ${short}`));
      await shows(() => place(1), decimals);
      assert.deepEqual(new Set(await cut()), new Set([0]));
      await page.getByLabel("Maps of").selectOption("orientation");
      await shows(() => place(0), `${short} ${lines[0][phase]}`);
      await shows(() => place(1), `${decimals} ${lines[1][phase]}`);
      assert.deepEqual(new Set(await cut()), new Set([0]));
      await screenshot(`long-axes-${width}`);
    });
  }
});

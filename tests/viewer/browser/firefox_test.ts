/** The viewer in Firefox: opened, run, looked at. All else of the page is tested in Chromium. */

import assert from "node:assert/strict";
import { firefoxTest } from "../../support/firefox.ts";
import { withFolder } from "../../support/folders.ts";
import { withViewer } from "../../support/viewer.ts";
import { writeScan } from "../../support/viewer_scans.ts";

firefoxTest(
  "in Firefox, a scan is opened and clustered, and the map and a pattern are drawn",
  (page) =>
    withFolder(async (folder) => {
      const { path } = await writeScan(folder);
      await withViewer({ args: [folder] }, async ({ address, origin }) => {
        await page.open(address);
        await page.open(`${origin}/?open=${encodeURIComponent(path)}`);
        await page.until(`document.querySelector("#map[data-scale]") !== null`);
        await page.until(`(() => {
        const button = [...document.querySelectorAll("button")].find((own) => /^Run/.test(own.textContent) && !own.disabled);
        button?.click();
        return button !== undefined;
      })()`);
        await page.until(
          `[...document.querySelectorAll("button")].some((own) => own.textContent === "Run again")`,
        );
        const count = await page.until(`Number(document.querySelector(".evidence-summary b")?.textContent)`);
        assert.ok(Number(count) > 4, `${count} clusters`);
        await page.until(`document.querySelectorAll(".list .row").length > 4`);
        // Many colours: neither picture is blank.
        for (const canvas of ["#map", "#probe-pattern"]) {
          await page.until(`(() => {
          const drawn = document.querySelector("${canvas}").previousElementSibling;
          const copy = new OffscreenCanvas(drawn.width, drawn.height).getContext("2d");
          copy.drawImage(drawn, 0, 0);
          return new Set(new Uint32Array(copy.getImageData(0, 0, drawn.width, drawn.height).data.buffer)).size > 4;
        })()`);
        }
        assert.deepEqual(page.complaints, []);
      });
    }),
);

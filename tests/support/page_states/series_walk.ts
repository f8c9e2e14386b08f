/** Grains over time. */

import { frameSide } from "../moving_series.ts";
import { frameIs, option, slider, writeMerging } from "../series_page.ts";
import { dragMouse, pointAt, showFile } from "../viewer_page.ts";
import type { Walk } from "./page_state.ts";

/** Tracks, their areas, and what lies along a line. */
export const seriesWalk: Walk = {
  name: "series",
  prepare: async (folder) => ({ series: (await writeMerging(folder)).series }),
  states: [
    {
      name: "series",
      enter: async ({ page, files }) => {
        await showFile(page, files.series);
        await option(page, 0).click();
        await slider(page).press("ArrowRight");
        await frameIs(page, 1);
      },
    },
    {
      name: "kymograph",
      enter: async ({ page }) => {
        await page.getByRole("button", { name: "Draw line" }).click();
        await dragMouse(page, [await pointAt(page, 9.5, -0.4), await pointAt(page, 9.5, frameSide - 0.6)]);
        const box = (await page.locator(".kymograph canvas").boundingBox())!;
        await page.mouse.move(box.x + 0.3 * box.width, box.y + 0.5 * box.height);
        await page.locator(".real .readout").getByText("frame").waitFor();
      },
    },
  ],
};

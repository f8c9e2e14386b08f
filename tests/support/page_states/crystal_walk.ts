/** Orientations and strain of a gold film. */

import { clickProbe, pointAt, showFile } from "../viewer_page.ts";
import { writeOriented } from "../viewer_scans.ts";
import type { Walk } from "./page_state.ts";

/** Maps of directions and of strain, with spots and key. */
export const crystalWalk: Walk = {
  name: "crystals",
  prepare: async (folder) => ({ result: await writeOriented(folder) }),
  states: [
    {
      name: "orientation",
      enter: async ({ page, files }) => {
        await showFile(page, files.result);
        await page.getByLabel("Maps of").selectOption("orientation");
        await clickProbe(page, 4, 6);
        const { x, y } = await pointAt(page, 4, 6);
        await page.mouse.move(x, y);
        await page.getByLabel("Crystal", { exact: true }).getByText("zone axis").waitFor();
        await page.locator("figure p").first().waitFor({ state: "detached" });
      },
    },
    {
      name: "colour_key",
      enter: async ({ page }) => {
        await page.getByRole("button", { name: "Colour key" }).click();
        await page.getByRole("img", { name: /Laue class/ }).first().waitFor();
      },
      leave: ({ page }) => page.keyboard.press("Escape"),
    },
    {
      name: "strain",
      enter: async ({ page }) => {
        await page.getByLabel("Maps of").selectOption("strain");
        await page.locator(".real .legend.values").waitFor();
      },
    },
  ],
};

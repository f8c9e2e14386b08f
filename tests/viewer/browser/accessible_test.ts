/** No state of the page breaks a rule that axe checks. */

import { demandAccessible } from "../../support/axe.ts";
import { browserTest } from "../../support/browser.ts";
import { openFilm } from "../../support/film_page.ts";
import { withFolder } from "../../support/folders.ts";
import { clickProbe, showFile } from "../../support/viewer_page.ts";

browserTest("accessible in every state", (open, step) =>
  withFolder(async (folder) => {
    const { page, origin, result } = await openFilm(open, folder, {
      mayBeRefused: true,
      context: { viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" },
    });
    await step("tabs, tools, lists and popovers", async () => {
      await demandAccessible(page, "nothing selected");
      await clickProbe(page, 7, 38);
      for (const tab of ["Parameters", "Crystals", "Export", "Clusters"]) {
        await page.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
        await demandAccessible(page, tab);
      }
      await page.getByRole("button", { name: "Like this" }).click();
      await page.locator(".likeness-line b").waitFor();
      await demandAccessible(page, "alike");
      await page.getByRole("button", { name: "Like this" }).click();
      for (const key of ["3", "1", "r"]) {
        await page.locator("#map").focus();
        await page.keyboard.press(key);
        await demandAccessible(page, `after ${key}`);
      }
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Colours and contrast" }).click();
      await demandAccessible(page, "colours");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
      await page.getByRole("dialog").waitFor();
      await demandAccessible(page, "shortcuts");
      await page.keyboard.press("Escape");
    });

    await step("the other theme, and a narrow window", async () => {
      await page.getByRole("button", { name: "Switch between dark and light" }).click();
      await demandAccessible(page, "other theme");
      await page.setViewportSize({ width: 820, height: 1000 });
      await demandAccessible(page, "narrow");
      await page.setViewportSize({ width: 1440, height: 900 });
    });

    await step("choosing a file, and one that cannot be opened", async () => {
      await page.goto(origin);
      await page.getByRole("heading", { name: "Open a scan" }).waitFor();
      await page.getByRole("button", { name: "result" }).first().waitFor();
      await demandAccessible(page, "open");
      await page.goto(`${origin}/?open=${encodeURIComponent(`${folder}/nothing.npy`)}`);
      await page.getByRole("alert").waitFor();
      await page.getByText("Details").click();
      await demandAccessible(page, "failed");
      await showFile(page, result);
    });
  }));
